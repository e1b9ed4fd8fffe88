/** Whose input is in a change or a commit: they do not approve it in team mode, as nobody reviews their own work. */
import type { Change } from "../staging/change.ts";
import type { Commit } from "./commit.ts";

/** Its author first, then everybody who has staged, edited or resolved one of its changes. */
export const contributorsOf = (
  { createdBy }: Pick<Commit, "createdBy">,
  changes: readonly Pick<Change, "contributors">[],
): string[] => [...new Set([createdBy, ...changes.flatMap(({ contributors }) => contributors).toSorted()])];

/** With somebody who has edited the change or resolved a conflict in it. */
export const withContributor = ({ contributors }: Pick<Change, "contributors">, userId: string): string[] => [
  ...new Set([...contributors, userId]),
];
