import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";
import type { Result } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { assertChanges } from "../../storage/database.ts";
import { deleteDeliveries } from "../../storage/webhooks/deliveries.ts";
import { deleteWebhook as remove } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type WebhookNotFound, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitBatch, repeatable } from "../session.ts";

export type DeleteWebhookReason = Forbidden | NotWritten | WebhookNotFound;

/** With its secret and its deliveries: what waits is not sent any more. */
export const deleteWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, DeleteWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const { id, url } = loaded.value;
    return commitBatch(
      ctx,
      loaded.value,
      [
        remove(db, workspaceId, id),
        assertChanges(db),
        deleteDeliveries(db, workspaceId, id),
        invalidateCards(db, workspaceId, [id], nowOf(ctx)),
      ],
      { type: "webhook.deleted", data: { webhookId: id, number, host: shownHost(url) } },
    );
  },
);
