/** The refusals that are about webhooks and what is sent to them, in plain words for whoever writes the program. */
import type { CreateWebhookReason } from "../../shared/use-cases/webhooks/create-webhook.ts";
import type { DeliveryNotFound } from "../../shared/use-cases/webhooks/list-deliveries.ts";
import type { ReplayReason } from "../../shared/use-cases/webhooks/replay-deliveries.ts";
import type { RotateWebhookReason } from "../../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import type { Forbidden, NotWritten } from "../../shared/use-cases/session.ts";
import type { SwitchWebhookReason } from "../../shared/use-cases/webhooks/switch-webhook.ts";
import type { UpdateWebhookReason } from "../../shared/use-cases/webhooks/update-webhook.ts";

export type WebhookReason = Exclude<
  | CreateWebhookReason
  | UpdateWebhookReason
  | SwitchWebhookReason
  | RotateWebhookReason
  | ReplayReason
  | DeliveryNotFound,
  Forbidden | NotWritten
>;

export const explainWebhookReason = (reason: WebhookReason): string => {
  switch (reason.code) {
    case "webhook_not_found":
      return `There is no webhook ${reason.number}. GET /v2/webhooks lists them.`;
    case "delivery_not_found":
      return `There is no delivery ${reason.number}. GET /v2/webhooks/{number}/deliveries lists those of a webhook.`;
    case "webhook_state_unchanged":
      return `Webhook ${reason.number} is ${reason.state} already.`;
    case "webhook_disabled":
      return `Webhook ${reason.number} is disabled, so nothing is sent there. POST /v2/webhooks/${reason.number}/enable first.`;
    case "delivery_pending":
      return `Delivery ${reason.number} is on its way already.`;
    case "invalid_time_range":
      return "/since has to come before /until, and before now.";
    case "overlap_out_of_range":
      return `/overlapHours is a whole number from ${reason.min} to ${reason.max}.`;
    case "too_many_webhooks":
      return `A workspace has ${reason.max} webhooks at most. Remove one first.`;
    case "url_not_allowed":
      return `/url ${reason.message}. For example https://hooks.example.com/cv.`;
    case "url_too_long":
      return `/url has ${reason.length} characters; it may have ${reason.maxLength}.`;
    case "events_required":
      return '/events names at least one filter: "*" for all, a family such as "job.*", a type such as "commit.approved".';
    case "unknown_event":
    case "unknown_profile":
      return `There is no "${reason.typed}" here. ${reason.suggestion ? `Did you mean "${reason.suggestion}"? ` : ""}There are: ${reason.allowed.join(", ")}.`;
    case "description_too_long":
      return `/description has ${reason.length} characters; it may have ${reason.maxLength}.`;
  }
};
