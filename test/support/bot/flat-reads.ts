/** Whether what is asked for reads more rows of the database where there are more. */
import type { Step } from "./walk.ts";

/** So many times as many rows are the same: pages are not full in a workspace with ten commits. */
const sameWithin = 1.5;

/** Names of what has grown. */
export const grownFrom = (usual: readonly Step[], larger: readonly Step[]): string[] =>
  larger.flatMap(({ name, rows }, index) => (rows > (usual[index]?.rows ?? 0) * sameWithin ? [name] : []));

export const rowsOf = (steps: readonly Step[], name: string): number =>
  steps.find((step) => step.name === name)?.rows ?? Number.NaN;

/** What reads more where there is more, up to a limit of its own. */
export const boundedOtherwise = {
  byHistory: [
    // They compare the jobs of the last 400 pushes with what the targets say of them.
    "/cv doctor",
    "/cv reconcile",
    "GET /doctor",
  ],
  // Takes care of 100 workspaces a minute, and counts all of them to take turns.
  byWorkspaces: ["sweep"],
};
