/** What becomes of an attempt to send an event to a webhook, as whoever makes it says. */
import { systemActor } from "../../domain/workspace/actor.ts";
import { type DisabledReason, isHopeless, retryMs, shownHost } from "../../domain/webhooks/webhook.ts";
import { insertCard, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { assertChanges } from "../../storage/database.ts";
import {
  type AttemptEnd,
  type DeliveryToSend,
  claimDelivery,
  completeDelivery,
  failPending,
  recordFailure,
} from "../../storage/webhooks/deliveries.ts";
import { insertEvent } from "../../storage/events/events.ts";
import { countWebhookFailure, disableWebhook, forgetWebhookFailures } from "../../storage/webhooks/webhooks.ts";
import { type Statement, type WriteContext, write } from "../../storage/write.ts";
import { inMs, nowOf } from "../context.ts";

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
  const written = await write(ctx, [
    claimDelivery(ctx.db, workspaceId, delivery, inMs(ctx, leaseMs), nowOf(ctx)),
    assertChanges(ctx.db),
  ]);
  return written.written;
};

export const recordDelivered = async (
  ctx: DeliveryContext,
  { workspaceId, delivery }: Sending,
  end: AttemptEnd,
): Promise<void> => {
  const { db } = ctx;
  await write(ctx, [
    completeDelivery(db, workspaceId, delivery.id, end, nowOf(ctx)),
    forgetWebhookFailures(db, workspaceId, delivery.webhookId),
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
  const { db } = ctx;
  const { workspaceId, delivery } = sending;
  const now = nowOf(ctx);
  const count = countWebhookFailure(db, workspaceId, delivery.webhookId, failure.error, now);
  const reason = disablingReason(ctx, delivery, failure);
  if (reason !== null) {
    const ended = [recordFailure(db, workspaceId, delivery, failure, null, now), assertChanges(db), count];
    const written = await write(ctx, [...ended, ...disabling(ctx, sending, reason, failure.error)]);
    if (written.written) return null;
    // Somebody else has disabled it, or recorded the attempt.
  }
  const delayMs = failure.isGone
    ? null
    : retryMs(delivery.profile, delivery.retries, ctx.random(), failure.retryAfterMs);
  const nextAt = delayMs === null ? null : inMs(ctx, delayMs);
  const written = await write(ctx, [
    recordFailure(db, workspaceId, delivery, failure, nextAt, now),
    assertChanges(db),
    count,
  ]);
  return written.written ? nextAt : null;
};

const disablingReason = (
  { nowMs }: DeliveryContext,
  delivery: DeliveryToSend,
  { isGone }: FailedAttempt,
): DisabledReason | null => (isGone ? "gone" : isHopeless(delivery, delivery.failures + 1, nowMs()) ? "failing" : null);

const disabling = (
  ctx: DeliveryContext,
  { workspaceId, delivery, traceId }: Sending,
  reason: DisabledReason,
  error: string,
): Statement[] => {
  const { db } = ctx;
  const now = nowOf(ctx);
  const { webhookId, webhookNumber: number, url, createdBy } = delivery;
  const data = { webhookId, number, host: shownHost(url), reason, error };
  return [
    disableWebhook(db, workspaceId, webhookId, reason, now),
    assertChanges(db),
    failPending(db, workspaceId, webhookId, now),
    invalidateCards(db, workspaceId, [webhookId], now),
    insertCard(db, workspaceId, { id: ctx.newId(), kind: "webhook", subjectId: webhookId, channelId: createdBy }, now),
    invalidateHomes(db, workspaceId, now),
    insertEvent(db, workspaceId, { type: "webhook.disabled", data }, systemActor("deliveries"), traceId, now),
  ];
};
