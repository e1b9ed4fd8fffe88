import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { assertActive } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { type WebhookNotFound, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitBatch, repeatable } from "../session.ts";

export type SendTestReason = Forbidden | NotWritten | WebhookNotFound | { code: "webhook_disabled"; number: number };

/** Records an event that this webhook alone gets, whatever its filters are. */
export const sendTestEvent = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SendTestReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const { id, url, state } = loaded.value;
    if (state === "disabled") return fail({ code: "webhook_disabled", number });
    return commitBatch(ctx, loaded.value, [assertActive(db, workspaceId, id)], {
      type: "webhook.tested",
      data: { webhookId: id, number, host: shownHost(url) },
    });
  },
);
