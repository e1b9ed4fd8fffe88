import { Hono, type Context } from "hono";
import { isEntityType } from "../../shared/domain/portfolio/registry.ts";
import { ok, type Result } from "../../shared/result.ts";
import {
  applyRequest,
  cancelRequest,
  reindexRequest,
  type CancelAnswer,
  type JobReport,
  type ReindexAnswer,
  type TargetRow,
} from "../../shared/targets/protocol.ts";
import { traceIdOf } from "../../shared/trace.ts";
import { applyCommit } from "./apply.ts";
import { authorizeRead, readSigned } from "./authentication.ts";
import { cancelJob } from "./cancel.ts";
import { configOf } from "./config.ts";
import { deliverCallbacks, deliverDueCallbacks } from "./deliver.ts";
import { log } from "./log.ts";
import { readReceipt, reportOf } from "./receipts.ts";
import { answerOf, type Refusal } from "./refusal.ts";
import { readRows, type Row } from "./rows.ts";
import type { Target, TargetEnv } from "./target.ts";

/** The routes of the target protocol. Paths and bodies are those of docs/reference/target-protocol.md. */
export const createTargetApp = <Env extends TargetEnv>(target: Target<Env>): Hono<{ Bindings: Env }> => {
  const app = new Hono<{ Bindings: Env }>();
  const expected = (c: Context<{ Bindings: Env }>) => ({
    target: target.name,
    config: configOf(c.env),
    nowMs: Date.now(),
  });

  app.post("/api/admin/apply", async (c) => {
    const nowMs = Date.now();
    const signed = await readSigned(c.req.raw, applyRequest, expected(c));
    if (!signed.ok) return refuse(c, signed.reason);
    const { portfolioId, jobId, attempt } = signed.value;
    const key = c.req.header("idempotency-key");
    if (key !== undefined && key !== jobId) return refuse(c, invalid("Idempotency-Key: must be the body's jobId"));

    const traceparent = c.req.header("traceparent") ?? null;
    const traceId = traceIdOf(traceparent);
    // An invalid header counts as absent (w3.org/TR/trace-context, "Processing model").
    const context = { traceparent: traceId === null ? null : traceparent, nowMs };
    const applied = await applyCommit(c.env, target, signed.value, context);
    const outcome = applied.ok ? "applied" : applied.reason.code;
    log("target.apply", { portfolioId, jobId, attempt, traceId, outcome, durationMs: Date.now() - nowMs });
    if (!applied.ok) return refuse(c, applied.reason);
    c.executionCtx.waitUntil(afterApply(c.env, target, { portfolioId, jobId }));
    return c.json({ accepted: true }, 202);
  });

  app.get("/api/admin/jobs/:jobId", async (c) => {
    const jobId = c.req.param("jobId");
    const portfolioId = c.req.query("portfolio") ?? "";
    const allowed = await authorizeRead(c.req.raw.headers, portfolioId, configOf(c.env));
    if (!allowed.ok) return refuse(c, allowed.reason);
    const existing = await readReceipt(c.env.DB, { portfolioId, jobId });
    if (!existing) return refuse(c, { code: "not_found", message: "No job has this id." });
    return c.json(reportOf(jobId, existing, target.stageAfterApply) satisfies JobReport);
  });

  app.post("/api/admin/jobs/:jobId/cancel", async (c) => {
    const signed = await readSigned(c.req.raw, cancelRequest, expected(c));
    if (!signed.ok) return refuse(c, signed.reason);
    const { portfolioId, jobId, attempt } = signed.value;
    if (jobId !== c.req.param("jobId")) return refuse(c, invalid("jobId: must be the path's"));
    const answer = await cancelJob(c.env.DB, signed.value, Date.now());
    const traceId = traceIdOf(c.req.header("traceparent"));
    log("target.cancel", { portfolioId, jobId, attempt, traceId, outcome: answer.state });
    return c.json(answer satisfies CancelAnswer);
  });

  app.get("/api/admin/verify", async (c) => {
    const portfolioId = c.req.query("portfolio") ?? "";
    const allowed = await authorizeRead(c.req.raw.headers, portfolioId, configOf(c.env));
    if (!allowed.ok) return refuse(c, allowed.reason);
    return c.json(await target.verify(c.env, portfolioId));
  });

  addReindex(app, target);
  addReads(app, target);
  app.notFound((c) => refuse(c, { code: "not_found", message: "There is no such address." }));
  app.onError((error, c) => {
    log("target.error", { path: c.req.path, name: error.name, message: error.message, stack: error.stack ?? null });
    return c.json({ error: "internal", message: "The target failed; send the same request again." }, 500);
  });
  return app;
};

