import { apiDelivery, apiWebhook, apiWebhookStatus } from "../../../shared/contract/webhooks.ts";
import { overlapHours } from "../../../shared/domain/webhooks/webhook.ts";
import { ok } from "../../../shared/result.ts";
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
import type { Handlers } from "./handler.ts";

type WebhookHandlers = Handlers<
  | "listWebhooks"
  | "createWebhook"
  | "webhookStatuses"
  | "showWebhook"
  | "updateWebhook"
  | "deleteWebhook"
  | "enableWebhook"
  | "disableWebhook"
  | "rotateWebhookSecret"
  | "testWebhook"
  | "replayDeliveries"
  | "listDeliveries"
  | "showDelivery"
  | "replayDelivery"
>;

export const webhookHandlers: WebhookHandlers = {
  listWebhooks: async ({ ctx }) => {
    const listed = await listWebhooks(ctx);
    return listed.ok ? ok({ webhooks: listed.value.map(apiWebhook) }) : listed;
  },

  createWebhook: async ({ ctx, body }) => {
    const { url, description = "", events = ["*"], profile = "standard" } = body;
    const secret = newWebhookSecret();
    const created = await createWebhook(ctx, { url, description, events, profile, secret });
    if (!created.ok) return created;
    return ok({ ...apiWebhook(created.value), meta: { secret } });
  },

  webhookStatuses: async ({ ctx }) => {
    const found = await webhookStatus(ctx);
    return found.ok ? ok({ webhooks: found.value.map(apiWebhookStatus) }) : found;
  },

  showWebhook: async ({ ctx, params }) => {
    const loaded = await loadWebhook(ctx, params.number);
    return loaded.ok ? ok(apiWebhook(loaded.value)) : loaded;
  },

  updateWebhook: async ({ ctx, params, body }) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const updated = await updateWebhook(ctx, { number: params.number, ...given });
    if (!updated.ok) return updated;
    return ok(apiWebhook(updated.value));
  },

  deleteWebhook: async ({ ctx, params }) => {
    const deleted = await deleteWebhook(ctx, params.number);
    if (!deleted.ok) return deleted;
    return ok(apiWebhook(deleted.value));
  },

  enableWebhook: async ({ ctx, params }) => {
    const enabled = await enableWebhook(ctx, params.number);
    if (!enabled.ok) return enabled;
    return ok(apiWebhook(enabled.value));
  },

  disableWebhook: async ({ ctx, params }) => {
    const disabled = await disableWebhook(ctx, params.number);
    if (!disabled.ok) return disabled;
    return ok(apiWebhook(disabled.value));
  },

  rotateWebhookSecret: async ({ ctx, params, body }) => {
    const secret = newWebhookSecret();
    const hours = body.overlapHours ?? overlapHours.usual;
    const rotated = await rotateWebhookSecret(ctx, { number: params.number, secret, hours });
    if (!rotated.ok) return rotated;
    return ok({ ...apiWebhook(rotated.value), meta: { secret } });
  },

  testWebhook: async ({ ctx, params }) => {
    const tested = await sendTestEvent(ctx, params.number);
    if (!tested.ok) return tested;
    return ok(apiWebhook(tested.value));
  },

  replayDeliveries: async ({ ctx, params, body }) => {
    const until = body.until === undefined ? null : momentOf(body.until);
    const replayed = await replayDeliveries(ctx, { webhook: params.number, since: momentOf(body.since), until });
    if (!replayed.ok) return replayed;
    const { webhook, since, until: end, replayed: count } = replayed.value;
    const meta = { since, until: end, replayed: count, more: mayHaveMore(replayed.value) };
    return ok({ ...apiWebhook(webhook), meta });
  },

  listDeliveries: async ({ ctx, params, query }) => {
    const { state, limit, before } = query;
    const listed = await listDeliveries(ctx, {
      webhook: params.number,
      state: state ?? null,
      limit: limit ?? 20,
      before: before ?? null,
    });
    return listed.ok ? ok({ deliveries: listed.value.deliveries.map(apiDelivery), next: listed.value.older }) : listed;
  },

  showDelivery: async ({ ctx, params }) => {
    const shown = await showDelivery(ctx, params.number);
    return shown.ok ? ok(apiDelivery(shown.value)) : shown;
  },

  replayDelivery: async ({ ctx, params }) => {
    const replayed = await replayDelivery(ctx, params.number);
    if (!replayed.ok) return replayed;
    return ok(apiDelivery(replayed.value));
  },
};

/** As D1 writes times: they are compared as texts. */
const momentOf = (time: string): string => new Date(time).toISOString();
