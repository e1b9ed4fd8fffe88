/** Webhooks and their deliveries as the API shows them, without secrets: those are shown once, beside the webhook. */
import * as z from "zod/mini";
import { time } from "../domain/time.ts";
import {
  type Delivery,
  type Webhook,
  type WebhookStatus,
  deliveryRatesSchema,
  deliverySchema,
  disabledReasons,
  webhookSchema,
  webhookStatusSchema,
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

const ofStatus = shown(webhookStatusSchema, "pending", "lagMs", "growth", "failed");

export const webhookStatus = z.object({
  webhook: z.int(),
  state: webhookSchema.shape.state,
  lastHour: deliveryRatesSchema,
  last24Hours: deliveryRatesSchema,
  ...ofStatus.shape,
});
export type ApiWebhookStatus = z.infer<typeof webhookStatus>;

export const apiWebhookStatus = (of: WebhookStatus): ApiWebhookStatus => ({
  webhook: of.webhook.number,
  state: of.webhook.state,
  lastHour: of.hour,
  last24Hours: of.day,
  ...ofStatus.of(of),
});
