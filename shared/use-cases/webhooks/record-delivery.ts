/** What becomes of an attempt to send an event to a webhook, as whoever makes it says. */
import { systemActor } from "../../domain/workspace/actor.ts";
import { type DisabledReason, isHopeless, retryMs } from "../../domain/webhooks/webhook.ts";
import { insertCard, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import {
  type AttemptEnd,
  type DeliveryToSend,
  claimDelivery,
  completeDelivery,
  failPending,
  recordFailure,
  recordLateFailure,
} from "../../storage/webhooks/deliveries.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { countWebhookFailure, disableWebhook, forgetWebhookFailures } from "../../storage/webhooks/webhooks.ts";
import { type WriteContext, write } from "../../storage/write.ts";
import { atNow, inMs } from "../context.ts";
import type { Batch } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import { webhookEvent } from "./webhook-event.ts";

export interface DeliveryContext extends WriteContext {
  nowMs: () => number;
  newId: () => string;
  /** From 0 up to 1. */
  random: () => number;
}

/** The delivery in its workspace. */
export interface Sending {
  workspaceId: string;
  delivery: DeliveryToSend;
  traceId: string;
}

/** Longer than an attempt takes. When it has not ended by then, whoever made it is gone, and it is made again. */
export const leaseMs = 60_000;

/** @returns whether the attempt is ours to make */
export const beginAttempt = async (ctx: DeliveryContext, { workspaceId, delivery }: Sending): Promise<boolean> => {
  const written = await write(ctx, claimDelivery(atNow({ ...ctx, workspaceId }), delivery, inMs(ctx, leaseMs)));
  return written.written;
};

export const recordDelivered = async (
  ctx: DeliveryContext,
  { workspaceId, delivery }: Sending,
  end: AttemptEnd,
): Promise<void> => {
  await write(ctx, [
    completeDelivery(atNow({ ...ctx, workspaceId }), delivery.id, end),
    forgetWebhookFailures(workspaceId, delivery.webhookId),
  ]);
};

export interface FailedAttempt extends AttemptEnd {
  error: string;
  retryAfterMs: number | null;
  /** The receiver wants nothing any more (410). */
  isGone: boolean;
}

/**
 * The next attempt follows by the profile. A webhook that is gone, or has failed for too long, is disabled, and its
 * owner notified.
 * @returns when the next attempt is due, ISO 8601; null when there is none
 */
export const recordFailed = async (
  ctx: DeliveryContext,
  sending: Sending,
  failure: FailedAttempt,
): Promise<string | null> => {
  const { workspaceId, delivery } = sending;
  const at = atNow({ ...ctx, workspaceId });
  const count = countWebhookFailure(at, delivery.webhookId, failure.error);
  const reason = disablingReason(ctx, delivery, failure);
  if (reason !== null) {
    const ended = [recordFailure(at, delivery, failure, null), count];
    const written = await write(ctx, [ended, disabling(ctx, at, sending, reason, failure.error)]);
    if (written.written) return null;
    // Somebody else has disabled it, or recorded the attempt.
  }
  const delayMs = failure.isGone
    ? null
    : retryMs(delivery.profile, delivery.retries, ctx.random(), failure.retryAfterMs);
  const nextAt = delayMs === null ? null : inMs(ctx, delayMs);
  const written = await write(ctx, [recordFailure(at, delivery, failure, nextAt), count]);
  if (written.written) return nextAt;
  await write(ctx, recordLateFailure(at, delivery, failure));
  return null;
};

const disablingReason = (
  { nowMs }: DeliveryContext,
  delivery: DeliveryToSend,
  { isGone }: FailedAttempt,
): DisabledReason | null => (isGone ? "gone" : isHopeless(delivery, delivery.failures + 1, nowMs()) ? "failing" : null);

const disabling = (
  ctx: DeliveryContext,
  at: At,
  { delivery, traceId }: Sending,
  reason: DisabledReason,
  error: string,
): Batch => {
  const { webhookId, webhookNumber: number, url, createdBy } = delivery;
  const event = webhookEvent("webhook.disabled", { id: webhookId, number, url }, { reason, error });
  return [
    disableWebhook(at, webhookId, reason),
    failPending(at, webhookId),
    invalidateCards(at, [webhookId]),
    insertCard(at, { id: ctx.newId(), kind: "webhook", subjectId: webhookId, channelId: createdBy }),
    invalidateHomes(at),
    insertEvent(at, event, systemActor("deliveries"), traceId),
  ];
};
