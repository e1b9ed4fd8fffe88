/** Sends again what was not delivered: one delivery, or what a webhook missed in a time. */
import { type Delivery, type Webhook, keptDays, maxReplayed } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { read } from "../../storage/database.ts";
import {
  deliveryQuery,
  insertMissed,
  replayDelivery as replayOne,
  replayFailed,
  replayedCount,
} from "../../storage/webhooks/deliveries.ts";
import { assertActive, webhookQuery } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow, inMs } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { webhookEvent } from "./webhook-event.ts";
import { dayMs } from "../../domain/time.ts";

export type ReplayReason = WriteRefusal<
  "delivery_not_found" | "webhook_not_found" | "webhook_disabled" | "delivery_pending" | "invalid_time_range"
>;

/** One delivery, also one that has arrived: its receiver knows it by its `webhook-id`. */
export const replayDelivery = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Delivery, ReplayReason>> => {
    const { db, workspaceId } = ctx;
    const [session, delivery] = await openSession(ctx, deliveryQuery(workspaceId, number));
    const allowed = permit(session, "webhooks");
    if (!allowed.ok) return allowed;
    if (!delivery) return fail({ code: "delivery_not_found", number });
    const [webhook] = await read(db, webhookQuery(workspaceId, { id: delivery.webhookId }));
    if (!webhook) return fail({ code: "delivery_not_found", number });
    if (webhook.state === "disabled") return fail({ code: "webhook_disabled", number: webhook.number });
    if (delivery.state === "pending") return fail({ code: "delivery_pending", number });
    const at = atNow(ctx);
    const value: Delivery = { ...delivery, state: "pending", nextAt: at.now, endedAt: null };
    return commitBatch(
      ctx,
      value,
      [replayOne(at, number), assertActive(workspaceId, webhook.id)],
      webhookEvent("webhook.replayed", webhook, { delivery: number }),
    );
  },
);

export interface ReplayRangeInput {
  /** Number of the webhook. */
  webhook: number;
  /** Of the events, ISO 8601: from the first up to and without the second; null: until now. */
  since: string;
  until: string | null;
}

export interface Replayed {
  webhook: Webhook;
  since: string;
  until: string;
  /** When it was asked for. */
  at: string;
  /** How many deliveries are on their way: those that had failed, and those of events that were not sent. */
  replayed: number;
}

/** Whether there may be more: the same once more sends those. */
export const mayHaveMore = ({ replayed }: Pick<Replayed, "replayed">): boolean => replayed >= maxReplayed;

/**
 * What has failed of a time's events, oldest first, and those that were not sent while the webhook was disabled, as far
 * back as deliveries are kept. At most `maxReplayed` of each at once.
 */
export const replayDeliveries = repeatable(
  async (ctx: UseCaseContext, input: ReplayRangeInput): Promise<Result<Replayed, ReplayReason>> => {
    const loaded = await loadWebhook(ctx, input.webhook);
    if (!loaded.ok) return loaded;
    const webhook = loaded.value;
    if (webhook.state === "disabled") return fail({ code: "webhook_disabled", number: webhook.number });
    const at = atNow(ctx);
    const { since } = input;
    const until = input.until === null || input.until > at.now ? at.now : input.until;
    if (since >= until) return fail({ code: "invalid_time_range" });
    const keptSince = inMs(ctx, -keptDays * dayMs);
    const missed = { since: since > keptSince ? since : keptSince, until };
    return commitBatch<Replayed>(
      ctx,
      { webhook, since, until, at: at.now, replayed: replayedCount(at.workspaceId) },
      [
        replayFailed(at, webhook.id, { since, until }, maxReplayed),
        insertMissed(at, webhook.id, missed, maxReplayed),
        assertActive(at.workspaceId, webhook.id),
      ],
      webhookEvent("webhook.replayed", webhook, { since, until }),
    );
  },
);
