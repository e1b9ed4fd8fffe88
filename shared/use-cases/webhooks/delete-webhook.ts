import type { Webhook } from "../../domain/webhooks/webhook.ts";
import type { Result } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { deleteDeliveries } from "../../storage/webhooks/deliveries.ts";
import { deleteWebhook as remove } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { webhookEvent } from "./webhook-event.ts";

export type DeleteWebhookReason = WriteRefusal<"webhook_not_found">;

/** With its secret and its deliveries: what waits is not sent any more. */
export const deleteWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, DeleteWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const at = atNow(ctx);
    const webhook = loaded.value;
    return commitBatch(
      ctx,
      webhook,
      [
        remove(at.workspaceId, webhook.id),
        deleteDeliveries(at.workspaceId, webhook.id),
        invalidateCards(at, [webhook.id]),
      ],
      webhookEvent("webhook.deleted", webhook),
    );
  },
);
