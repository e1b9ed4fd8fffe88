/** The one place that says whether sending a stopped job again can lead anywhere. */
import { type CommitTarget, hasStarted } from "../commits/commit.ts";
import { isStoppedJob } from "../states.ts";
import type { Job } from "./push.ts";

/** With this a target has refused a request for its size: 413, or `too_large` of the protocol. */
export const tooLargeCode = "too_large";

/** too_large: its target would refuse a request of that size again. applied: the target has it already. */
export type NoRetry = "too_large" | "applied";

type Where = Pick<CommitTarget, "target" | "state">;
type Stopped = Pick<Job, "target" | "state" | "errorCode">;

/** Null where a retry of the stopped job may succeed. */
export const whyNoRetry = (job: Stopped, targets: readonly Where[]): NoRetry | null => {
  // What failed is a push again over what is applied: it is started again, on what is live then.
  if (targets.some(({ target, state }) => target === job.target && state === "applied")) return "applied";
  return job.state === "failed" && job.errorCode === tooLargeCode ? "too_large" : null;
};

/** The newest job of each target counts; what people took back does not. @param jobs oldest first */
export const newestStopped = <J extends Stopped>(jobs: readonly J[], targets: readonly Where[]): J[] =>
  targets
    .filter(({ state }) => state !== "applied")
    .flatMap(({ target }) => jobs.findLast((job) => job.target === target && job.state !== "cancelled") ?? [])
    .filter(isStoppedJob);

/** The target that has refused the commit for its size, if one has; then no retry and no push there succeeds. */
export const refusedSize = <J extends Stopped>(jobs: readonly J[], targets: readonly Where[]): J | null =>
  newestStopped(jobs, targets).find((job) => whyNoRetry(job, targets) === "too_large") ?? null;

/** Whether the commit's changes can be staged again, to be committed in smaller parts. */
export const canReopen = (targets: readonly Where[]): boolean => !hasStarted(targets);
