import * as z from "zod/mini";
import { stateNames } from "../../domain/states.ts";
import { maxWebhooks, overlapHours } from "../../domain/webhooks/webhook.ts";
import { before, limit, number, numberInPath, time } from "../schemas.ts";
import { delivery, webhook, webhookStatus } from "../webhooks.ts";
import { defineOperation, withMeta } from "./operation.ts";

const params = z.object({ number: numberInPath });
const secret = z.string();

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
  "description_too_long",
] as const;

export const listWebhooks = defineOperation({
  method: "GET",
  path: "/webhooks",
  tag: "Webhooks",
  summary: "List webhooks",
  scope: "admin",
  status: 200,
  reply: z.object({ webhooks: z.array(webhook) }),
  problems: [],
});

export const createWebhook = defineOperation({
  method: "POST",
  path: "/webhooks",
  tag: "Webhooks",
  summary: "Create a webhook",
  description: `The secret is shown this once. The receiver checks signatures with it (Standard Webhooks). \`events\` are filters: \`*\` (also when it is left out), a family such as \`job.*\`, a type such as \`commit.approved\`. \`profile\` says for how long failed deliveries are retried: \`standard\` three days, \`fast\` half an hour. A workspace has at most ${maxWebhooks}.`,
  scope: "admin",
  body: z.strictObject({
    url: settings.url,
    description: z.optional(settings.description),
    events: z.optional(settings.events),
    profile: z.optional(settings.profile),
  }),
  example: { url: "https://hooks.example.com/cv", events: ["job.*", "commit.approved"], profile: "standard" },
  status: 201,
  reply: withMeta(webhook, { secret }),
  problems: [...settingsProblems, "too_many_webhooks"],
});

export const webhookStatuses = defineOperation({
  method: "GET",
  path: "/webhooks/status",
  tag: "Webhooks",
  summary: "Show the status of each webhook: rates, lag, growth",
  description:
    "For the last hour and the last 24 hours: the numbers of events, of deliveries that arrived, and of those that failed. `lagMs` is the age of the oldest pending delivery. `growth` is how much the number of pending deliveries has grown in the last hour.",
  scope: "admin",
  status: 200,
  reply: z.object({ webhooks: z.array(webhookStatus) }),
  problems: [],
});

export const showWebhook = defineOperation({
  method: "GET",
  path: "/webhooks/{number}",
  tag: "Webhooks",
  summary: "Show a webhook, without its secret",
  scope: "admin",
  params,
  status: 200,
  reply: webhook,
  problems: ["webhook_not_found"],
});

export const updateWebhook = defineOperation({
  method: "PATCH",
  path: "/webhooks/{number}",
  tag: "Webhooks",
  summary: "Update a webhook",
  description: "Pending deliveries go to the new address.",
  scope: "admin",
  params,
  body: z.strictObject({
    url: z.optional(settings.url),
    description: z.optional(settings.description),
    events: z.optional(settings.events),
    profile: z.optional(settings.profile),
  }),
  example: { events: ["*"], profile: "fast" },
  status: 200,
  reply: webhook,
  problems: [...settingsProblems, "webhook_not_found"],
});

export const deleteWebhook = defineOperation({
  method: "DELETE",
  path: "/webhooks/{number}",
  tag: "Webhooks",
  summary: "Delete a webhook with all its deliveries",
  scope: "admin",
  params,
  status: 200,
  reply: webhook,
  problems: ["webhook_not_found"],
});

export const enableWebhook = defineOperation({
  method: "POST",
  path: "/webhooks/{number}/enable",
  tag: "Webhooks",
  summary: "Enable a webhook",
  description: "A replay sends the events that it has missed.",
  scope: "admin",
  params,
  status: 200,
  reply: webhook,
  problems: ["webhook_not_found", "webhook_state_unchanged"],
});

export const disableWebhook = defineOperation({
  method: "POST",
  path: "/webhooks/{number}/disable",
  tag: "Webhooks",
  summary: "Disable a webhook",
  description: "Pending deliveries are kept as failed. They and the events from then on can be replayed.",
  scope: "admin",
  params,
  status: 200,
  reply: webhook,
  problems: ["webhook_not_found", "webhook_state_unchanged"],
});

export const rotateWebhookSecret = defineOperation({
  method: "POST",
  path: "/webhooks/{number}/rotate",
  tag: "Webhooks",
  summary: "Rotate the secret of a webhook",
  description: `The new secret is shown this once. For \`overlapHours\` (${overlapHours.min} to ${overlapHours.max}; ${overlapHours.usual} when it is left out) each request is signed with the previous one as well.`,
  scope: "admin",
  params,
  body: z.strictObject({ overlapHours: z.optional(z.int()) }),
  example: { overlapHours: 24 },
  status: 200,
  reply: withMeta(webhook, { secret }),
  problems: ["webhook_not_found", "overlap_out_of_range"],
});

export const testWebhook = defineOperation({
  method: "POST",
  path: "/webhooks/{number}/test",
  tag: "Webhooks",
  summary: "Send a test event",
  description: "Its type is `webhook.tested`. This webhook alone gets it, whatever its filters are.",
  scope: "admin",
  params,
  status: 202,
  reply: webhook,
  problems: ["webhook_not_found", "webhook_disabled"],
});

export const replayDeliveries = defineOperation({
  method: "POST",
  path: "/webhooks/{number}/replay",
  tag: "Webhooks",
  summary: "Replay the deliveries of a time range",
  description:
    "Sends what failed, and what was not sent because the webhook was disabled. The range is from `since` to before `until` (default: now). With `more`, repeat the request for the rest.",
  scope: "admin",
  params,
  body: z.strictObject({
    since: z.iso.datetime({ offset: true }),
    until: z.optional(z.iso.datetime({ offset: true })),
  }),
  example: { since: "2026-11-28T09:30:00Z" },
  status: 202,
  reply: withMeta(webhook, { since: time, until: time, replayed: z.int(), more: z.boolean() }),
  problems: ["webhook_not_found", "webhook_disabled", "invalid_time_range"],
});

export const listDeliveries = defineOperation({
  method: "GET",
  path: "/webhooks/{number}/deliveries",
  tag: "Webhooks",
  summary: "List the deliveries of a webhook, newest first",
  scope: "admin",
  params,
  query: z.strictObject({ state: z.optional(z.enum(stateNames("delivery"))), limit: limit(100), before }),
  status: 200,
  reply: z.object({ deliveries: z.array(delivery), next: z.nullable(number) }),
  problems: ["webhook_not_found"],
});

export const showDelivery = defineOperation({
  method: "GET",
  path: "/deliveries/{number}",
  tag: "Webhooks",
  summary: "Show a delivery",
  scope: "admin",
  params,
  status: 200,
  reply: delivery,
  problems: ["delivery_not_found"],
});

export const replayDelivery = defineOperation({
  method: "POST",
  path: "/deliveries/{number}/replay",
  tag: "Webhooks",
  summary: "Replay a delivery, also one that has arrived",
  description: "It keeps its `webhook-id`, so that the receiver recognizes it.",
  scope: "admin",
  params,
  status: 202,
  reply: delivery,
  problems: ["delivery_not_found", "webhook_disabled", "delivery_pending"],
});
