import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in the reference targets. */
export const targetMutants: readonly Mutant[] = [
  {
    name: "a target applies an existing key again",
    patches: [
      {
        file: "targets/service/receipts.ts",
        text: "\"receipts.state <> 'applied' AND receipts.attempt < excluded.attempt\"",
        replacement: '"true"',
      },
      {
        file: "targets/service/apply.ts",
        text: 'if (existing.state === "applied") return ok({ repeated: true });\n',
        replacement: 'if (existing.state === "applied") return null;\n',
      },
    ],
  },
  mutant(
    "a target forgets its fence",
    "targets/service/cancel.ts",
    "  await recordCancel(db, request, request.attempt, nowMs).run();\n",
    "",
  ),
  mutant(
    "a target ignores versions",
    "targets/service/write-rows.ts",
    "    db.prepare(sql).bind(job.portfolioId, job.jobId, now, job.request.actor, JSON.stringify(rows)),\n    assertChanges(db, rows.length),\n",
    "    db.prepare(sql).bind(job.portfolioId, job.jobId, now, job.request.actor, JSON.stringify(rows)),\n",
  ),
  mutant(
    "a target does not report its completion",
    "targets/service/apply.ts",
    '    report("job.completed", { set: { "$.result": "json(result)" } }),\n',
    "",
  ),
  mutant(
    "a target's cron does not deliver what is due",
    "targets/service/schedule.ts",
    "  callbacks: (env) => deliverDueCallbacks(env),\n",
    "  callbacks: () => Promise.resolve(),\n",
  ),
  mutant(
    "d1cv's cron does not verify unfinished commits",
    "targets/d1cv/index.ts",
    "sweep: (env, nowMs) => verifyUnfinished(env.DB, nowMs),",
    "sweep: () => Promise.resolve(),",
  ),
  mutant(
    "ai-agent's cron sends no index task again",
    "targets/ai-agent/index.ts",
    "    await sendDueTasks(env, nowMs);\n",
    "",
  ),
  mutant(
    "a report that is not complete ends the index task",
    "targets/ai-agent/report.ts",
    ") THEN 'open' ELSE 'done' END",
    ") THEN 'done' ELSE 'done' END",
  ),
];
