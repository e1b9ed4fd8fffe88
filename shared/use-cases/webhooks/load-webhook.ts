import type { Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, fail, ok } from "../../result.ts";
import { webhookQuery } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface WebhookNotFound {
  code: "webhook_not_found";
  number: number;
}

/** A webhook for somebody who may look after it. */
export const loadWebhook = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<Webhook, Refused | WebhookNotFound>> => {
  const [session, webhook] = await openSession(ctx, webhookQuery(ctx.workspaceId, { number }));
  const allowed = permit(session, "webhooks");
  if (!allowed.ok) return allowed;
  return webhook ? ok(webhook) : fail({ code: "webhook_not_found", number });
};
