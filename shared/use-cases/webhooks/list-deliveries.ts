import type { DeliveryState } from "../../domain/states.ts";
import type { Delivery, Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { deliveryPageQueries, deliveryQuery } from "../../storage/webhooks/deliveries.ts";
import type { UseCaseContext } from "../context.ts";
import { loadWebhook } from "./load-webhook.ts";
import { type Pages, pageOf } from "../pages.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";

export interface ListDeliveriesInput {
  /** Number of the webhook. */
  webhook: number;
  state: DeliveryState | null;
  limit: number;
  /** Only deliveries with lower numbers; null for the newest. */
  before: number | null;
}

export interface DeliveryPage extends Pages {
  webhook: Webhook;
  deliveries: Delivery[];
}

/** What became of a webhook's deliveries, newest first, by page. */
export const listDeliveries = async (
  ctx: UseCaseContext,
  { webhook: number, state, limit, before }: ListDeliveriesInput,
): Promise<Result<DeliveryPage, ReadRefusal<"webhook_not_found">>> => {
  const loaded = await loadWebhook(ctx, number);
  if (!loaded.ok) return loaded;
  const { db, workspaceId } = ctx;
  const webhook = loaded.value;
  const [deliveries, above] = await read(
    db,
    ...deliveryPageQueries(workspaceId, { webhookId: webhook.id, state }, { before, limit }),
  );
  const { shown, pages } = pageOf(deliveries, above, limit, (delivery) => delivery.number);
  return ok({ webhook, deliveries: shown, ...pages });
};

export const showDelivery = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<Delivery, ReadRefusal<"delivery_not_found">>> => {
  const [session, delivery] = await openSession(ctx, deliveryQuery(ctx.workspaceId, number));
  const allowed = permit(session, "webhooks");
  if (!allowed.ok) return allowed;
  return delivery ? ok(delivery) : fail({ code: "delivery_not_found", number });
};
