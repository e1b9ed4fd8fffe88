import { Hono, type Context } from "hono";
import { isEntityType } from "../../shared/domain/portfolio/registry.ts";
import {
  applyRequest,
  cancelRequest,
  pingRequest,
  reindexRequest,
  type CancelAnswer,
  type JobReport,
  type PingAnswer,
  type ReindexAnswer,
  type TargetRow,
} from "../../shared/targets/protocol.ts";
import { traceIdOf } from "../../shared/trace.ts";
import { type Applied, applyCommit } from "./apply.ts";
import { cancelJob } from "./cancel.ts";
import type { Claimed } from "./claimed.ts";
import { deliverCallbacks, pingBack } from "./deliver.ts";
import { onRead, onSigned, refuse } from "./handlers.ts";
import { inTrace, log } from "./log.ts";
import { readAppliedJobs, readReceipt, reportOf } from "./receipts.ts";
import type { Refusal } from "./refusal.ts";
import { readRows, type Row } from "./rows.ts";
import type { JobKey, Target, TargetEnv } from "./target.ts";

/** The routes of the target protocol. Paths and bodies are those of docs/reference/target-protocol.md. */
export const createTargetApp = <Env extends TargetEnv>(target: Target<Env>): Hono<{ Bindings: Env }> => {
  const app = new Hono<{ Bindings: Env }>();
  app.use("*", (c, next) => inTrace(traceIdOf(c.req.header("traceparent")), next));
  // Over a service binding nothing adds it, and doctor compares the clocks by it.
  app.use("*", async (c, next) => {
    await next();
    c.header("Date", new Date().toUTCString());
  });
  addWrites(app, target);
  addReads(app, target);
  app.notFound((c) => refuse(c, notFound("There is no such address.")));
  app.onError((error, c) => {
    log("target.error", { path: c.req.path, name: error.name, message: error.message, stack: error.stack ?? null });
    return c.json({ error: "internal", message: "The target failed; send the same request again." }, 500);
  });
  return app;
};

const addWrites = <Env extends TargetEnv>(app: Hono<{ Bindings: Env }>, target: Target<Env>): void => {
  const apply = onSigned(target, applyRequest, async (c, request, { nowMs, traceId }) => {
    const { portfolioId, jobId, attempt } = request;
    const key = c.req.header("idempotency-key");
    if (key !== undefined && key !== jobId) return refuse(c, invalid("Idempotency-Key: must be the body's jobId"));
    // An invalid header counts as absent (w3.org/TR/trace-context, "Processing model").
    const traceparent = traceId === null ? null : (c.req.header("traceparent") ?? null);
    const applied = await applyCommit(c.env, target, request, { traceparent, nowMs });
    const outcome = applied.ok ? "applied" : applied.reason.code;
    log("target.apply", { portfolioId, jobId, attempt, traceId, outcome, durationMs: Date.now() - nowMs });
    if (!applied.ok) return refuse(c, applied.reason);
    c.executionCtx.waitUntil(afterApply(c.env, target, { portfolioId, jobId }, applied.value));
    return c.json({ accepted: true }, 202);
  });

  const cancel = onSigned(target, cancelRequest, async (c, request, { nowMs, traceId }) => {
    const { portfolioId, jobId, attempt } = request;
    if (jobId !== c.req.param("jobId")) return refuse(c, invalid("jobId: must be the path's"));
    const answer = await cancelJob(c.env.DB, request, nowMs);
    log("target.cancel", { portfolioId, jobId, attempt, traceId, outcome: answer.state });
    return c.json(answer satisfies CancelAnswer);
  });

  const reindex = onSigned(target, reindexRequest, async (c, { portfolioId, requestId }, { nowMs, traceId }) => {
    const { reindex } = target;
    if (!reindex) return refuse(c, { code: "not_supported", message: "This target has no index to rebuild." });
    const key = { portfolioId, requestId };
    const rows = await reindex.record(c.env, key, nowMs);
    log("target.reindex", { ...key, traceId, rows, durationMs: Date.now() - nowMs });
    c.executionCtx.waitUntil(orByCron(reindex.followUp(c.env, key, nowMs), key));
    return c.json({ accepted: true, rows } satisfies ReindexAnswer, 202);
  });

  const ping = onSigned(target, pingRequest, async (c, request, { nowMs }) => {
    const [callback, index] = await Promise.all([
      pingBack(c.env, request, nowMs),
      target.describeIndex?.(c.env) ?? null,
    ]);
    const { portfolioId } = request;
    log("target.ping", { portfolioId, callback: callback.error, dimensions: index?.dimensions ?? null });
    return c.json({ version: c.env.CF_VERSION_METADATA?.id ?? null, callback, index } satisfies PingAnswer);
  });

  app.post("/api/admin/ping", ping);
  app.post("/api/admin/apply", apply);
  app.post("/api/admin/jobs/:jobId/cancel", cancel);
  app.post("/api/admin/reindex", reindex);
};

