/** What a new workspace is asked for, in this order. Nothing waits for it. */
import type { Settings } from "./settings.ts";

export const setupSteps = ["approval", "channel", "targets"] as const;
export type SetupStep = (typeof setupSteps)[number];

export interface SetupFacts {
  settings: Settings;
  /** User ids of those who may approve. */
  mayApprove: readonly string[];
  /** Names, in the order of a push. */
  targets: readonly string[];
}

/** An author's own approval does not count in team mode, so that it takes one person more than approvals. */
export const approversMissing = ({ settings, mayApprove }: Pick<SetupFacts, "settings" | "mayApprove">): number =>
  settings.mode === "solo" ? 0 : Math.max(0, settings.approvalsNeeded + 1 - mayApprove.length);

const isDone: Record<SetupStep, (facts: SetupFacts) => boolean> = {
  approval: (facts) => approversMissing(facts) === 0,
  channel: ({ settings }) => settings.channelId !== null,
  targets: ({ targets }) => targets.length > 0,
};

export const openSteps = (facts: SetupFacts): SetupStep[] => setupSteps.filter((step) => !isDone[step](facts));
