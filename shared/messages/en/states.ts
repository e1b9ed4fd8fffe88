/** States in words, as they stand in a sentence. */
import { isDrifted } from "../../domain/commits/drift.ts";
import type { CommitTargetState, PushState, ReviewState } from "../../domain/states.ts";

const reviewStates: Record<ReviewState, string> = {
  draft: "draft",
  in_review: "in review",
  approved: "approved",
  rejected: "rejected",
  dropped: "dropped",
  reopened: "reopened",
};

const pushStates: Record<PushState, string> = {
  running: "in progress",
  completed: "applied",
  failed: "failed",
  cancelled: "cancelled",
};

const commitTargetStates: Record<CommitTargetState, string> = {
  pending: "not started",
  in_flight: "sent",
  applied: "applied",
  failed: "failed",
};

/** The one word for a commit whose rows somebody has changed: stands behind its review or its status. */
export const conflictNote = (commit: Parameters<typeof isDrifted>[0]): string =>
  isDrifted(commit) ? ", in conflict" : "";

export const reviewState = (state: ReviewState): string => reviewStates[state];
export const pushState = (state: PushState): string => pushStates[state];
export const commitTargetState = (state: CommitTargetState): string => commitTargetStates[state];
