import { type Webhook, overlapHours, shownHost } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { assertChanges } from "../../storage/database.ts";
import { rotateWebhookSecret as rotate } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import { type WebhookNotFound, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitUnrepeatable } from "../session.ts";

export interface RotateWebhookInput {
  number: number;
  /** A new `whsec_` secret: who asks is shown it this once. */
  secret: string;
  /** How long the secret before signs as well. */
  hours: number;
}

export type RotateWebhookReason =
  | Forbidden
  | NotWritten
  | WebhookNotFound
  | { code: "overlap_out_of_range"; min: number; max: number };

/** As with a new webhook, the result is not saved. */
export const rotateWebhookSecret = async (
  ctx: UseCaseContext,
  { number, secret, hours }: RotateWebhookInput,
): Promise<Result<Webhook, RotateWebhookReason>> => {
  const loaded = await loadWebhook(ctx, number);
  if (!loaded.ok) return loaded;
  const { min, max } = overlapHours;
  if (!Number.isInteger(hours) || hours < min || hours > max) {
    return fail({ code: "overlap_out_of_range", min, max });
  }
  const { db, workspaceId } = ctx;
  const { id, url } = loaded.value;
  const now = nowOf(ctx);
  const oldUntil = hours === 0 ? null : inMs(ctx, hours * 3_600_000);
  return commitUnrepeatable<Webhook>(
    ctx,
    { ...loaded.value, oldSecretUntil: oldUntil, updatedAt: now },
    [rotate(db, workspaceId, id, { secret, oldUntil }, now), assertChanges(db)],
    { type: "webhook.rotated", data: { webhookId: id, number, host: shownHost(url), oldUntil } },
  );
};
