/** States of reviews, in words. */
import type { ReviewState } from "../../domain/states.ts";

const reviewStates: Record<ReviewState, string> = {
  draft: "draft",
  in_review: "in review",
  approved: "approved",
  rejected: "rejected",
  dropped: "dropped",
  reopened: "reopened",
};

export const reviewState = (state: ReviewState): string => reviewStates[state];