/** Logs a failure only: unfinished work is recorded, and cron continues it. */
const orByCron = <T>(followUp: Promise<T>, key: Record<string, string>): Promise<T | null> =>
  followUp.catch((error: unknown) => {
    log("target.follow_up_failed", { ...key, message: String(error) });
    return null;
  });

const afterApply = async <Env extends TargetEnv>(
  env: Env,
  target: Target<Env>,
  { portfolioId, jobId }: JobKey,
  { callback, work }: Applied,
): Promise<void> => {
  const job = { portfolioId, jobId };
  const deliver = async (first: Claimed | null): Promise<void> => {
    if (first) await deliverCallbacks(env, job, { first });
  };
  // Of the two, whoever is later finds the report of the other.
  await Promise.all([deliver(callback), orByCron(target.followUp(env, job, work), job).then(deliver)]);
};

const addReads = <Env extends TargetEnv>(app: Hono<{ Bindings: Env }>, target: Target<Env>): void => {
  const job = onRead<Env>(async (c, portfolioId) => {
    const jobId = c.req.param("jobId") ?? "";
    const existing = await readReceipt(c.env.DB, { portfolioId, jobId });
    if (!existing) return refuse(c, notFound("No job has this id."));
    return c.json(reportOf(jobId, existing, target.stageAfterApply) satisfies JobReport);
  });

  const jobs = onRead<Env>(async (c, portfolioId) => {
    const before = c.req.query("before");
    if (before !== undefined && !/^\d{1,15}$/.test(before)) return refuse(c, invalid("before: must be a revision"));
    return c.json(await readAppliedJobs(c.env.DB, portfolioId, before === undefined ? undefined : Number(before)));
  });

  const rows = onRead<Env>(async (c, portfolioId) => {
    const found = await rowsOf(c, target, portfolioId, c.req.queries("id") ?? null);
    return found ? c.json({ rows: found }) : refuse(c, notFound("There is no such entity."));
  });

  const row = onRead<Env>(async (c, portfolioId) => {
    const found = await rowsOf(c, target, portfolioId, [c.req.param("id") ?? ""]);
    if (!found) return refuse(c, notFound("There is no such entity."));
    const [row] = found;
    return row ? c.json({ row }) : refuse(c, notFound("There is no such row."));
  });

  const verify = onRead<Env>(async (c, portfolioId) => c.json(await target.verify(c.env, portfolioId)));

  app.get("/api/admin/jobs", jobs);
  app.get("/api/admin/jobs/:jobId", job);
  app.get("/api/admin/verify", verify);
  app.get("/api/portfolios/:portfolioId/:entityType", rows);
  app.get("/api/portfolios/:portfolioId/:entityType/:id", row);
};

/** Null when the entity does not exist. */
const rowsOf = async <Env extends TargetEnv>(
  c: Context<{ Bindings: Env }>,
  target: Target<Env>,
  portfolioId: string,
  ids: string[] | null,
): Promise<TargetRow[] | null> => {
  const entityType = c.req.param("entityType") ?? "";
  if (!isEntityType(entityType)) return null;
  const withDeleted = c.req.query("include") === "deleted";
  const rows = await readRows(c.env.DB, target.deletes, portfolioId, entityType, { ids, withDeleted });
  return rows.map(toTargetRow);
};

const toTargetRow = ({ version, ...row }: Row): TargetRow => ({ ...row, version: String(version) });

const invalid = (message: string): Refusal => ({ code: "invalid_request", message });
const notFound = (message: string): Refusal => ({ code: "not_found", message });
