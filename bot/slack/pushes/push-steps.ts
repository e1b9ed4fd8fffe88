/** The steps that a commit takes at one target: what will come, what runs, what is done. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { TaskCardBlock } from "@slack/types";
import { type Job, isBlocked, isWaiting } from "../../../shared/domain/pushes/push.ts";
import { jobDuration } from "../../../shared/messages/en/jobs.ts";
import { countsText, progressText, totalsText } from "../components/job-messages.ts";
import { isStoppedJob } from "../../../shared/domain/states.ts";

export interface Step {
  name: "send" | "write" | "index" | "verify";
  status: TaskCardBlock["status"];
  /** Plain text: in the future, present or past tense. */
  text: string;
  detail: string;
}

/** @param keepsVectors the target has an index for search @param isOver nothing that waits will be started */
export const stepsOf = (job: Job, keepsVectors: boolean, isOver: boolean): Step[] => {
  if (job.state === "cancelled") return [step("send", "pending", "Cancelled, nothing was applied")];
  if (isOver && isWaiting(job)) return [step("send", "pending", "Not started")];
  const steps = [sendStep(job), writeStep(job), ...(keepsVectors ? [indexStep(job)] : []), verifyStep(job)];
  const stopped = steps.findIndex(({ status }) => status === "error");
  // What would have come after it does not come.
  return stopped === -1 ? steps : steps.slice(0, stopped + 1);
};

/** Certain once the target has reported its index, in this push or an earlier one. */
export const keepsVectors = (target: string, jobs: readonly Job[]): boolean =>
  jobs.some(
    (job) =>
      job.target === target &&
      (job.stage === "indexing" || job.searchableAt !== null || typeof job.result?.vectorCount === "number"),
  );

const step = (name: Step["name"], status: Step["status"], text: string, detail = ""): Step => ({
  name,
  status,
  text,
  detail,
});

/** The cause; an outcome that nobody knows is not a failure. */
const stoppedStep = (job: Job, name: Step["name"], failed: string): Step =>
  step(name, "error", job.state === "timeout" ? "Outcome unknown" : failed, job.errorMessage ?? "No reason was given");

const sendStep = (job: Job): Step => {
  const again = job.attempt > 1 ? ` again, attempt ${job.attempt}` : "";
  if (isStoppedJob(job) && job.stage === null) return stoppedStep(job, "send", `Sending${again} failed`);
  if (job.state !== "pending") return step("send", "complete", `Sent${again}`);
  if (isBlocked(job))
    return step("send", "pending", "Waiting for the target to answer; it continues by itself", job.outage?.error ?? "");
  return isWaiting(job)
    ? step("send", "pending", "Will be sent after the target before it")
    : step("send", "in_progress", `Sending${again}`);
};

const writeStep = (job: Job): Step => {
  const isIndexing = job.stage === "indexing";
  if (isStoppedJob(job) && !isIndexing) return stoppedStep(job, "write", "Writing rows failed");
  if (job.state === "pending") return step("write", "pending", "Will write rows");
  if (job.state === "processing" && !isIndexing) return step("write", "in_progress", progressText(job));
  const counted = countsText(job);
  return step("write", "complete", counted === "" ? "Wrote rows" : `Wrote rows: ${counted}`);
};

const indexStep = (job: Job): Step => {
  const isIndexing = job.stage === "indexing";
  if (isStoppedJob(job) && isIndexing) return stoppedStep(job, "index", "Indexing for search failed");
  if (job.searchableAt ?? job.verifiedAt) {
    const vectors = job.result?.vectorCount;
    const there = typeof vectors === "number" && job.verifiedAt ? `: ${plural(vectors, "vector")}` : "";
    return step("index", "complete", `Indexed for search${there}`);
  }
  if (job.state === "completed") return step("index", "in_progress", "Indexing for search");
  return job.state === "processing" && isIndexing
    ? step("index", "in_progress", progressText(job))
    : step("index", "pending", "Will index for search");
};

const verifyStep = (job: Job): Step => {
  const took = jobDuration(job);
  if (job.verifiedAt) {
    return job.synced
      ? step("verify", "complete", `Verified: ${totalsText(job)}`.replace(/: $/, ""), took ? `In ${took}` : "")
      : step("verify", "error", "Verified: its rows differ from the commit", totalsText(job));
  }
  return job.state === "completed"
    ? step("verify", "in_progress", "Verifying: comparing its rows with the commit")
    : step("verify", "pending", "Will verify");
};
