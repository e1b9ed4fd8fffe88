import { closest } from "../domain/closest.ts";
import { type Result, fail, ok } from "../result.ts";
import type { TargetBinding } from "../storage/pushes/targets.ts";

export interface UnknownTarget {
  code: "unknown_target";
  typed: string;
  suggestion: string | null;
  allowed: string[];
}

const shorthands: Record<string, string> = { ai: "ai-agent", d1: "d1cv" };

/** Targets by what a person types: names, `ai`, or `both` and `all` (also meant by nothing); in the order of application. */
export const chooseTargets = (
  targets: readonly TargetBinding[],
  typed: readonly string[],
): Result<TargetBinding[], UnknownTarget> => {
  const chosen = new Set<string>();
  for (const word of typed.length === 0 ? ["all"] : typed) {
    const lower = word.toLowerCase();
    if (lower === "both" || lower === "all") {
      for (const { name } of targets) chosen.add(name);
      continue;
    }
    const name = shorthands[lower] ?? lower;
    if (!targets.some((target) => target.name === name)) {
      const allowed = [...targets.map((target) => target.name), "both"];
      return fail({ code: "unknown_target", typed: word, suggestion: closest(lower, allowed), allowed });
    }
    chosen.add(name);
  }
  return ok(targets.filter(({ name }) => chosen.has(name)));
};
