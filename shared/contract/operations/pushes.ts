import * as z from "zod/mini";
import { event } from "../event.ts";
import { commit, job, jobStatus, push } from "../resources.ts";
import { idInPath, lastEventId, limit, number, numberInPath } from "../schemas.ts";
import { defineOperation, withMeta } from "./operation.ts";

export const startPush = defineOperation({
  method: "POST",
  path: "/push/{scope}",
  tag: "Pushes",
  summary: "Push an approved commit",
  description:
    "`scope` is `all` or a target: its name, its alias, or the beginning of one. The push continues after the answer: follow it at `/v2/ws`, `/v2/stream` or `/pushes/{number}`.",
  scope: "push",
  params: z.object({ scope: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)) }),
  body: z.strictObject({ commit: number }),
  example: { commit: 1 },
  status: 202,
  reply: push,
  problems: [
    "commit_not_found",
    "unknown_target",
    "not_approved",
    "no_changes_for_target",
    "already_applied",
    "push_in_progress",
    "drifted",
  ],
});

export const showPush = defineOperation({
  method: "GET",
  path: "/pushes/{number}",
  tag: "Pushes",
  summary: "Show a push and its jobs",
  scope: "read",
  params: z.object({ number: numberInPath }),
  status: 200,
  reply: push,
  problems: ["push_not_found"],
});

export const retryPush = defineOperation({
  method: "POST",
  path: "/commits/{number}/retry",
  tag: "Pushes",
  summary: "Retry a push",
  description:
    "The target is asked about an unknown outcome first. The attempt is one higher and the key stays: nothing is applied twice.",
  scope: "push",
  params: z.object({ number: numberInPath }),
  body: z.strictObject({ target: z.optional(z.string().check(z.maxLength(40))) }),
  example: { target: "all" },
  status: 202,
  reply: withMeta(commit, { target: z.string(), attempt: z.int() }),
  problems: [
    "commit_not_found",
    "unknown_target",
    "nothing_to_retry",
    "outcome_received",
    "outcome_unknown",
    "drifted",
  ],
});

export const cancelPush = defineOperation({
  method: "POST",
  path: "/commits/{number}/cancel",
  tag: "Pushes",
  summary: "Cancel a push at every target that has not applied it",
  scope: "push",
  params: z.object({ number: numberInPath }),
  status: 200,
  reply: withMeta(commit, {
    cancelled: z.array(z.string()),
    /** Targets that had applied it before they were asked. */
    applied: z.array(z.string()),
    /** Targets that gave no answer; they are asked again. */
    unknown: z.array(z.string()),
  }),
  problems: ["commit_not_found", "nothing_to_cancel", "already_applied", "cancel_unconfirmed"],
});

const jobParams = z.object({ id: idInPath });

export const showJob = defineOperation({
  method: "GET",
  path: "/jobs/{id}",
  tag: "Pushes",
  summary: "Show a job of a push",
  scope: "read",
  params: jobParams,
  status: 200,
  reply: job,
  problems: ["job_not_found"],
});

export const jobStatusOf = defineOperation({
  method: "GET",
  path: "/jobs/{id}/status",
  tag: "Pushes",
  summary: "Show the progress of a job, as a stage and a percentage",
  scope: "read",
  params: jobParams,
  status: 200,
  reply: jobStatus,
  problems: ["job_not_found"],
});

const eventQuery = z.strictObject({ lastEventId, limit: limit(500) });

const eventPage = z.object({
  /** Oldest first. */
  events: z.array(event),
  /** What to ask with next. */
  lastEventId: z.int(),
  /** There are more already. */
  more: z.boolean(),
});

export const jobEvents = defineOperation({
  method: "GET",
  path: "/jobs/{id}/events",
  tag: "Events",
  summary: "List the events of a job, after an event",
  scope: "read",
  params: jobParams,
  query: eventQuery,
  status: 200,
  reply: eventPage,
  problems: ["job_not_found"],
});

export const listEvents = defineOperation({
  method: "GET",
  path: "/events",
  tag: "Events",
  summary: "List the events of the workspace, after an event",
  description: "Without `lastEventId`, from the first event.",
  scope: "read",
  query: z.extend(eventQuery, {
    /** Only those about this commit. */
    commit: z.optional(numberInPath),
  }),
  status: 200,
  reply: eventPage,
  problems: [],
});

export const recentEvents = defineOperation({
  method: "GET",
  path: "/activity",
  tag: "Events",
  summary: "List the latest events, newest first",
  description: "Without the progress of jobs. Give `next` as `before` for older ones.",
  scope: "read",
  query: z.strictObject({ limit: limit(100), before: z.optional(lastEventId) }),
  status: 200,
  reply: z.object({ events: z.array(event), next: z.nullable(z.int()) }),
  problems: [],
});

export const pushTimeline = defineOperation({
  method: "GET",
  path: "/commits/{number}/timeline",
  tag: "Pushes",
  summary: "Show the timeline of a commit's newest push",
  scope: "read",
  params: z.object({ number: numberInPath }),
  status: 200,
  reply: z.object({ commit: number, push: number, events: z.array(event) }),
  problems: ["commit_not_found", "not_pushed"],
});
