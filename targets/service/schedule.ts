/** What cron runs in a target: unfinished work of ended Workers, due callbacks, and what is kept no longer. */
import { type CronJobOf, cronJobsAt } from "../../shared/schedules.ts";
import { takeBackup } from "../../shared/backups/take-backup.ts";
import { deliverDueCallbacks } from "./deliver.ts";
import { pruneCallbacks } from "./prune.ts";
import { log } from "./log.ts";
import type { Target, TargetEnv } from "./target.ts";

type Handler = <Env extends TargetEnv>(env: Env, target: Target<Env>) => Promise<void>;

/** By the names of shared/schedules.ts. */
export const handlers: Record<CronJobOf<"target">, Handler> = {
  unfinished: (env, target) => target.sweep(env, Date.now()),
  callbacks: (env) => deliverDueCallbacks(env),
  settled: (env) => pruneCallbacks(env.DB, Date.now()),
  backupTarget: (env, target) => backUp(env, target),
};

const backUp: Handler = async ({ DB, BACKUPS, CF_VERSION_METADATA }, { name }) => {
  if (BACKUPS === undefined) return;
  const version = CF_VERSION_METADATA ? `${CF_VERSION_METADATA.id} ${CF_VERSION_METADATA.tag}`.trim() : null;
  const made = await takeBackup({ db: DB, bucket: BACKUPS, database: name, version, nowMs: Date.now });
  if (made !== null) log("target.backed_up", { backup: made.backup, isOneMoment: made.isOneMoment });
};

/** One that fails keeps none of the others; its failure is the invocation's, so that the platform counts it. */
export const sweepTarget = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  cron: string,
): Promise<void> => {
  const failures: unknown[] = [];
  for (const name of cronJobsAt("target", cron)) {
    try {
      await handlers[name](env, target);
    } catch (error) {
      log("target.sweep_failed", { step: name, message: String(error) });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
};
