/** The progress of a commit from review to each target. */
import type { ReactNode } from "react";
import type { ApiCommitDetail, ApiJob } from "../../../shared/contract/resources.ts";
import type { Tone } from "../components/state.tsx";

interface Stop {
  name: string;
  words: string;
  tone: Tone | "coming";
}

export const Track = ({ commit }: { commit: ApiCommitDetail }): ReactNode => (
  <ol className="track" aria-label="Its way">
    {stopsOf(commit).map(({ name, words, tone }) => (
      <li key={name} className={tone}>
        <span className="stop-name">{name}</span>
        <span className="stop-words">{words}</span>
      </li>
    ))}
  </ol>
);

export const stopsOf = (commit: ApiCommitDetail): Stop[] => [
  { name: "Review", ...reviewStop(commit) },
  ...commit.targets.map(({ target, state }) => ({ name: target, ...targetStop(commit, target, state) })),
];

const reviewStop = ({ review, approvals }: ApiCommitDetail): Omit<Stop, "name"> => {
  const given = approvals.filter(({ decision, counts }) => decision === "approved" && counts).length;
  switch (review) {
    case "draft":
      return { words: "Draft", tone: "coming" };
    case "in_review":
      return { words: given === 0 ? "Waits" : `${given} so far`, tone: "wait" };
    case "approved":
      return { words: "Approved", tone: "good" };
    case "rejected":
      return { words: "Rejected", tone: "bad" };
    case "dropped":
      return { words: "Dropped", tone: "quiet" };
    case "reopened":
      return { words: "Reopened", tone: "quiet" };
  }
};

const targetStop = (
  { pushes }: ApiCommitDetail,
  target: string,
  state: ApiCommitDetail["targets"][number]["state"],
): Omit<Stop, "name"> => {
  const job: ApiJob | undefined = pushes
    .flatMap(({ jobs }) => jobs)
    .find((each) => each.target === target && each.state !== "cancelled");
  switch (state) {
    case "pending":
      return { words: "Not started", tone: "coming" };
    case "in_flight":
      return { words: job && job.state === "processing" ? `${Math.round(job.percent)} %` : "Sent", tone: "busy" };
    case "failed":
      return { words: job?.state === "timeout" ? "Unknown" : "Failed", tone: "bad" };
    case "applied":
      return { words: job?.verifiedAt ? "Verified" : "Applied", tone: "good" };
  }
};
