import { claimStatements, claimedBy } from "../service/deliver.ts";
import { inTrace } from "../service/log.ts";
import { createTargetApp } from "../service/routes.ts";
import { sweepTarget } from "../service/schedule.ts";
import type { Target, TargetEnv } from "../service/target.ts";
import { verifyJob, verifyUnfinished, verifyPortfolio, writeVerification } from "./verify.ts";

/** The portfolio API: rows in D1, deletes are soft. */
const d1cv: Target<TargetEnv> = {
  name: "d1cv",
  deletes: "soft",
  writingPercent: 40,
  stageAfterApply: "verifying",
  vectorCountSql: "NULL",
  syncedWhenApplied: "null",
  effects: (env, job) => Promise.resolve([writeVerification(env.DB, job)]),
  followUp: async ({ DB: db }, job, work) => {
    const nowMs = Date.now();
    const after = claimStatements(db, job, nowMs);
    const verified = await verifyJob(db, job, nowMs, { applied: work?.operations, after });
    return verified && claimedBy(verified);
  },
  sweep: (env, nowMs) => verifyUnfinished(env.DB, nowMs),
  verify: (env, portfolioId) => verifyPortfolio(env.DB, portfolioId),
  describeIndex: null,
  reindex: null,
};

const app = createTargetApp(d1cv);

export default {
  fetch: app.fetch,
  scheduled: ({ cron }, env) => inTrace(null, () => sweepTarget(env, d1cv, cron)),
} satisfies ExportedHandler<TargetEnv>;