const addReindex = <Env extends TargetEnv>(app: Hono<{ Bindings: Env }>, target: Target<Env>): void => {
  app.post("/api/admin/reindex", async (c) => {
    const nowMs = Date.now();
    const signed = await readSigned(c.req.raw, reindexRequest, { target: target.name, config: configOf(c.env), nowMs });
    if (!signed.ok) return refuse(c, signed.reason);
    const { reindex } = target;
    if (!reindex) return refuse(c, { code: "not_supported", message: "This target has no index to rebuild." });
    const { portfolioId, requestId } = signed.value;
    const rows = await reindex.record(c.env, { portfolioId, requestId }, nowMs);
    const traceId = traceIdOf(c.req.header("traceparent"));
    log("target.reindex", { portfolioId, requestId, traceId, rows, durationMs: Date.now() - nowMs });
    const followUp = reindex.followUp(c.env, { portfolioId, requestId }, nowMs).catch((error: unknown) => {
      // Unfinished work is recorded, and cron continues it.
      log("target.follow_up_failed", { portfolioId, requestId, message: String(error) });
    });
    c.executionCtx.waitUntil(followUp);
    return c.json({ accepted: true, rows } satisfies ReindexAnswer, 202);
  });
};

const addReads = <Env extends TargetEnv>(app: Hono<{ Bindings: Env }>, target: Target<Env>): void => {
  app.get("/api/portfolios/:portfolioId/:entityType", async (c) => {
    const ids = c.req.query("ids");
    const rows = await requestedRows(c, target, ids === undefined ? null : ids.split(",").filter((id) => id !== ""));
    return rows.ok ? c.json({ rows: rows.value }) : refuse(c, rows.reason);
  });

  app.get("/api/portfolios/:portfolioId/:entityType/:id", async (c) => {
    const rows = await requestedRows(c, target, [c.req.param("id")]);
    if (!rows.ok) return refuse(c, rows.reason);
    const [row] = rows.value;
    return row ? c.json({ row }) : refuse(c, { code: "not_found", message: "There is no such row." });
  });
};

/** The cron job of a target: due callbacks, and the unfinished work of ended Workers. */
export const sweepTarget = async <Env extends TargetEnv>(env: Env, target: Target<Env>): Promise<void> => {
  try {
    await target.sweep(env, Date.now());
  } finally {
    await deliverDueCallbacks(env);
  }
};

const afterApply = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  job: { portfolioId: string; jobId: string },
): Promise<void> => {
  const followUp = target.followUp(env, job).catch((error: unknown) => {
    // Unfinished work is recorded, and cron continues it.
    log("target.follow_up_failed", { ...job, message: error instanceof Error ? error.message : String(error) });
  });
  await Promise.all([followUp, deliverCallbacks(env, job)]);
  await deliverCallbacks(env, job);
};

const requestedRows = async <Env extends TargetEnv>(
  c: Context<{ Bindings: Env }>,
  target: Target<Env>,
  ids: string[] | null,
): Promise<Result<TargetRow[], Refusal>> => {
  const portfolioId = c.req.param("portfolioId") ?? "";
  const entityType = c.req.param("entityType") ?? "";
  const allowed = await authorizeRead(c.req.raw.headers, portfolioId, configOf(c.env));
  if (!allowed.ok) return allowed;
  if (!isEntityType(entityType))
    return { ok: false, reason: { code: "not_found", message: "There is no such entity." } };
  const withDeleted = c.req.query("include") === "deleted";
  const rows = await readRows(c.env.DB, target.deletes, portfolioId, entityType, { ids, withDeleted });
  return ok(rows.map(toTargetRow));
};

const toTargetRow = ({ id, version, values, deletedAt }: Row): TargetRow => ({
  id,
  version: String(version),
  values,
  deletedAt,
});

const invalid = (message: string): Refusal => ({ code: "invalid_request", message });

/** Returns a refusal, and logs its cause. */
export const refuse = <Env extends TargetEnv>(c: Context<{ Bindings: Env }>, refusal: Refusal): Response => {
  const { status, body } = answerOf(refusal);
  log("target.refused", {
    path: c.req.path,
    code: refusal.code,
    ...(refusal.code === "unauthorized" ? { cause: refusal.cause } : {}),
  });
  return c.json(body, status);
};
