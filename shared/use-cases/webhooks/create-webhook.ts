import { type Webhook, maxWebhooks, shownHost, untroubled } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { takeNumber, takenNumber } from "../../storage/counters.ts";
import type { Draft } from "../../storage/from-batch.ts";
import { insertWebhook, webhooksQuery } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, shownOnce } from "../session.ts";
import { type WebhookInput, checkWebhook } from "./webhook-input.ts";
import { newSecret } from "./webhook-secrets.ts";

export interface CreateWebhookInput extends WebhookInput {
  /** A new `whsec_` secret: who asks is shown it this once. */
  secret: string;
}

export type CreateWebhookReason = WriteRefusal<
  | "url_not_allowed"
  | "url_too_long"
  | "events_required"
  | "unknown_event"
  | "unknown_profile"
  | "text_not_allowed"
  | "description_too_long"
  | "too_many_webhooks"
>;

/**
 * From now on the address gets the events. A repeat of the request gets the webhook without its secret.
 */
export const createWebhook = shownOnce(
  async (ctx: UseCaseContext, input: CreateWebhookInput): Promise<Result<Webhook, CreateWebhookReason>> => {
    const { workspaceId } = ctx;
    const [session, known] = await openSession(ctx, webhooksQuery(workspaceId));
    const allowed = permit(session, "webhooks");
    if (!allowed.ok) return allowed;
    const checked = checkWebhook(ctx, input);
    if (!checked.ok) return checked;
    if (known.length >= maxWebhooks) return fail({ code: "too_many_webhooks", max: maxWebhooks });
    const at = atNow(ctx);
    const webhook = {
      ...checked.value,
      id: ctx.newId(),
      number: takenNumber(workspaceId, "webhook"),
      ...untroubled,
      oldSecretUntil: null,
      createdBy: ctx.actor.id,
      createdAt: at.now,
      updatedAt: at.now,
    } satisfies Draft<Webhook>;
    const { id, events, profile } = webhook;
    const secret = await newSecret(ctx, { workspaceId, id }, input.secret);
    return commitBatch<Webhook>(
      ctx,
      webhook,
      [takeNumber(workspaceId, "webhook"), insertWebhook(at, webhook, secret)],
      { type: "webhook.created", data: { webhookId: id, host: shownHost(webhook.url), events, profile } },
    );
  },
);
