import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";
import type { Result } from "../../result.ts";
import { assertChanges } from "../../storage/database.ts";
import { updateWebhook as saveWebhook } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type WebhookNotFound, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitBatch, repeatable } from "../session.ts";
import { type WebhookInput, type WebhookInputReason, checkWebhook } from "./webhook-input.ts";

export type UpdateWebhookReason = Forbidden | NotWritten | WebhookNotFound | WebhookInputReason;

/** Changes what is given. What waits already goes to the new address. */
export const updateWebhook = repeatable(
  async (
    ctx: UseCaseContext,
    { number, ...changes }: { number: number } & Partial<WebhookInput>,
  ): Promise<Result<Webhook, UpdateWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const before = loaded.value;
    const checked = checkWebhook(ctx, { ...before, ...changes });
    if (!checked.ok) return checked;
    const now = nowOf(ctx);
    const value: Webhook = { ...before, ...checked.value, updatedAt: now };
    const { id, events, profile } = value;
    return commitBatch(ctx, value, [saveWebhook(db, workspaceId, value, now), assertChanges(db)], {
      type: "webhook.updated",
      data: { webhookId: id, number, host: shownHost(value.url), events, profile },
    });
  },
);
