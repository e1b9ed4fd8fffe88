import type { Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, fail, ok } from "../../result.ts";
import { webhookQuery } from "../../storage/webhooks/webhooks.ts";
import type { VerbContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface NoSuchWebhook {
  code: "no_such_webhook";
  number: number;
}

/** A webhook for somebody who may look after it. */
export const loadWebhook = async (
  ctx: VerbContext,
  number: number,
): Promise<Result<Webhook, Refused | NoSuchWebhook>> => {
  const [session, webhook] = await openSession(ctx, webhookQuery(ctx.db, ctx.workspaceId, { number }));
  const allowed = permit(session, "webhooks");
  if (!allowed.ok) return allowed;
  return webhook ? ok(webhook) : fail({ code: "no_such_webhook", number });
};
