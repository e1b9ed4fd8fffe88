import type { Refusal } from "../contract/refusals.ts";
import { closest } from "../domain/closest.ts";
import { type Result, fail, ok } from "../result.ts";
import type { TargetBinding } from "../storage/pushes/targets.ts";

type Named = Pick<TargetBinding, "name" | "alias">;

/** What stands for every target. */
const everything: readonly string[] = ["all", "both"];

/** By its name or alias, or by a beginning that only one of them has. */
const targetCalled = <T extends Named>(targets: readonly T[], typed: string): T | null => {
  const exact = targets.find(({ name, alias }) => name === typed || alias === typed);
  if (exact) return exact;
  const begun = targets.filter(({ name, alias }) => name.startsWith(typed) || alias?.startsWith(typed));
  return begun.length === 1 ? (begun[0] ?? null) : null;
};

/** One, by its name, its alias or their beginning: what stands for every target names none. */
export const chooseTarget = (
  targets: readonly TargetBinding[],
  typed: string,
): Result<TargetBinding, Refusal<"unknown_target">> => {
  const found = targetCalled(targets, typed.toLowerCase());
  if (found) return ok(found);
  const allowed = targets.map(({ name }) => name);
  return fail({ code: "unknown_target", typed, suggestion: closest(typed.toLowerCase(), allowed), allowed });
};

/** Targets by what a person types: names, aliases or the beginning of one, or `all` (or nothing). In order. */
export const chooseTargets = (
  targets: readonly TargetBinding[],
  typed: readonly string[],
): Result<TargetBinding[], Refusal<"unknown_target">> => {
  // Who has installed the app has to add the first one.
  if (targets.length === 0)
    return fail({ code: "unknown_target", typed: typed[0] ?? "all", suggestion: null, allowed: [] });
  const chosen = new Set<TargetBinding>();
  for (const word of typed) {
    const lower = word.toLowerCase();
    const found = everything.includes(lower) ? targets : [targetCalled(targets, lower)];
    for (const target of found) {
      if (target === null) {
        const allowed = [...targets.map(({ name }) => name), "all"];
        return fail({ code: "unknown_target", typed: word, suggestion: closest(lower, allowed), allowed });
      }
      chosen.add(target);
    }
  }
  return ok(typed.length === 0 ? [...targets] : targets.filter((target) => chosen.has(target)));
};
