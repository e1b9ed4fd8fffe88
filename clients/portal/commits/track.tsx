/** The progress of a commit from review to each target. */
import type { ReactNode } from "react";
import type { ShownCommit } from "./shown-commit.ts";
import type { ApiJob } from "../../../shared/contract/resources.ts";
import { capitalText } from "../../../shared/messages/en/grammar.ts";
import { commitTargetState, reviewState } from "../../../shared/messages/en/states.ts";
import { type Tone, commitState } from "../components/state.tsx";

interface Progress {
  text: string;
  tone: Tone;
}

interface Stage extends Progress {
  name: string;
}

export const Track = ({ commit }: { commit: ShownCommit }): ReactNode => (
  <ol className="track" aria-label="Progress">
    {stagesOf(commit).map(({ name, text, tone }) => (
      <li key={name} className={tone}>
        <span className="stage-name">{name}</span>
        <span className="fine">{text}</span>
      </li>
    ))}
  </ol>
);

export const stagesOf = (commit: ShownCommit): Stage[] => [
  { name: "Review", ...reviewStage(commit) },
  ...commit.targets.map(({ target, state }) => ({ name: target, ...targetStage(commit, target, state) })),
];

const reviewStage = ({ review, approvals }: ShownCommit): Progress => {
  const given = approvals.filter(({ decision, counts }) => decision === "approved" && counts).length;
  if (review === "draft") return { text: capitalText(reviewState(review)), tone: "quiet" };
  if (review === "in_review") return { text: given === 0 ? "Pending" : `${given} so far`, tone: "wait" };
  return commitState({ review, status: "pending", drifted: [] });
};

const targetStage = (
  { pushes, drifted }: ShownCommit,
  target: string,
  state: ShownCommit["targets"][number]["state"],
): Progress => {
  const job: ApiJob | undefined = pushes
    .flatMap(({ jobs }) => jobs)
    .find((each) => each.target === target && each.state !== "cancelled");
  const tone = targetTones[state];
  if (state === "in_flight" && job?.state === "processing") return { text: `${Math.round(job.percent)} %`, tone };
  if (state === "failed" && job?.state === "timeout") return { text: "Unknown", tone };
  if (state === "applied" && job?.verifiedAt) return { text: "Verified", tone };
  if (state === "pending" && drifted.includes(target)) return { text: "In conflict", tone: "bad" };
  return { text: capitalText(commitTargetState(state)), tone };
};

const targetTones = { pending: "quiet", in_flight: "busy", failed: "bad", applied: "good" } as const;
