/** The state of a push, computed from its events. */
import type { LiveEvent } from "../../shared/contract/live.ts";
import { type ApiJob, type ApiPush, job as jobSchema } from "../../shared/contract/resources.ts";
import { percentOf } from "../../shared/domain/workspace/action-items.ts";
import { isVerified } from "../../shared/domain/pushes/push.ts";

export type PushOutcome = "completed" | "failed" | "cancelled";

/**
 * How the push ended; null while it goes on. The server asks for an unknown outcome every minute.
 * @param verified whether a completed push ends only when every target has verified its rows
 */
export const outcomeOf = ({ state, jobs }: ApiPush, verified: boolean): PushOutcome | null => {
  switch (state) {
    case "cancelled":
      return "cancelled";
    case "completed":
      return verified && !isVerified(jobs) ? null : "completed";
    case "failed":
      return jobs.some((job) => job.state === "processing" || job.state === "timeout") ? null : "failed";
    case "running":
      return null;
  }
};

/** The state before the first event. */
export const beforeFirstEvent = (push: ApiPush): ApiPush => ({
  ...push,
  state: "running",
  percent: 0,
  finishedAt: null,
  jobs: push.jobs.map((job) => ({
    ...job,
    state: "pending",
    attempt: 1,
    stage: null,
    percent: 0,
    result: null,
    error: null,
    dispatchedAt: null,
    acceptedAt: null,
    completedAt: null,
    searchableAt: null,
    verifiedAt: null,
    waitingSince: null,
  })),
});

/** The state after one event. */
export const applyEvent = (push: ApiPush, event: LiveEvent): ApiPush => {
  const jobs = push.jobs.map((job) => (job.id === event.jobId ? afterEvent(job, event) : job));
  return { ...push, jobs, percent: percentOf(jobs), state: stateAfter({ ...push, jobs }, event) };
};

const stateAfter = ({ state, jobs }: ApiPush, { type }: LiveEvent): ApiPush["state"] => {
  if (type === "push.cancelled") return "cancelled";
  if (type === "push.retried" || type === "job.dispatched") return "running";
  if (type === "job.failed" || type === "job.timeout") return "failed";
  return type === "job.completed" && jobs.every((job) => job.state === "completed") ? "completed" : state;
};

const afterEvent = (job: ApiJob, event: LiveEvent): ApiJob => {
  const { at } = event;
  const attempt = event.attempt ?? job.attempt;
  switch (event.type) {
    case "job.dispatched":
      return { ...job, state: "pending", attempt, stage: null, percent: 0, error: null, dispatchedAt: at };
    case "job.accepted":
      return { ...job, state: "processing", stage: job.stage ?? "accepted", acceptedAt: at };
    case "job.progress":
      return { ...job, state: "processing", ...furthest(job, event) };
    case "job.completed": {
      const result = resultIn(event.result);
      return { ...job, state: "completed", stage: "applied", percent: 100, error: null, completedAt: at, result };
    }
    case "job.failed":
    case "job.timeout":
      return { ...job, state: event.type === "job.failed" ? "failed" : "timeout", error: errorIn(event) };
    case "job.cancelled":
      return { ...job, state: "cancelled" };
    case "job.searchable":
      return { ...job, searchableAt: at };
    case "job.verified":
      // The target counts again when it compares its rows with the commit.
      return { ...job, verifiedAt: at, result: resultIn({ ...job.result, ...event.data }) ?? job.result };
    default:
      return job;
  }
};

const resultIn = (value: unknown): ApiJob["result"] => jobSchema.shape.result.safeParse(value).data ?? null;

/** Progress never goes back. */
const furthest = (job: ApiJob, { stage, percent }: LiveEvent): Pick<ApiJob, "stage" | "percent"> =>
  percent !== undefined && percent >= job.percent ? { stage: stage ?? job.stage, percent } : job;

const errorIn = ({ data }: LiveEvent): ApiJob["error"] =>
  jobSchema.shape.error.safeParse(data["error"]).data ?? { code: null, message: "Failed" };
