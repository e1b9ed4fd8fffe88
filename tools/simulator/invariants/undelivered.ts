/** Events that a webhook subscribes to and has not received. */
import type { Profile } from "../../../shared/domain/webhooks/webhook.ts";
import { isSubscribed } from "../receivers/webhooks.ts";
import type { World } from "../world/world.ts";

export interface OpenWebhook {
  workspace_id: string;
  id: string;
  number: number;
  events: string;
  profile: Profile;
  state: "active" | "disabled";
  created_at: string;
}

/** Webhooks that are not deleted. */
export const openWebhooks = ({ staging }: World): OpenWebhook[] =>
  staging.rows(
    `SELECT workspace_id, id, number, events, profile, state, created_at FROM webhook_endpoints ORDER BY workspace_id, number`,
  );

export const filtersOf = ({ events }: Pick<OpenWebhook, "events">): string[] => JSON.parse(events) as string[];

/** Describes the undelivered events since the webhook was registered, including the time in which it was disabled. */
export const undeliveredTo = ({ staging }: World, webhook: OpenWebhook): string[] => {
  const filters = filtersOf(webhook);
  return staging
    .rows<{ id: number; type: string; state: string | null }>(
      `SELECT v.id, v.type, d.state FROM job_events v LEFT JOIN webhook_deliveries d
         ON d.workspace_id = v.workspace_id AND d.id = 'msg_' || ?2 || '_' || v.number
       WHERE v.workspace_id = ?1 AND d.state IS NOT 'delivered'
         AND (d.state IS NOT NULL OR v.created_at >= ?3 AND v.type <> 'webhook.tested')`,
      webhook.workspace_id,
      webhook.id,
      webhook.created_at,
    )
    .filter(({ type, state }) => state !== null || isSubscribed(filters, type))
    .map(({ id, type, state }) => `${type} ${id} (${state ?? "no delivery"})`);
};
