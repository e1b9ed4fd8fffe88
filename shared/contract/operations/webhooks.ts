import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { maxWebhooks, overlapHours } from "../../domain/webhooks/webhook.ts";
import { before, limit, number, time } from "../schemas.ts";
import { delivery, webhook, webhookStatus } from "../webhooks.ts";
import { operationsOf, shownOnce, withMeta } from "./operation.ts";

/** What the use case says of them is of more help than what a schema would. */
const words = z.string().check(z.maxLength(4000));
const settings = {
  url: words,
  description: words,
  /** Filters: `*`, `job.*`, `commit.approved`. */
  events: z.array(words).check(z.maxLength(200)),
  profile: words,
};
const settingsProblems = [
  "url_not_allowed",
  "url_too_long",
  "events_required",
  "unknown_event",
  "unknown_profile",
  "text_not_allowed",
  "description_too_long",
] as const;

const { get, post, patch, remove } = operationsOf("Webhooks", "webhooks");

export const webhooksOperations = {
  listWebhooks: get("/webhooks", {
    summary: "List webhooks",
    reply: z.object({ webhooks: z.array(webhook) }),
  }),

  createWebhook: post("/webhooks", {
    summary: "Create a webhook",
    description: `The secret is shown this once; a repeat of the request with its idempotency key has null in its place, and \`POST /webhooks/{number}/rotate\` makes a new one. The receiver checks signatures with it (Standard Webhooks). \`events\` are filters: \`*\` (also when it is left out), a family such as \`job.*\`, a type such as \`commit.approved\`. \`profile\` says for how long failed deliveries are retried: \`standard\` three days, \`fast\` half an hour. A workspace has at most ${maxWebhooks}.`,
    body: z.strictObject({
      url: settings.url,
      description: z.optional(settings.description),
      events: z.optional(settings.events),
      profile: z.optional(settings.profile),
    }),
    example: { url: "https://hooks.example.com/cv", events: ["job.*", "commit.approved"], profile: "standard" },
    status: 201,
    reply: withMeta(webhook, shownOnce),
    problems: [...settingsProblems, "too_many_webhooks"],
  }),

  webhookStatuses: get("/webhooks/status", {
    summary: "Show the status of each webhook: rates, lag, growth",
    description:
      "For the last hour and the last 24 hours: the numbers of events, of deliveries that arrived, and of those that failed. `lagMs` is the age of the oldest pending delivery. `growth` is how much the number of pending deliveries has grown in the last hour.",
    reply: z.object({ webhooks: z.array(webhookStatus) }),
  }),

  showWebhook: get("/webhooks/{number}", {
    summary: "Show a webhook, without its secret",
    reply: webhook,
    problems: ["webhook_not_found"],
  }),

  updateWebhook: patch("/webhooks/{number}", {
    summary: "Update a webhook",
    description: "Pending deliveries go to the new address.",
    body: z.strictObject({
      url: z.optional(settings.url),
      description: z.optional(settings.description),
      events: z.optional(settings.events),
      profile: z.optional(settings.profile),
    }),
    example: { events: ["*"], profile: "fast" },
    reply: webhook,
    problems: [...settingsProblems, "webhook_not_found"],
  }),

  deleteWebhook: remove("/webhooks/{number}", {
    summary: "Delete a webhook with all its deliveries",
    reply: webhook,
    problems: ["webhook_not_found"],
  }),

  enableWebhook: post("/webhooks/{number}/enable", {
    summary: "Enable a webhook",
    description: "A replay sends the events that it has missed.",
    reply: webhook,
    problems: ["webhook_not_found", "webhook_state_unchanged"],
  }),

  disableWebhook: post("/webhooks/{number}/disable", {
    summary: "Disable a webhook",
    description: "Pending deliveries are kept as failed. They and the events from then on can be replayed.",
    reply: webhook,
    problems: ["webhook_not_found", "webhook_state_unchanged"],
  }),

  rotateWebhookSecret: post("/webhooks/{number}/rotate", {
    summary: "Rotate the secret of a webhook",
    description: `The new secret is shown this once; a repeat of the request has null in its place. For \`overlapHours\` (${overlapHours.min} to ${overlapHours.max}; ${overlapHours.usual} when it is left out) each request is signed with the previous one as well.`,
    body: z.strictObject({ overlapHours: z.optional(z.int()) }),
    example: { overlapHours: 24 },
    reply: withMeta(webhook, shownOnce),
    problems: ["webhook_not_found", "overlap_out_of_range"],
  }),

  testWebhook: post("/webhooks/{number}/test", {
    summary: "Send a test event",
    description: "Its type is `webhook.tested`. This webhook alone gets it, whatever its filters are.",
    status: 202,
    reply: webhook,
    problems: ["webhook_not_found", "webhook_disabled"],
  }),

  listDeliveries: get("/webhooks/{number}/deliveries", {
    summary: "List the deliveries of a webhook, newest first",
    query: z.strictObject({ state: z.optional(z.enum(stateNames("delivery"))), limit: limit(100), before }),
    reply: z.object({ deliveries: z.array(delivery), next: z.nullable(number) }),
    problems: ["webhook_not_found"],
  }),

  replayDeliveries: post("/webhooks/{number}/replay", {
    summary: "Replay the deliveries of a time range",
    description:
      "Sends what failed, and what was not sent because the webhook was disabled. The range is from `since` to before `until` (default: now). With `more`, repeat the request for the rest.",
    body: z.strictObject({
      since: z.iso.datetime({ offset: true }),
      until: z.optional(z.iso.datetime({ offset: true })),
    }),
    example: { since: "2026-11-28T09:30:00Z" },
    status: 202,
    reply: withMeta(webhook, { since: time, until: time, replayed: z.int(), more: z.boolean() }),
    problems: ["webhook_not_found", "webhook_disabled", "invalid_time_range"],
  }),

  showDelivery: get("/deliveries/{number}", {
    summary: "Show a delivery",
    reply: delivery,
    problems: ["delivery_not_found"],
  }),

  replayDelivery: post("/deliveries/{number}/replay", {
    summary: "Replay a delivery, also one that has arrived",
    description: "It keeps its `webhook-id`, so that the receiver recognizes it.",
    status: 202,
    reply: delivery,
    problems: ["delivery_not_found", "webhook_disabled", "delivery_pending"],
  }),
};
