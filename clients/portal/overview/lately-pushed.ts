/** Pushes that ended a short time ago, which the overview still shows. Pure. */
import type { ApiEvent } from "../../../shared/contract/event.ts";

const whileMs = 10 * 60_000;

export interface LatelyPushed {
  commit: number;
  push: number;
}

/** @param events newest first @returns the newest push of each commit, the newest first */
export const latelyPushed = (events: readonly ApiEvent[], nowMs: number): LatelyPushed[] => {
  const found = new Map<number, LatelyPushed>();
  for (const { type, at, commit, push } of events) {
    if (type !== "push.started" && type !== "push.retried") continue;
    if (commit === null || push === null || found.has(commit) || nowMs - Date.parse(at) >= whileMs) continue;
    found.set(commit, { commit, push });
  }
  return [...found.values()];
};
