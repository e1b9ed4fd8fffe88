import type { DeliveryRates, WebhookStatus } from "../../domain/webhooks/webhook.ts";
import { type Result, ok } from "../../result.ts";
import {
  createdCountsQuery,
  endedCountsQuery,
  failedCountsQuery,
  pendingCountsQuery,
} from "../../storage/webhooks/delivery-counts.ts";
import { webhooksQuery } from "../../storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";
import { hourMs } from "../../domain/time.ts";

const none = { delivered: 0, failed: 0 };

/** How the deliveries to webhooks go, one by one. */
export const webhookStatus = async (ctx: UseCaseContext): Promise<Result<WebhookStatus[], Refused>> => {
  const { workspaceId } = ctx;
  const nowMs = ctx.nowMs();
  const ago = (hours: number): string => new Date(nowMs - hours * hourMs).toISOString();
  const since = { recent: ago(1), day: ago(24) };
  const [session, webhooks, ended, created, pending, failed] = await openSession(
    ctx,
    webhooksQuery(workspaceId),
    endedCountsQuery(workspaceId, since),
    createdCountsQuery(workspaceId, since),
    pendingCountsQuery(workspaceId),
    failedCountsQuery(workspaceId),
  );
  const allowed = permit(session, "webhooks");
  if (!allowed.ok) return allowed;
  return ok(
    webhooks.map((webhook): WebhookStatus => {
      const own = <T extends { webhookId: string }>(rows: readonly T[]): T | undefined =>
        rows.find(({ webhookId }) => webhookId === webhook.id);
      const ends = own(ended) ?? { recent: none, day: none };
      const made = own(created) ?? { recent: 0, day: 0 };
      const waits = own(pending);
      return {
        webhook,
        hour: ratesOf(made.recent, ends.recent),
        day: ratesOf(made.day, ends.day),
        pending: waits?.count ?? 0,
        lagMs: waits ? Math.max(0, nowMs - Date.parse(waits.oldest)) : 0,
        growth: made.recent - ends.recent.delivered - ends.recent.failed,
        failed: own(failed)?.count ?? 0,
      };
    }),
  );
};

const ratesOf = (created: number, { delivered, failed }: { delivered: number; failed: number }): DeliveryRates => {
  const ended = delivered + failed;
  return { created, delivered, failed, rate: ended === 0 ? null : delivered / ended };
};
