import { apiEvent } from "../../../shared/contract/event.ts";
import { apiCommit, apiJob, apiJobStatus, apiPush } from "../../../shared/contract/resources.ts";
import type { EventFilter } from "../../../shared/storage/events/events.ts";
import { cancelPush } from "../../../shared/use-cases/pushes/cancel-push.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { eventsSince, showJob, showPush } from "../../../shared/use-cases/pushes/follow-push.ts";
import { listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import { tracePush } from "../../../shared/use-cases/pushes/trace-push.ts";
import { type Handlers, answer } from "./handler.ts";

export const pushReply = (ctx: UseCaseContext, number: number) =>
  answer(showPush(ctx, number), ({ push, jobs, commit }) => apiPush(push, jobs, commit.number));

const eventsReply = (
  ctx: UseCaseContext,
  { lastEventId: afterId = 0, limit = 100 }: { lastEventId?: number | undefined; limit?: number | undefined },
  filter: EventFilter,
) =>
  answer(eventsSince(ctx, { afterId, limit, filter }), ({ events, more }) => ({
    events: events.map(apiEvent),
    lastEventId: events.at(-1)?.id ?? afterId,
    more,
  }));

export const pushHandlers = {
  startPush: async ({ ctx, params, body }) => {
    const started = await startPush(ctx, { number: body.commit, scope: params.scope, channelId: null });
    // As it is now: it may have come far before a repeat of the request asks.
    return started.ok ? pushReply({ ...ctx, idempotencyKey: null }, started.value.pushNumber) : started;
  },

  showPush: ({ ctx, params }) => pushReply(ctx, params.number),

  retryPush: ({ ctx, params, body }) =>
    answer(retryPush(ctx, { number: params.number, target: body.target ?? null }), ({ commit, target, attempt }) => ({
      ...apiCommit(commit),
      meta: { target, attempt },
    })),

  cancelPush: ({ ctx, params }) =>
    answer(cancelPush(ctx, { number: params.number }), ({ commit, ...meta }) => ({ ...apiCommit(commit), meta })),

  showJob: ({ ctx, params }) =>
    answer(showJob(ctx, params.id), ({ job, push, commit }) =>
      apiJob(job, { push: push.number, commit: commit.number }),
    ),

  jobStatusOf: ({ ctx, params }) =>
    answer(showJob(ctx, params.id), ({ job, lastEventId }) => apiJobStatus(job, lastEventId)),

  jobEvents: ({ ctx, params, query }) => eventsReply(ctx, query, { jobId: params.id }),

  listEvents: ({ ctx, query }) =>
    eventsReply(ctx, query, query.commit === undefined ? {} : { commitNumber: query.commit }),

  recentEvents: ({ ctx, query: { limit = 20, before = null } }) =>
    answer(listEvents(ctx, { limit, before }), ({ events, older }) => ({ events: events.map(apiEvent), next: older })),

  pushTimeline: ({ ctx, params }) =>
    answer(tracePush(ctx, params.number), ({ commit, push, events }) => ({
      commit: commit.number,
      push: push.number,
      events: events.map(apiEvent),
    })),
} satisfies Partial<Handlers>;
