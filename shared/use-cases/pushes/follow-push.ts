/** What those who follow a push ask for: the push, one of its jobs, and what has happened since an event. */
import type { Commit } from "../../domain/commits/commit.ts";
import type { Job, Push } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import { commitQuery } from "../../storage/commits/commits.ts";
import { eventsAfter } from "../../history/read-history.ts";
import { archivedBelowQuery } from "../../storage/events/archives.ts";
import { type EventFilter, eventsAfterQuery, lastEventQuery } from "../../storage/events/events.ts";
import type { LoggedEvent } from "../../domain/events/event.ts";
import { jobQuery, jobsOfPushQuery } from "../../storage/pushes/jobs.ts";
import { pushByNumberQuery, pushOfJobQuery } from "../../storage/pushes/pushes.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";

export interface PushState {
  push: Push;
  /** In the order of application. */
  jobs: Job[];
  commit: Commit;
}

export type ShowPushReason = ReadRefusal<"push_not_found">;

export const showPush = async (ctx: UseCaseContext, number: number): Promise<Result<PushState, ShowPushReason>> => {
  const { workspaceId } = ctx;
  const [session, push, jobs, commit] = await openSession(
    ctx,
    pushByNumberQuery(workspaceId, number),
    jobsOfPushQuery(workspaceId, number),
    commitQuery(workspaceId, { pushNumber: number }),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  return push && commit ? ok({ push, jobs, commit }) : fail({ code: "push_not_found", number });
};

export interface JobState {
  job: Job;
  push: Push;
  commit: Commit;
  /** Up to which event this is true. */
  lastEventId: number;
}

export type ShowJobReason = ReadRefusal<"job_not_found">;

export const showJob = async (ctx: UseCaseContext, jobId: string): Promise<Result<JobState, ShowJobReason>> => {
  const { workspaceId } = ctx;
  const [session, job, push, commit, lastEventId] = await openSession(
    ctx,
    jobQuery(workspaceId, jobId),
    pushOfJobQuery(workspaceId, jobId),
    commitQuery(workspaceId, { jobId }),
    lastEventQuery(workspaceId),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  return job && push && commit ? ok({ job, push, commit, lastEventId }) : fail({ code: "job_not_found", jobId });
};

export interface EventsSince {
  /** Oldest first. */
  events: LoggedEvent[];
  /** There are more already. */
  more: boolean;
}

export interface EventsInput {
  afterId: number;
  limit: number;
  filter: EventFilter;
}

export type EventsSinceReason = ReadRefusal<"job_not_found" | "history_unreadable">;

/** Every event after one: nothing is left out, nothing comes twice. Those of a job only where there is such a job. */
export const eventsSince = async (
  ctx: UseCaseContext,
  { afterId, limit, filter }: EventsInput,
): Promise<Result<EventsSince, EventsSinceReason>> => {
  const { workspaceId } = ctx;
  const { jobId } = filter;
  const [session, inD1, archivedBelow, job] = await openSession(
    ctx,
    eventsAfterQuery(workspaceId, afterId, limit + 1, filter),
    archivedBelowQuery(workspaceId),
    jobQuery(workspaceId, jobId ?? ""),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  if (jobId !== undefined && !job) return fail({ code: "job_not_found", jobId });
  const wanted = { afterId, limit: limit + 1, filter };
  const { events, lost } = await eventsAfter(ctx, wanted, inD1, archivedBelow);
  // A reader who goes on from here would never learn that something was left out.
  const [first] = lost;
  if (first && (events[0]?.id ?? first.from) >= first.from) return fail({ code: "history_unreadable", ...first });
  const readable = first === undefined ? events : events.filter(({ id }) => id < first.from);
  return ok({ events: readable.slice(0, limit), more: first !== undefined || events.length > limit });
};
