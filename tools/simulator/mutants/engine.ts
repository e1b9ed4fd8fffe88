import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in the recording of job outcomes and in the sweeps. */
export const engineMutants: readonly Mutant[] = [
  mutant(
    "what is about a workspace is looked for in the first database",
    "shared/storage/databases.ts",
    "of: (workspaceId) => lookedUp(async () => (await placeOf(workspaceId)).db),",
    "of: () => first,",
  ),
  mutant(
    "a report is recorded in the first database",
    "bot/webhooks/completion.ts",
    "recordOutcome({ ...deps, db, effects }, reported)",
    "recordOutcome({ ...deps, db: deps.databases.first, effects }, reported)",
  ),
  mutant(
    "cron works in the first database alone",
    "bot/schedule.ts",
    'if (per === "service" && db !== first) continue;',
    "if (db !== first) continue;",
  ),
  mutant(
    "a late failure of an older attempt is accepted",
    "shared/domain/pushes/job-outcome.ts",
    `      if (attempt < job.attempt) return "older_attempt";
      return canMove("job", job.state, outcome.kind) ? null : "already_final";`,
    `      return canMove("job", job.state, outcome.kind) ? null : "already_final";`,
  ),
  {
    name: "progress is recorded after the end",
    patches: [
      {
        file: "shared/domain/pushes/job-outcome.ts",
        text: 'return isActiveJob(job) ? null : "already_final";',
        replacement: "return null;",
      },
      {
        file: "shared/storage/pushes/job-writes.ts",
        text: "SET state = 'processing', stage = CASE",
        replacement: "SET state = CASE state WHEN 'pending' THEN 'processing' ELSE state END, stage = CASE",
      },
      {
        file: "shared/storage/pushes/job-writes.ts",
        text: 'WHERE ${isAttempt(at, job)} AND state ${inStates("job", activeJobStates)}`',
        replacement: "WHERE ${isAttempt(at, job)}`",
      },
    ],
  },
  {
    name: "an accepted job starts again after its end, and no trigger prevents it",
    patches: [
      {
        file: "shared/domain/pushes/job-outcome.ts",
        text: 'return job.state === "pending" ? null : "already_known";',
        replacement: "return null;",
      },
      {
        file: "shared/storage/pushes/job-writes.ts",
        text: "waiting_since = NULL, updated_at = ${at.now}\n    WHERE ${isAttempt(at, job)} AND state = 'pending'`",
        replacement: "waiting_since = NULL, updated_at = ${at.now}\n    WHERE ${isAttempt(at, job)}`",
      },
      {
        file: "migrations/0001_staging.sql",
        text: "CREATE TRIGGER job_edges BEFORE UPDATE OF state ON jobs WHEN OLD.state <> NEW.state",
        replacement: "CREATE TRIGGER job_edges BEFORE UPDATE OF state ON jobs WHEN 0",
      },
    ],
  },
  mutant(
    "the next target is not dispatched",
    "shared/use-cases/pushes/record-outcome.ts",
    "  insertPushMessage(at, ctx.newId(), {\n    jobId: next.id,\n    attempt: next.attempt,\n    ...(traceId !== null && { traceId }),\n  }),\n",
    "",
  ),
  mutant(
    "an outcome invalidates no card",
    "shared/use-cases/pushes/record-outcome.ts",
    "    invalidateCardsOf(at, job.pushId),\n    invalidateCardsOf(at, job.id),\n",
    "",
  ),
  mutant(
    "a failure leaves its push running",
    "shared/use-cases/pushes/record-outcome.ts",
    '        movePush(at, job.pushId, "failed"),\n',
    "",
  ),
  mutant(
    "a completion leaves its commit",
    "shared/use-cases/pushes/record-outcome.ts",
    '    moveCommitTarget(at, commitId, job.target, "applied", null),\n',
    "",
  ),
  mutant(
    "a webhook is recorded without an event",
    "shared/use-cases/pushes/record-outcome.ts",
    "    ...moved.events.map((event) => insertEvent(at, event, input.actor, origin.traceId)),\n",
    "",
  ),
  mutant(
    "a silent target counts as failed, unasked",
    "shared/use-cases/pushes/settle-job.ts",
    'const recorded = await record(ctx, job, { kind: "timeout", error: { code: "timeout", message } });',
    'const recorded = await record(ctx, job, { kind: "failed", error: { code: "timeout", message } });',
  ),
  mutant(
    "a job that has not reached the target counts as failed without a fence",
    "shared/use-cases/pushes/settle-job.ts",
    'if (answer.value?.state === "in_progress") return nothingYet;',
    'if (answer.value?.state === "in_progress") return nothingYet;\n  if (answer.value === null) return { outcome: { kind: "failed", error: notApplied(job) } };',
  ),
  {
    name: "only the alarm settles overdue jobs",
    patches: [
      { file: "bot/schedule.ts", text: "  settle,\n", replacement: "" },
      { file: "bot/schedule.ts", text: "...overdue.map(", replacement: "...[].map(" },
    ],
  },
  mutant(
    "the alarm is not set again",
    "bot/jobs/job-orchestrator.ts",
    "if (next) await this.watch(workspaceId, Math.max(Date.parse(next), soonestMs));",
    "void [next, soonestMs];",
  ),
  mutant("the sweep does not wake the outbox of outdated cards", "bot/schedule.ts", "...stale.map(", "...[].map("),
  mutant(
    "the outbox keeps what it has sent",
    "shared/use-cases/relay-outbox.ts",
    "  if (sent.length > 0) await writeQuietly(ctx.db, [deleteOutbox(rowsOf(sent))]);\n",
    "",
  ),
  {
    name: "two unfinished jobs of one commit and target",
    patches: [
      {
        file: "migrations/0001_staging.sql",
        text: "CREATE UNIQUE INDEX jobs_unfinished ON",
        replacement: "CREATE INDEX jobs_unfinished ON",
      },
      {
        file: "shared/use-cases/pushes/write-push.ts",
        text: 'mustChange(moveCommitTarget(at, commit.id, first.target, "in_flight", null)),',
        replacement: 'moveCommitTarget(at, commit.id, first.target, "in_flight", null),',
      },
    ],
  },
];
