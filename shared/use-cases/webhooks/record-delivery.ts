/** What becomes of an attempt to tell a webhook of an event, as whoever makes it says. */
import { systemActor } from "../../domain/workspace/actor.ts";
import { type DisabledReason, isHopeless, retryMs, shownHost } from "../../domain/webhooks/webhook.ts";
import { insertCard, invalidateCards, invalidateHomes } from "../../storage/cards.ts";
import { type Database, assertChanges, write } from "../../storage/database.ts";
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
import { inMs, nowOf } from "../context.ts";

export interface DeliveryContext {
  db: Database;
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
  const written = await write(ctx.db, [
    claimDelivery(ctx.db, workspaceId, delivery, inMs(ctx, leaseMs), nowOf(ctx)),
    assertChanges(ctx.db),
  ]);
  return written.written;
};

export const recordDelivered = async (
  { db, nowMs }: DeliveryContext,
  { workspaceId, delivery }: Sending,
  end: AttemptEnd,
): Promise<void> => {
  await write(db, [
    completeDelivery(db, workspaceId, delivery.id, end, nowOf({ nowMs })),
    forgetWebhookFailures(db, workspaceId, delivery.webhookId),
  ]);
};

export interface FailedAttempt extends AttemptEnd {
  error: string;
  retryAfterMs: number | null;
  /** The receiver wants nothing any more (410). */
  isGone: boolean;
}

export interface Recorded {
  /** When the next attempt is due, ISO 8601; null when there is none. */
  nextAt: string | null;
  /** It was the webhook's last. */
  hasDisabled: boolean;
}

/** The next attempt follows by the profile. A webhook that is gone, or has failed for too long, is disabled, and its owner told. */
export const recordFailed = async (
  ctx: DeliveryContext,
  sending: Sending,
  failure: FailedAttempt,
): Promise<Recorded> => {
  const { db } = ctx;
  const { workspaceId, delivery } = sending;
  const now = nowOf(ctx);
  const count = countWebhookFailure(db, workspaceId, delivery.webhookId, failure.error, now);
  const reason = disablingReason(ctx, delivery, failure);
  if (reason !== null) {
    const ended = [recordFailure(db, workspaceId, delivery, failure, null, now), assertChanges(db), count];
    const written = await write(db, [...ended, ...disabling(ctx, sending, reason, failure.error)]);
    if (written.written) return { nextAt: null, hasDisabled: true };
    // Somebody else has disabled it, or recorded the attempt.
  }
  const delayMs = failure.isGone
    ? null
    : retryMs(delivery.profile, delivery.retries, ctx.random(), failure.retryAfterMs);
  const nextAt = delayMs === null ? null : inMs(ctx, delayMs);
  const written = await write(db, [
    recordFailure(db, workspaceId, delivery, failure, nextAt, now),
    assertChanges(db),
    count,
  ]);
  return { nextAt: written.written ? nextAt : null, hasDisabled: false };
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
): D1PreparedStatement[] => {
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
