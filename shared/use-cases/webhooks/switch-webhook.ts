import { canMove } from "../../domain/states.ts";
import { type Webhook, untroubled } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { failPending } from "../../storage/webhooks/deliveries.ts";
import { disableWebhook as disable, enableWebhook as enable } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type WriteRefusal, commitBatch, repeatable } from "../session.ts";
import { webhookEvent } from "./webhook-event.ts";

export type SwitchWebhookReason = WriteRefusal<"webhook_not_found" | "webhook_state_unchanged">;

/** Nothing is sent from now on. What waits is kept as failed, and what happens meanwhile can be replayed as well. */
export const disableWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SwitchWebhookReason>> => {
    const loaded = await loadToSwitch(ctx, number, "disabled");
    if (!loaded.ok) return loaded;
    const at = atNow(ctx);
    const { id } = loaded.value;
    const disabled = { state: "disabled", disabledReason: "person", disabledAt: at.now } as const;
    const value: Webhook = { ...loaded.value, ...disabled, updatedAt: at.now };
    const event = webhookEvent("webhook.disabled", value, { reason: "person" });
    return commitBatch(ctx, value, [disable(at, id, "person"), failPending(at, id)], event);
  },
);

/** What it has failed before counts no more; what was not delivered waits until it is replayed. */
export const enableWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SwitchWebhookReason>> => {
    const loaded = await loadToSwitch(ctx, number, "active");
    if (!loaded.ok) return loaded;
    const at = atNow(ctx);
    const { id } = loaded.value;
    const value: Webhook = { ...loaded.value, ...untroubled, updatedAt: at.now };
    const event = webhookEvent("webhook.enabled", value);
    return commitBatch(ctx, value, [enable(at, id), invalidateCards(at, [id])], event);
  },
);

const loadToSwitch = async (
  ctx: UseCaseContext,
  number: number,
  to: Webhook["state"],
): Promise<Result<Webhook, Exclude<SwitchWebhookReason, { code: "conflict" }>>> => {
  const loaded = await loadWebhook(ctx, number);
  if (!loaded.ok) return loaded;
  const { state } = loaded.value;
  return canMove("webhook", state, to) ? loaded : fail({ code: "webhook_state_unchanged", number, state });
};
