import * as z from "zod/mini";
import { event } from "../event.ts";
import { commit, job, jobStatus, push } from "../resources.ts";
import { lastEventId, limit, number, numberInPath } from "../schemas.ts";
import { operationsOf, withMeta } from "./operation.ts";

const eventQuery = z.strictObject({ lastEventId, limit: limit(500) });

const eventPage = z.object({
  /** Oldest first. */
  events: z.array(event),
  /** What to ask with next. */
  lastEventId: z.int(),
  /** There are more already. */
  more: z.boolean(),
});

const { get, post } = operationsOf("Pushes", "read");

export const pushesOperations = {
  startPush: post("/push/{scope}", {
    permission: "push",
    summary: "Push an approved commit",
    description:
      "`scope` is `all` or a target: its name, its alias, or the beginning of one. The push continues after the answer: follow it at `/v2/ws`, `/v2/stream` or `/pushes/{number}`.",
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
      "superseded",
      "newer_on_its_way",
      "push_too_large",
      "target_refused_size",
    ],
  }),

  showPush: get("/pushes/{number}", {
    summary: "Show a push and its jobs",
    reply: push,
    problems: ["push_not_found"],
  }),

  retryPush: post("/commits/{number}/retry", {
    permission: "retry",
    summary: "Retry a push",
    description:
      "The target is asked about an unknown outcome first. The attempt is one higher and the key stays: nothing is applied twice.",
    body: z.strictObject({ target: z.optional(z.string().check(z.maxLength(40))) }),
    example: { target: "all" },
    status: 202,
    reply: withMeta(commit, { target: z.string(), attempt: z.int() }),
    problems: [
      "commit_not_found",
      "unknown_target",
      "nothing_to_retry",
      "not_approved",
      "outcome_received",
      "outcome_unknown",
      "drifted",
      "superseded",
      "newer_on_its_way",
      "push_too_large",
      "target_refused_size",
    ],
  }),

  cancelPush: post("/commits/{number}/cancel", {
    permission: "cancel",
    summary: "Cancel a push at every target that has not applied it",
    reply: withMeta(commit, {
      cancelled: z.array(z.string()),
      /** Targets that had applied it before they were asked. */
      applied: z.array(z.string()),
      /** Targets that gave no answer; they are asked again. */
      unknown: z.array(z.string()),
    }),
    problems: ["commit_not_found", "nothing_to_cancel", "already_applied", "cancel_unconfirmed"],
  }),

  pushTimeline: get("/commits/{number}/timeline", {
    summary: "Show the timeline of a commit's newest push",
    reply: z.object({ commit: number, push: number, events: z.array(event) }),
    problems: ["commit_not_found", "not_pushed", "history_unreadable"],
  }),

  showJob: get("/jobs/{id}", {
    summary: "Show a job of a push",
    reply: job,
    problems: ["job_not_found"],
  }),

  jobStatusOf: get("/jobs/{id}/status", {
    summary: "Show the progress of a job, as a stage and a percentage",
    reply: jobStatus,
    problems: ["job_not_found"],
  }),

  jobEvents: get("/jobs/{id}/events", {
    tag: "Events",
    summary: "List the events of a job, after an event",
    query: eventQuery,
    reply: eventPage,
    problems: ["job_not_found", "history_unreadable"],
  }),

  listEvents: get("/events", {
    tag: "Events",
    summary: "List the events of the workspace, after an event",
    description: "Without `lastEventId`, from the first event.",
    query: z.extend(eventQuery, {
      /** Only those about this commit. */
      commit: z.optional(numberInPath),
    }),
    reply: eventPage,
    problems: ["history_unreadable"],
  }),

  recentEvents: get("/activity", {
    tag: "Events",
    summary: "List the latest events, newest first",
    description: "Without the progress of jobs. Give `next` as `before` for older ones.",
    query: z.strictObject({ limit: limit(100), before: z.optional(lastEventId) }),
    reply: z.object({ events: z.array(event), next: z.nullable(z.int()) }),
  }),
};
