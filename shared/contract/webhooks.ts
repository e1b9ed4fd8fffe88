/** Webhooks and their deliveries as the API shows them. Secrets are in none of them: they are shown once, beside the webhook. */
import * as z from "zod/mini";
import { eventTypes } from "../domain/events/event-types.ts";
import { stateNames } from "../domain/states.ts";
import {
  type Delivery,
  type DeliveryRates,
  type Webhook,
  type WebhookStatus,
  disabledReasons,
  profileNames,
} from "../domain/webhooks/webhook.ts";

const time = z.string();

export const webhook = z.object({
  number: z.int(),
  url: z.string(),
  description: z.string(),
  /** Filters: `*`, `job.*`, `commit.approved`. */
  events: z.array(z.string()),
  profile: z.enum(profileNames),
  state: z.enum(stateNames("webhook")),
  disabled: z.nullable(z.object({ reason: z.enum(disabledReasons), at: time })),
  /** That attempts fail, and since when; null when the last one has arrived. */
  failing: z.nullable(z.object({ attempts: z.int(), since: time, error: z.nullable(z.string()) })),
  /** Until when the secret before signs as well. */
  oldSecretUntil: z.nullable(time),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
});
export type ApiWebhook = z.infer<typeof webhook>;

export const apiWebhook = (of: Webhook): ApiWebhook => ({
  number: of.number,
  url: of.url,
  description: of.description,
  events: [...of.events],
  profile: of.profile,
  state: of.state,
  disabled: of.disabledReason && of.disabledAt ? { reason: of.disabledReason, at: of.disabledAt } : null,
  failing: of.failingSince ? { attempts: of.failures, since: of.failingSince, error: of.lastError } : null,
  oldSecretUntil: of.oldSecretUntil,
  createdBy: of.createdBy,
  createdAt: of.createdAt,
  updatedAt: of.updatedAt,
});

export const delivery = z.object({
  number: z.int(),
  /** The `webhook-id` of every attempt. */
  id: z.string(),
  /** Number of its webhook. */
  webhook: z.int(),
  eventId: z.int(),
  type: z.enum(eventTypes),
  state: z.enum(stateNames("delivery")),
  attempts: z.int(),
  nextAt: z.nullable(time),
  /** What the last attempt was answered with, and how long that took; null where there was no answer, or no attempt. */
  status: z.nullable(z.int()),
  error: z.nullable(z.string()),
  durationMs: z.nullable(z.int()),
  createdAt: time,
  endedAt: z.nullable(time),
});
export type ApiDelivery = z.infer<typeof delivery>;

export const apiDelivery = (of: Delivery): ApiDelivery => ({
  number: of.number,
  id: of.id,
  webhook: of.webhookNumber,
  eventId: of.eventId,
  type: of.eventType,
  state: of.state,
  attempts: of.attempts,
  nextAt: of.nextAt,
  status: of.status,
  error: of.error,
  durationMs: of.durationMs,
  createdAt: of.createdAt,
  endedAt: of.endedAt,
});

const rates = z.object({
  /** Events of that time. */
  created: z.int(),
  /** Deliveries that have ended in that time, and how many of them have arrived, 0 to 1. */
  delivered: z.int(),
  failed: z.int(),
  rate: z.nullable(z.number()),
});

export const webhookStatus = z.object({
  webhook: z.int(),
  state: z.enum(stateNames("webhook")),
  lastHour: rates,
  last24Hours: rates,
  pending: z.int(),
  /** Age of the oldest that waits. */
  lagMs: z.number(),
  /** By how many more have come to wait in the last hour than have ended. */
  growth: z.int(),
  /** Kept as failed, and can be replayed. */
  failed: z.int(),
});
export type ApiWebhookStatus = z.infer<typeof webhookStatus>;

export const apiWebhookStatus = (of: WebhookStatus): ApiWebhookStatus => ({
  webhook: of.webhook.number,
  state: of.webhook.state,
  lastHour: ratesOf(of.hour),
  last24Hours: ratesOf(of.day),
  pending: of.pending,
  lagMs: of.lagMs,
  growth: of.growth,
  failed: of.failed,
});

const ratesOf = ({ created, delivered, failed, rate }: DeliveryRates): z.infer<typeof rates> => ({
  created,
  delivered,
  failed,
  rate,
});
