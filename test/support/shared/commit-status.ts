import { type CommitTarget, appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

/** The status that storage projects from a commit's targets, for fixtures; a test of storage compares the two. */
export const statusOf = (
  targets: readonly Pick<CommitTarget, "target" | "state">[],
  aliases: Record<string, string> = { "ai-agent": "ai" },
): string => {
  if (targets.some(({ state }) => state === "failed")) return "failed";
  const applied = targets.filter(({ state }) => state === "applied");
  if (applied.length === 0) return "pending";
  if (applied.length === targets.length) return appliedEverywhere;
  return `applied_${applied.map(({ target }) => aliases[target] ?? target).join("_")}`;
};
