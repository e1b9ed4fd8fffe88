import { apiEvent } from "../../../shared/contract/event.ts";
import { apiCommit, apiJob, apiJobStatus, apiPush } from "../../../shared/contract/resources.ts";
import type { EventFilter } from "../../../shared/storage/events/events.ts";
import { ok } from "../../../shared/result.ts";
import { cancelPush } from "../../../shared/use-cases/pushes/cancel-push.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { eventsSince, showJob, showPush } from "../../../shared/use-cases/pushes/follow-push.ts";
import { listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import { tracePush } from "../../../shared/use-cases/pushes/trace-push.ts";
import type { Handlers } from "./handler.ts";

type PushHandlers = Handlers<
  | "startPush"
  | "showPush"
  | "retryPush"
  | "cancelPush"
  | "showJob"
  | "jobStatusOf"
  | "jobEvents"
  | "listEvents"
  | "recentEvents"
  | "pushTimeline"
>;

const usualEvents = 100;

const eventPage = async (
  ctx: UseCaseContext,
  query: { lastEventId?: number | undefined; limit?: number | undefined },
  filter: EventFilter,
) => {
  const afterId = query.lastEventId ?? 0;
  const found = await eventsSince(ctx, { afterId, limit: query.limit ?? usualEvents, filter });
  if (!found.ok) return found;
  const events = found.value.events.map(apiEvent);
  return ok({ events, lastEventId: events.at(-1)?.id ?? afterId, more: found.value.more });
};

export const pushHandlers: PushHandlers = {
  startPush: async ({ ctx, params, body }) => {
    const started = await startPush(ctx, { number: body.commit, scope: params.scope, channelId: null });
    if (!started.ok) return started;
    // As it is now: it may have come far before a repeat of the request asks.
    const shown = await showPush({ ...ctx, idempotencyKey: null }, started.value.pushNumber);
    return shown.ok ? ok(apiPush(shown.value.push, shown.value.jobs, shown.value.commit.number)) : shown;
  },

  showPush: async ({ ctx, params }) => {
    const shown = await showPush(ctx, params.number);
    return shown.ok ? ok(apiPush(shown.value.push, shown.value.jobs, shown.value.commit.number)) : shown;
  },

  retryPush: async ({ ctx, params, body }) => {
    const retried = await retryPush(ctx, { number: params.number, target: body.target ?? null });
    if (!retried.ok) return retried;
    const { commit, target, attempt } = retried.value;
    return ok({ ...apiCommit(commit), meta: { target, attempt } });
  },

  cancelPush: async ({ ctx, params }) => {
    const cancelled = await cancelPush(ctx, { number: params.number });
    if (!cancelled.ok) return cancelled;
    const { commit, ...meta } = cancelled.value;
    return ok({ ...apiCommit(commit), meta });
  },

  showJob: async ({ ctx, params }) => {
    const shown = await showJob(ctx, params.id);
    if (!shown.ok) return shown;
    const { job, push, commit } = shown.value;
    return ok(apiJob(job, { push: push.number, commit: commit.number }));
  },

  jobStatusOf: async ({ ctx, params }) => {
    const shown = await showJob(ctx, params.id);
    return shown.ok ? ok(apiJobStatus(shown.value.job, shown.value.lastEventId)) : shown;
  },

  jobEvents: ({ ctx, params, query }) => eventPage(ctx, query, { jobId: params.id }),

  listEvents: ({ ctx, query }) =>
    eventPage(ctx, query, query.commit === undefined ? {} : { commitNumber: query.commit }),

  recentEvents: async ({ ctx, query }) => {
    const listed = await listEvents(ctx, { limit: query.limit ?? 20, before: query.before ?? null });
    return listed.ok ? ok({ events: listed.value.events.map(apiEvent), next: listed.value.older }) : listed;
  },

  pushTimeline: async ({ ctx, params }) => {
    const traced = await tracePush(ctx, params.number);
    if (!traced.ok) return traced;
    const { commit, push, events } = traced.value;
    return ok({ commit: commit.number, push: push.number, events: events.map(apiEvent) });
  },
};
