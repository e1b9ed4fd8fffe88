import { apiDelivery, apiWebhook, apiWebhookStatus } from "../../../shared/contract/webhooks.ts";
import { defined } from "../../../shared/defined.ts";
import { overlapHours } from "../../../shared/domain/webhooks/webhook.ts";
import { createWebhook } from "../../../shared/use-cases/webhooks/create-webhook.ts";
import { deleteWebhook } from "../../../shared/use-cases/webhooks/delete-webhook.ts";
import { listDeliveries, showDelivery } from "../../../shared/use-cases/webhooks/list-deliveries.ts";
import { listWebhooks } from "../../../shared/use-cases/webhooks/list-webhooks.ts";
import { loadWebhook } from "../../../shared/use-cases/webhooks/load-webhook.ts";
import { mayHaveMore, replayDeliveries, replayDelivery } from "../../../shared/use-cases/webhooks/replay-deliveries.ts";
import { rotateWebhookSecret } from "../../../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import { sendTestEvent } from "../../../shared/use-cases/webhooks/send-test-event.ts";
import { disableWebhook, enableWebhook } from "../../../shared/use-cases/webhooks/switch-webhook.ts";
import { updateWebhook } from "../../../shared/use-cases/webhooks/update-webhook.ts";
import { webhookStatus } from "../../../shared/use-cases/webhooks/webhook-status.ts";
import { newWebhookSecret } from "../../../shared/webhook-secret.ts";
import type { ShownOnce } from "../../../shared/use-cases/session.ts";
import type { Webhook } from "../../../shared/domain/webhooks/webhook.ts";
import { secretHint } from "../secrets.ts";
import { type Handlers, answer } from "./handler.ts";

export const webhookHandlers = {
  listWebhooks: ({ ctx }) => answer(listWebhooks(ctx), (webhooks) => ({ webhooks: webhooks.map(apiWebhook) })),

  createWebhook: ({ ctx, body: { url, description = "", events = ["*"], profile = "standard" } }) => {
    const secret = newWebhookSecret();
    return answer(createWebhook(ctx, { url, description, events, profile, secret }), withSecret);
  },

  webhookStatuses: ({ ctx }) =>
    answer(webhookStatus(ctx), (statuses) => ({ webhooks: statuses.map(apiWebhookStatus) })),

  showWebhook: ({ ctx, params }) => answer(loadWebhook(ctx, params.number), apiWebhook),

  updateWebhook: ({ ctx, params, body }) =>
    answer(updateWebhook(ctx, { number: params.number, ...defined(body) }), apiWebhook),

  deleteWebhook: ({ ctx, params }) => answer(deleteWebhook(ctx, params.number), apiWebhook),

  enableWebhook: ({ ctx, params }) => answer(enableWebhook(ctx, params.number), apiWebhook),

  disableWebhook: ({ ctx, params }) => answer(disableWebhook(ctx, params.number), apiWebhook),

  rotateWebhookSecret: ({ ctx, params: { number }, body }) => {
    const secret = newWebhookSecret();
    const hours = body.overlapHours ?? overlapHours.usual;
    return answer(rotateWebhookSecret(ctx, { number, secret, hours }), withSecret);
  },

  testWebhook: ({ ctx, params }) => answer(sendTestEvent(ctx, params.number), apiWebhook),

  replayDeliveries: ({ ctx, params, body }) => {
    const until = body.until === undefined ? null : momentOf(body.until);
    const input = { webhook: params.number, since: momentOf(body.since), until };
    return answer(replayDeliveries(ctx, input), ({ webhook, since, until: end, replayed }) => ({
      ...apiWebhook(webhook),
      meta: { since, until: end, replayed, more: mayHaveMore({ replayed }) },
    }));
  },

  listDeliveries: ({ ctx, params, query: { state = null, limit = 20, before = null } }) =>
    answer(listDeliveries(ctx, { webhook: params.number, state, limit, before }), ({ deliveries, older }) => ({
      deliveries: deliveries.map(apiDelivery),
      next: older,
    })),

  showDelivery: ({ ctx, params }) => answer(showDelivery(ctx, params.number), apiDelivery),

  replayDelivery: ({ ctx, params }) => answer(replayDelivery(ctx, params.number), apiDelivery),
} satisfies Partial<Handlers>;

const withSecret = ({ secret, ...webhook }: ShownOnce<Webhook>) => ({
  ...apiWebhook(webhook),
  meta: { secret, hint: secret === null ? secretHint(webhook.number) : null },
});

/** As D1 writes times: they are compared as texts. */
const momentOf = (time: string): string => new Date(time).toISOString();
