/** Webhooks and their deliveries as the API shows them, without secrets: those are shown once, beside the webhook. */
import * as z from "zod/mini";
import { time } from "../domain/time.ts";
import {
  type Delivery,
  type DeliveryRates,
  type Webhook,
  type WebhookStatus,
  deliverySchema,
  disabledReasons,
  webhookSchema,
} from "../domain/webhooks/webhook.ts";
import { shown } from "./shown.ts";

const ofWebhook = shown(
  webhookSchema,
  "number",
  "url",
  "description",
  "events",
  "profile",
  "state",
  "oldSecretUntil",
  "createdBy",
  "createdAt",
  "updatedAt",
);

export const webhook = z.object({
  ...ofWebhook.shape,
  disabled: z.nullable(z.object({ reason: z.enum(disabledReasons), at: time })),
  /** That attempts fail, and since when; null when the last one has arrived. */
  failing: z.nullable(z.object({ attempts: z.int(), since: time, error: z.nullable(z.string()) })),
});
export type ApiWebhook = z.infer<typeof webhook>;

export const apiWebhook = (of: Webhook): ApiWebhook => ({
  ...ofWebhook.of(of),
  disabled: of.disabledReason && of.disabledAt ? { reason: of.disabledReason, at: of.disabledAt } : null,
  failing: of.failingSince ? { attempts: of.failures, since: of.failingSince, error: of.lastError } : null,
});

const ofDelivery = shown(
  deliverySchema,
  "number",
  "id",
  "eventId",
  "state",
  "attempts",
  "nextAt",
  "status",
  "error",
  "durationMs",
  "createdAt",
  "endedAt",
);

export const delivery = z.object({
  ...ofDelivery.shape,
  /** Number of its webhook. */
  webhook: z.int(),
  type: deliverySchema.shape.eventType,
});
export type ApiDelivery = z.infer<typeof delivery>;

export const apiDelivery = (of: Delivery): ApiDelivery => ({
  ...ofDelivery.of(of),
  webhook: of.webhookNumber,
  type: of.eventType,
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
  state: webhookSchema.shape.state,
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
