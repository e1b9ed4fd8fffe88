import type { Webhook } from "../../domain/webhooks/webhook.ts";
import type { Result } from "../../result.ts";
import { updateWebhook as saveWebhook } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { type WebhookInput, checkWebhook } from "./webhook-input.ts";
import { webhookEvent } from "./webhook-event.ts";

export type UpdateWebhookReason = WriteRefusal<
  | "webhook_not_found"
  | "url_not_allowed"
  | "url_too_long"
  | "events_required"
  | "unknown_event"
  | "unknown_profile"
  | "text_not_allowed"
  | "description_too_long"
>;

/** Changes what is given. What waits already goes to the new address. */
export const updateWebhook = repeatable(
  async (
    ctx: UseCaseContext,
    { number, ...changes }: { number: number } & Partial<WebhookInput>,
  ): Promise<Result<Webhook, UpdateWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const before = loaded.value;
    const checked = checkWebhook(ctx, { ...before, ...changes }, before);
    if (!checked.ok) return checked;
    const at = atNow(ctx);
    const value: Webhook = { ...before, ...checked.value, updatedAt: at.now };
    const { events, profile } = value;
    return commitBatch(ctx, value, saveWebhook(at, value), webhookEvent("webhook.updated", value, { events, profile }));
  },
);
