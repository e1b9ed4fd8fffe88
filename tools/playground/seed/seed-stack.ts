/** Loads the portfolio into both targets, through the same protocol as any push, and gives the people their roles. */
import type { TargetClient } from "../../../shared/targets/client.ts";
import type { ApplyRequest } from "../../../shared/targets/protocol.ts";
import { cast } from "../cast.ts";
import { type LocalTarget, type SeedEnv, clientOf, localTargets } from "./local-targets.ts";
import { portfolio, portfolioId } from "./portfolio.ts";
import { seedOutcome } from "./sink.ts";

const workspaceId = "T0CVOPS01";

/** Viktor has no row: who is not a member is a viewer. */
const members = [cast.avery, cast.priya, cast.carla];

const outcomeTimeoutMs = 20_000;
const maxTries = 5;

/**
 * The same id on every start: a target that has applied it says so again instead of applying it twice, so a seed that
 * was interrupted is finished by running it again.
 */
const jobIdOf = (target: LocalTarget): string => `seed-${target}`;

/** Seeds what is not seeded yet. Throws when a target refuses or does not finish, with what it said. */
export const seedStack = async (env: SeedEnv): Promise<void> => {
  const startedMs = Date.now();
  await Promise.all([seedMembers(env.STAGING_DB), ...localTargets.map((target) => seedTarget(env, target))]);
  console.log(JSON.stringify({ event: "seed.done", rows: portfolio.length, durationMs: Date.now() - startedMs }));
};

/** Seeds unless it was seeded before; what people changed since then stays. */
export const seedStackIfEmpty = async (env: SeedEnv): Promise<{ seeded: boolean }> => {
  const done = await Promise.all([
    hasWorkspace(env.STAGING_DB),
    ...localTargets.map((target) => isApplied(env, target)),
  ]);
  if (done.every(Boolean)) return { seeded: false };
  await seedStack(env);
  return { seeded: true };
};

const hasWorkspace = async (db: D1Database): Promise<boolean> =>
  (await db.prepare("SELECT 1 FROM workspaces WHERE workspace_id = ?").bind(workspaceId).first()) !== null;

const seedMembers = async (db: D1Database): Promise<void> => {
  const now = new Date().toISOString();
  await db.batch([
    db
      .prepare(
        `INSERT OR IGNORE INTO workspaces (workspace_id, name, mode, approvals_needed, channel_id, created_at, updated_at)
         VALUES (?1, 'Noor Vega''s portfolio', 'team', 1, NULL, ?2, ?2)`,
      )
      .bind(workspaceId, now),
    ...members.map(({ id, role }) =>
      db
        .prepare(
          `INSERT OR IGNORE INTO members (workspace_id, user_id, role, granted_by, created_at, updated_at)
           VALUES (?1, ?2, ?3, 'seed', ?4, ?4)`,
        )
        .bind(workspaceId, id, role, now),
    ),
  ]);
};

const isApplied = async (env: SeedEnv, target: LocalTarget): Promise<boolean> => {
  const report = await clientOf(env, target).job(jobIdOf(target));
  return report.ok && report.value?.state === "applied";
};

const seedTarget = async (env: SeedEnv, target: LocalTarget): Promise<void> => {
  const client = clientOf(env, target);
  const jobId = jobIdOf(target);
  const known = await client.job(jobId);
  const report = known.ok ? known.value : null;
  if (report?.state === "applied") return;
  const attempt = report?.state === "failed" ? report.attempt + 1 : (report?.attempt ?? 1);

  const outcome = seedOutcome(jobId, outcomeTimeoutMs);
  await send(client, requestFor(target, attempt, client.callbackUrl));
  const webhook = await outcome;
  if (webhook?.type === "job.failed") throw new Error(`${target} could not be seeded: ${webhook.error.message}`);
  if (!webhook && !(await isApplied(env, target))) {
    throw new Error(`${target} took the seed and did not finish within ${outcomeTimeoutMs / 1000} s`);
  }
};

/** Sends the request; again at once when the target could not be reached, as right after a start. */
const send = async (client: TargetClient, request: ApplyRequest): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    const accepted = await client.apply(request);
    if (accepted.ok) return;
    const { code, message } = accepted.reason;
    const worthAnother = code === "unreachable" || code === "unavailable";
    if (!worthAnother || tries === maxTries) throw new Error(`${request.target} could not be seeded: it ${message}`);
  }
};

const requestFor = (target: LocalTarget, attempt: number, callbackUrl: string): ApplyRequest => ({
  type: "apply",
  jobId: jobIdOf(target),
  attempt,
  target,
  portfolioId,
  callbackUrl,
  actor: "seed",
  commit: { number: 0, hash: "seed", message: "The portfolio to start with" },
  operations: { inserts: [...portfolio], updates: [], deletes: [] },
});
