import type { Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, fail, ok } from "../../result.ts";
import { webhookQuery } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";

/** A webhook for somebody who may look after it. */
export const loadWebhook = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<Webhook, ReadRefusal<"webhook_not_found">>> => {
  const [session, webhook] = await openSession(ctx, webhookQuery(ctx.workspaceId, { number }));
  const allowed = permit(session, "webhooks");
  if (!allowed.ok) return allowed;
  return webhook ? ok(webhook) : fail({ code: "webhook_not_found", number });
};
