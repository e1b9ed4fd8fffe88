import { canMove } from "../../domain/states.ts";
import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";
import { type Result, fail } from "../../result.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { assertChanges } from "../../storage/database.ts";
import { failPending } from "../../storage/webhooks/deliveries.ts";
import { disableWebhook as disable, enableWebhook as enable } from "../../storage/webhooks/webhooks.ts";
import { type UseCaseContext, nowOf } from "../context.ts";
import { type WebhookNotFound, loadWebhook } from "./load-webhook.ts";
import { type Forbidden, type NotWritten, commitBatch, repeatable } from "../session.ts";

export type SwitchWebhookReason =
  | Forbidden
  | NotWritten
  | WebhookNotFound
  | { code: "webhook_state_unchanged"; number: number; state: Webhook["state"] };

/** Nothing is sent from now on. What waits is kept as failed, and what happens meanwhile can be replayed as well. */
export const disableWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SwitchWebhookReason>> => {
    const loaded = await loadToSwitch(ctx, number, "disabled");
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const now = nowOf(ctx);
    const { id, url } = loaded.value;
    const value: Webhook = {
      ...loaded.value,
      state: "disabled",
      disabledReason: "person",
      disabledAt: now,
      updatedAt: now,
    };
    return commitBatch(
      ctx,
      value,
      [disable(db, workspaceId, id, "person", now), assertChanges(db), failPending(db, workspaceId, id, now)],
      { type: "webhook.disabled", data: { webhookId: id, number, host: shownHost(url), reason: "person" } },
    );
  },
);

/** What it has failed before counts no more; what was not delivered waits until it is replayed. */
export const enableWebhook = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<Webhook, SwitchWebhookReason>> => {
    const loaded = await loadToSwitch(ctx, number, "active");
    if (!loaded.ok) return loaded;
    const { db, workspaceId } = ctx;
    const now = nowOf(ctx);
    const { id, url } = loaded.value;
    const value: Webhook = {
      ...loaded.value,
      state: "active",
      disabledReason: null,
      disabledAt: null,
      failures: 0,
      failingSince: null,
      lastError: null,
      updatedAt: now,
    };
    return commitBatch(
      ctx,
      value,
      [enable(db, workspaceId, id, now), assertChanges(db), invalidateCards(db, workspaceId, [id], now)],
      { type: "webhook.enabled", data: { webhookId: id, number, host: shownHost(url) } },
    );
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
