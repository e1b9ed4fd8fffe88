/** The webhooks of a seed and their event filters. */
import { profileNames } from "../../../shared/domain/webhooks/webhook.ts";
import type { SimulatedD1 } from "../platform/d1.ts";
import type { Random } from "../../../test/support/random.ts";
import { pathToken } from "../world/secrets.ts";
import { type Workspace, workspaces } from "../world/workspaces.ts";

export const receiverHost = "hooks.example.com";

export const addressOf = (name: string): string => `https://${receiverHost}/${pathToken}/${name}`;

/** The settings of new webhooks and of edits. */
export const filterLists: readonly (readonly string[])[] = [
  ["*"],
  ["job.*"],
  ["job.completed", "push.*"],
  ["commit.*", "change.staged"],
  ["push.started", "webhook.*", "job.failed"],
];

export interface StartingWebhook {
  workspace: Workspace;
  id: string;
  events: readonly string[];
  profile: string;
}

/** Three seeds in five have no webhook, the others one or two: each event costs a delivery. */
export const drawWebhooks = (random: Random): StartingWebhook[] => {
  const count = random.weighted([
    [6, 0],
    [3, 1],
    [1, 2],
  ]);
  return Array.from({ length: count }, (_, index) => ({
    workspace: random.chance(0.85) ? firstWorkspace : random.pick(workspaces),
    id: `01sim${String(random.uint32()).padStart(20, "0")}${index}`,
    events: random.pick(filterLists),
    profile: random.pick(profileNames),
  }));
};

const firstWorkspace = workspaces[0] as Workspace;

/** At least 24 bytes, as Standard Webhooks requires. */
export const startingSecret = (id: string): string => `whsec_${btoa(`a secret of 24 bytes: ${id}`)}`;

/** Inserts the webhooks into the database, registered by the workspace's admin. */
export const registerWebhooks = (db: SimulatedD1, webhooks: readonly StartingWebhook[], now: string): void => {
  for (const { workspace, id, events, profile } of webhooks) {
    db.transact([
      {
        sql: `INSERT INTO counters (workspace_id, name, value) VALUES (?1, 'webhook', 1)
          ON CONFLICT (workspace_id, name) DO UPDATE SET value = value + 1`,
        values: [workspace.id],
      },
      {
        sql: `INSERT INTO webhook_endpoints (workspace_id, id, number, url, description, events, profile, state, secret, created_by,
            created_at, updated_at)
          VALUES (?1, ?2, (SELECT value FROM counters WHERE workspace_id = ?1 AND name = 'webhook'), ?3, '', ?4, ?5, 'active', ?6, ?7,
            ?8, ?8)`,
        values: [
          workspace.id,
          id,
          addressOf(id),
          JSON.stringify(events),
          profile,
          startingSecret(id),
          workspace.people[0]?.userId ?? "",
          now,
        ],
      },
    ]);
  }
};

/** Whether the filter includes an event, implemented from the documentation and not from the product. */
export const isSubscribed = (filters: readonly string[], type: string): boolean =>
  filters.some(
    (filter) =>
      filter === "*" || filter === type || (filter.endsWith(".*") && type.startsWith(`${filter.split(".")[0]}.`)),
  );
