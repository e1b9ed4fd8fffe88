import type { Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { assertActive } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { webhookEvent } from "./webhook-event.ts";

export type SendTestReason = WriteRefusal<"webhook_not_found" | "webhook_disabled">;

/** Records an event that this webhook alone gets, whatever its filters are. */
export const sendTestEvent = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SendTestReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const webhook = loaded.value;
    if (webhook.state === "disabled") return fail({ code: "webhook_disabled", number });
    return commitBatch(
      ctx,
      webhook,
      assertActive(ctx.workspaceId, webhook.id),
      webhookEvent("webhook.tested", webhook),
    );
  },
);
