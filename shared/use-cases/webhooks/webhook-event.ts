import type { EventType } from "../../domain/events/event-types.ts";
import { type Webhook, shownHost } from "../../domain/webhooks/webhook.ts";

type About = Pick<Webhook, "id" | "number" | "url">;

/** An event about a webhook. Its address may hold a secret, so only the host is shown. */
export const webhookEvent = <const Type extends EventType>(
  type: Type,
  { id, number, url }: About,
  data: object = {},
) => ({
  type,
  data: { webhookId: id, number, host: shownHost(url), ...data },
});
