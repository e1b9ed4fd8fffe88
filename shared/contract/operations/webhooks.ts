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
  summary: "Addresses that get events",
  scope: "admin",
  status: 200,
  reply: z.object({ webhooks: z.array(webhook) }),
  problems: [],
});

export const createWebhook = defineOperation({
  method: "POST",
  path: "/webhooks",
  tag: "Webhooks",
  summary: "Register an address for events",
  description: `The secret is shown this once: by it the receiver knows that a request comes from here (Standard Webhooks). \`events\` are filters: \`*\` (also when it is left out), a family such as \`job.*\`, a type such as \`commit.approved\`. \`profile\` says how long it is tried again: \`standard\` over three days, \`fast\` over half an hour. At most ${maxWebhooks} a workspace.`,
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
  summary: "The status of each webhook: rates, lag, growth",
  description:
    "Of the last hour and the last 24: how many events there were, how many deliveries have arrived or were given up. `lagMs` is the age of the oldest delivery that waits, `growth` by how many more have come to wait in the last hour than have ended.",
  scope: "admin",
  status: 200,
  reply: z.object({ webhooks: z.array(webhookStatus) }),
  problems: [],
});

export const showWebhook = defineOperation({
  method: "GET",
  path: "/webhooks/{number}",
  tag: "Webhooks",
  summary: "A webhook, without its secret",
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
  summary: "Change what is given",
  description: "What waits already goes to the new address.",
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
  summary: "Remove a webhook, with its deliveries and what waits",
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
  summary: "Send it events from now on",
  description: "What it has missed meanwhile is sent by a replay.",
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
  summary: "Send nothing from now on",
  description: "What waits is kept as failed, and can be replayed as what happens meanwhile can.",
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
  summary: "Give it a new secret",
  description: `The new secret is shown this once. For \`overlapHours\` (${overlapHours.min} to ${overlapHours.max}; ${overlapHours.usual} when it is left out) each request is signed with the one before as well.`,
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
  summary: "Send it a test",
  description: "An event of the type `webhook.tested`, which this webhook alone gets, whatever its filters are.",
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
  summary: "Send again what it missed of a time",
  description:
    "Of the events from `since` up to and without `until` (now, when it is left out): what has failed, and those that were not sent because the webhook was disabled. `more` says that the same request may find others.",
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
  summary: "What became of each event, newest first",
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
  summary: "One event for one webhook",
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
  summary: "Send it again, also when it has arrived",
  description: "Its receiver knows it by its `webhook-id`.",
  scope: "admin",
  params,
  status: 202,
  reply: delivery,
  problems: ["delivery_not_found", "webhook_disabled", "delivery_pending"],
});
