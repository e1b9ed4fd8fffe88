import type { ReactNode } from "react";
import type { ApiCommit, ApiPush } from "../../../shared/contract/resources.ts";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

export type Tone = "good" | "bad" | "busy" | "wait" | "quiet";

const reviewLabels: Record<ApiCommit["review"], { words: string; tone: Tone }> = {
  draft: { words: "Draft", tone: "quiet" },
  in_review: { words: "In review", tone: "wait" },
  approved: { words: "Approved", tone: "good" },
  rejected: { words: "Rejected", tone: "bad" },
  dropped: { words: "Dropped", tone: "quiet" },
  reopened: { words: "Reopened", tone: "quiet" },
};

/** Review and application as one state; the later one counts. */
export const commitState = ({
  review,
  status,
}: Pick<ApiCommit, "review" | "status">): { words: string; tone: Tone } => {
  if (review !== "approved") return reviewLabels[review];
  if (status === "failed") return { words: "Push failed", tone: "bad" };
  if (status === appliedEverywhere) return { words: "Applied", tone: "good" };
  return status === "pending"
    ? reviewLabels.approved
    : { words: `Applied to ${status.replace("applied_", "").replaceAll("_", ", ")}`, tone: "busy" };
};

const pushLabels: Record<ApiPush["state"], { words: string; tone: Tone }> = {
  running: { words: "On its way", tone: "busy" },
  completed: { words: "Applied", tone: "good" },
  failed: { words: "Failed", tone: "bad" },
  cancelled: { words: "Cancelled", tone: "quiet" },
};

export const pushState = ({ state, jobs }: Pick<ApiPush, "state" | "jobs">): { words: string; tone: Tone } =>
  state === "completed" && jobs.every(({ verifiedAt }) => verifiedAt !== null)
    ? { words: "Verified live", tone: "good" }
    : pushLabels[state];

export const Pill = ({ words, tone }: { words: string; tone: Tone }): ReactNode => (
  <span className={`pill ${tone}`}>{words}</span>
);
