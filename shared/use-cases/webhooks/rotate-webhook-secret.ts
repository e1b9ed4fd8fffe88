import { type Webhook, overlapHours } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { rotateWebhookSecret as rotate } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow, inMs } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, shownOnce } from "../session.ts";
import { webhookEvent } from "./webhook-event.ts";
import { newSecret } from "./webhook-secrets.ts";
import { hourMs } from "../../domain/time.ts";

export interface RotateWebhookInput {
  number: number;
  /** A new `whsec_` secret: who asks is shown it this once. */
  secret: string;
  /** How long the secret before signs as well. */
  hours: number;
}

export type RotateWebhookReason = WriteRefusal<"webhook_not_found" | "overlap_out_of_range">;

/** As with a new webhook, a repeat gets the webhook without the secret. */
export const rotateWebhookSecret = shownOnce(
  async (
    ctx: UseCaseContext,
    { number, secret, hours }: RotateWebhookInput,
  ): Promise<Result<Webhook, RotateWebhookReason>> => {
    const loaded = await loadWebhook(ctx, number);
    if (!loaded.ok) return loaded;
    const { min, max } = overlapHours;
    if (!Number.isInteger(hours) || hours < min || hours > max) {
      return fail({ code: "overlap_out_of_range", min, max });
    }
    const webhook = loaded.value;
    const at = atNow(ctx);
    const oldUntil = hours === 0 ? null : inMs(ctx, hours * hourMs);
    return commitBatch<Webhook>(
      ctx,
      { ...webhook, oldSecretUntil: oldUntil, updatedAt: at.now },
      rotate(at, webhook.id, await newSecret(ctx, { workspaceId: ctx.workspaceId, id: webhook.id }, secret), oldUntil),
      webhookEvent("webhook.rotated", webhook, { oldUntil }),
    );
  },
);
