import type { Webhook } from "../../domain/webhooks/webhook.ts";
import { type Result, ok } from "../../result.ts";
import { webhooksQuery } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

/** In the order in which they were made. Their addresses may hold secrets, so this is for who looks after them. */
export const listWebhooks = async (ctx: UseCaseContext): Promise<Result<Webhook[], Refused>> => {
  const [session, webhooks] = await openSession(ctx, webhooksQuery(ctx.workspaceId));
  const allowed = permit(session, "webhooks");
  return allowed.ok ? ok(webhooks) : allowed;
};
