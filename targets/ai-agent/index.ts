import { onRead, refuse } from "../service/handlers.ts";
import { inTrace } from "../service/log.ts";
import { createTargetApp } from "../service/routes.ts";
import { sweepTarget } from "../service/schedule.ts";
import type { Target } from "../service/target.ts";
import type { AiAgentEnv } from "./bindings.ts";
import { recordReindex, reindexTasks } from "./reindex.ts";
import { search, searchQuery } from "./search.ts";
import { pruneTasks, sendDueTasks, sendTasks, writeIndexTasks } from "./tasks.ts";
import { verifyPortfolio } from "./verify.ts";
import { describeIndex } from "./describe-index.ts";
import { vectorCountSql } from "./report.ts";

export { IndexRows } from "./index-rows.ts";

/** Semantic search: rows in D1, their vectors in Vectorize. Deletes are permanent. */
const aiAgent: Target<AiAgentEnv> = {
  name: "ai-agent",
  deletes: "hard",
  writingPercent: 30,
  stageAfterApply: "indexing",
  vectorCountSql,
  syncedWhenApplied: "false",
  effects: (env, job) => writeIndexTasks(env.DB, job),
  followUp: async (env, job, work) => {
    const due = work?.effects.at(-1);
    await (due ? sendTasks(env, due) : sendDueTasks(env, Date.now(), job));
    return null;
  },
  sweep: async (env, nowMs) => {
    await sendDueTasks(env, nowMs);
    await pruneTasks(env.DB, nowMs);
  },
  verify: verifyPortfolio,
  describeIndex: ({ VECTORIZE }) => describeIndex(VECTORIZE),
  reindex: { record: recordReindex, followUp: (env, key, nowMs) => sendDueTasks(env, nowMs, reindexTasks(key)) },
};

const app = createTargetApp(aiAgent);

app.get(
  "/api/search",
  onRead<AiAgentEnv>(async (c, portfolioId) => {
    const query = searchQuery.safeParse({ q: c.req.query("q"), limit: c.req.query("limit") });
    if (query.success) return c.json(await search(c.env, portfolioId, query.data));
    return refuse(c, { code: "invalid_request", message: "q: 1 to 500 characters; limit: 1 to 50" });
  }),
);

export default {
  fetch: app.fetch,
  scheduled: ({ cron }, env) => inTrace(null, () => sweepTarget(env, aiAgent, cron)),
} satisfies ExportedHandler<AiAgentEnv>;
