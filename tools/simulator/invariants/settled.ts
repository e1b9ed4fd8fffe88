/** Whether any work is still in progress. */
import type { World } from "../world/world.ts";

const completionTimeoutMs = 300_000;
const graceMs = 60_000;

/** A timeout, a minute, and the clock difference between Workers. */
export const settleLimitMs = (world: World): number => {
  const skews = [...world.runtime.clockSkewMs.values(), 0];
  return completionTimeoutMs + graceMs + Math.max(...skews) - Math.min(...skews) + 5000;
};

export const unsettledJobs = (world: World): string[] =>
  world.staging
    .rows<{ id: string; state: string; target: string }>(
      `SELECT id, state, target FROM jobs WHERE state IN ('pending', 'processing', 'timeout') AND dispatched_at IS NOT NULL`,
    )
    .map(({ id, state, target }) => `job ${id} to ${target} is still ${state}`);

const count = (rows: { total: number }[]): number => rows[0]?.total ?? 0;

/** Other work that must complete: messages, callbacks, index tasks, cards. */
export const unfinished = (world: World): string[] => {
  const { staging, d1cv, aiAgent, queues } = world;
  const waiting: [string, number][] = [
    ["outbox rows", count(staging.rows("SELECT COUNT(*) AS total FROM outbox"))],
    [
      "cards out of date",
      count(
        staging.rows(
          `SELECT COUNT(*) AS total FROM cards c LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
           WHERE c.shown_version < c.desired_version AND c.retired_reason IS NULL AND (p.id IS NULL OR p.ts IS NOT NULL OR p.retired_reason IS NULL)`,
        ),
      ),
    ],
    ["callbacks of d1cv", count(d1cv.rows("SELECT COUNT(*) AS total FROM callbacks WHERE state = 'pending'"))],
    ["callbacks of ai-agent", count(aiAgent.rows("SELECT COUNT(*) AS total FROM callbacks WHERE state = 'pending'"))],
    ["verifications of d1cv", count(d1cv.rows("SELECT COUNT(*) AS total FROM verifications"))],
    [
      "vectors behind their rows",
      count(
        aiAgent.rows(
          "SELECT COUNT(*) AS total FROM vectors WHERE desired_version IS NULL OR indexed_version IS NOT desired_version",
        ),
      ),
    ],
    ["index tasks", count(aiAgent.rows("SELECT COUNT(*) AS total FROM index_tasks WHERE state = 'open'"))],
    ["deliveries", count(staging.rows("SELECT COUNT(*) AS total FROM webhook_deliveries WHERE state = 'pending'"))],
    ["webhooks of targets", world.runtime.webhooksUnderWay],
    ["commands without an answer", world.storedKeys("command:")],
    ...Object.values(queues).map(({ settings, pending }): [string, number] => [
      `messages of ${settings.name}`,
      pending,
    ]),
  ];
  return waiting.filter(([, left]) => left > 0).map(([what, left]) => `${left} ${what} are left`);
};
