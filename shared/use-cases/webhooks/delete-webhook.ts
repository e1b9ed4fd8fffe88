import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";
import { type Result, ok } from "../../result.ts";
import { raiseCards } from "../../storage/cards.ts";
import { expectChanges } from "../../storage/database.ts";
import { deleteDeliveries } from "../../storage/webhooks/deliveries.ts";
import { deleteWebhook as remove } from "../../storage/webhooks/webhooks.ts";
import { type VerbContext, nowOf } from "../context.ts";
import { type NoSuchWebhook, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitBatch, repeatable } from "../session.ts";

export type DeleteWebhookReason = Forbidden | NotWritten | NoSuchWebhook;

/** With its secret and its deliveries: what waits is not sent any more. */
export const deleteWebhook = repeatable(
  async (ctx: VerbContext, number: number): Promise<Result<Webhook, DeleteWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const { id, url } = loaded.value;
    const written = await commitBatch(
      ctx,
      { value: loaded.value },
      [
        remove(db, workspaceId, id),
        expectChanges(db),
        deleteDeliveries(db, workspaceId, id),
        raiseCards(db, workspaceId, [id], nowOf(ctx)),
      ],
      { type: "webhook.deleted", data: { webhookId: id, number, host: shownHost(url) } },
    );
    return written.ok ? ok(loaded.value) : written;
  },
);
