/** Pushes that ended a short time ago: shown whole for a minute, then folded. Pure. */
import type { ApiCommitCard } from "../../../shared/contract/resources.ts";

const wholeForMs = 60_000;

/** Whether its newest push ended so long ago that a line is enough. */
export const isFolded = ({ pushes: [newest] }: Pick<ApiCommitCard, "pushes">, nowMs: number): boolean =>
  newest !== undefined && newest.finishedAt !== null && nowMs - Date.parse(newest.finishedAt) >= wholeForMs;
