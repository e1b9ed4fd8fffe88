import type { ReactNode } from "react";
import type { ApiCommit, ApiPush } from "../../../shared/contract/resources.ts";
import { capitalText } from "../../../shared/messages/en/grammar.ts";
import { conflictNote, pushState, reviewState } from "../../../shared/messages/en/states.ts";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

export type Tone = "good" | "bad" | "busy" | "wait" | "quiet";

interface State {
  text: string;
  tone: Tone;
}

const reviewTones: Record<ApiCommit["review"], Tone> = {
  draft: "quiet",
  in_review: "wait",
  approved: "good",
  rejected: "bad",
  dropped: "quiet",
  reopened: "quiet",
};

const reviewOf = (review: ApiCommit["review"]): State => ({
  text: capitalText(reviewState(review)),
  tone: reviewTones[review],
});

/** Review and application as one state; the later one counts. */
export const commitState = (commit: Pick<ApiCommit, "review" | "status" | "drifted">): State => {
  const state = appliedOr(commit);
  const note = conflictNote(commit);
  return note === "" ? state : { text: `${state.text}${note}`, tone: "bad" };
};

const appliedOr = ({ review, status }: Pick<ApiCommit, "review" | "status">): State => {
  if (review !== "approved" || status === "pending") return reviewOf(review);
  if (status === "failed") return { text: "Push failed", tone: "bad" };
  return status === appliedEverywhere
    ? { text: "Applied", tone: "good" }
    : { text: `Applied to ${status.replace("applied_", "").replaceAll("_", ", ")}`, tone: "busy" };
};

const pushTones: Record<ApiPush["state"], Tone> = {
  running: "busy",
  completed: "good",
  failed: "bad",
  cancelled: "quiet",
};

export const stateOfPush = ({ state, jobs }: Pick<ApiPush, "state" | "jobs">): State =>
  state === "completed" && jobs.every(({ verifiedAt }) => verifiedAt !== null)
    ? { text: "Verified live", tone: "good" }
    : { text: capitalText(pushState(state)), tone: pushTones[state] };

export const Pill = ({ text, tone }: State): ReactNode => <span className={`pill ${tone}`}>{text}</span>;
