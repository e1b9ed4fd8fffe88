/** `POST /v2/webhook/:target`: the reports of targets. Raw bytes → verify → parse → record. */
import * as z from "zod/mini";
import { jsonIn } from "../../shared/json.ts";
import type { Context } from "hono";
import type { JobOutcome } from "../../shared/domain/pushes/job-outcome.ts";
import { log } from "../../shared/log.ts";
import { readWithin } from "../../shared/read-within.ts";
import { type RawBody, verify } from "../../shared/signing.ts";
import { jobIdQuery } from "../../shared/storage/pushes/jobs.ts";
import { type TargetBinding, targetsOfPortfolioQuery } from "../../shared/storage/pushes/targets.ts";
import { traceIdOf } from "../../shared/trace.ts";
import { type TargetWebhook, pingWebhook, targetWebhook } from "../../shared/targets/protocol.ts";
import { type OutcomeInput, recordOutcome } from "../../shared/use-cases/pushes/record-outcome.ts";
import type { Deps } from "../env.ts";

/** A webhook has a few hundred bytes, and more where a target names the rows that it has refused. */
const maxBytes = 256 * 1024;

export const receiveCompletion =
  (deps: Deps) =>
  async (c: Context): Promise<Response> => {
    const startedMs = deps.nowMs();
    const target = c.req.param("target") ?? "";
    const bytes = await readWithin(c.req.raw, maxBytes);
    const refused = (code: string, because: string): void =>
      deps.refusals.record({ ...nobody, code, because, traceId: traceIdOf(c.req.header("traceparent")) });
    if (!bytes) {
      refused("too_large", `more than ${maxBytes} bytes`);
      return c.json({ error: "too_large", maxBytes }, 413);
    }
    const { headers } = c.req.raw;
    // Before anybody is asked for: what is stale or unsigned is refused without looking for its sender.
    const stamped = await verify([], headers, bytes, deps.nowMs());
    const id = headers.get("webhook-id") ?? "";
    const body = jsonIn(new TextDecoder().decode(bytes));
    const portfolioId = named.safeParse(body).data?.portfolioId ?? null;
    const refuse = (because: string): Response => {
      refused("unauthorized", because);
      return c.json({ error: "unauthorized" }, 401);
    };
    if (!stamped.ok && stamped.reason !== "bad_signature") return refuse(stamped.reason);
    if (portfolioId === null) return refuse("no_portfolio");
    const signerAmong = (candidates: readonly TargetBinding[]) => signerOf(deps, candidates, headers, bytes);
    const isSigned = async (about: Parameters<typeof targetsOfPortfolioQuery>[0]): Promise<boolean> =>
      (await signerAmong(await deps.databases.gather(targetsOfPortfolioQuery(about)))) !== null;
    const ping = pingWebhook.safeParse(body);
    if (ping.success && ping.data.target === target) {
      return (await isSigned({ portfolioId, name: target, jobId: "" }))
        ? c.json({ recorded: false, reason: "ping" })
        : refuse("bad_signature");
    }
    const parsed = targetWebhook.safeParse(body);
    if (!parsed.success || parsed.data.target !== target) {
      const about = { portfolioId, name: target, jobId: parsed.data?.jobId ?? "" };
      if (!(await isSigned(about))) return refuse("bad_signature");
      if (parsed.success) return noSuchJob(c);
      const fields = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
      return c.json({ error: "invalid", message: `Not a webhook of the target protocol: ${fields || "body"}` }, 422);
    }
    const webhook = parsed.data;
    const { type, jobId, attempt } = webhook;
    const about = { target, type, jobId, attempt, webhookId: id };
    const reported: OutcomeInput = {
      jobId,
      attempt,
      outcome: outcomeOf(webhook),
      actor: { kind: "target", id: target },
      webhook: { target, portfolioId, idempotencyKey: `webhook:${target}:${id}`, signerAmong },
    };
    const db = await deps.databases.holding(jobIdQuery(jobId));
    if (db === null)
      return (await isSigned({ portfolioId, name: target, jobId })) ? noSuchJob(c) : refuse("bad_signature");
    const recorded = await deps.withEffects(
      (effects) => recordOutcome({ ...deps, db, effects }, reported),
      (work) => c.executionCtx.waitUntil(work),
    );
    if (recorded.ok) {
      const { traceId, workspaceId } = recorded.value;
      log("webhook.recorded", { traceId, workspaceId, ...about, durationMs: deps.nowMs() - startedMs });
      if (webhook.type === "job.completed") {
        c.executionCtx.waitUntil(deps.rowCache.forget(recorded.value.workspaceId, target));
      }
      return c.json({ recorded: true });
    }
    const { reason } = recorded;
    if (reason.code === "unauthorized") return refuse("bad_signature");
    // The sender's trace id, because the push is not loaded yet.
    log("webhook.not_recorded", { traceId: traceIdOf(c.req.header("traceparent")), ...about, reason });
    return notRecorded(c, reason.code);
  };

const notRecorded = (
  c: Context,
  code: "ignored" | "repeated" | "job_not_found" | "not_this_target" | "conflict",
): Response => {
  switch (code) {
    case "ignored":
    case "repeated":
      return c.json({ recorded: false, reason: code });
    case "job_not_found":
    case "not_this_target":
      return noSuchJob(c);
    case "conflict":
      return c.json({ error: "busy", message: "The job changed at the same moment; send it again" }, 503);
  }
};

/** Whose secret it is depends on what it is about, so that much is read of a body that nobody has proved yet. */
const named = z.looseObject({ portfolioId: z.string().check(z.minLength(1)) });

/** A workspace whose secrets cannot be read keeps no other from its reports. */
const signerOf = async (
  { credentials, nowMs }: Deps,
  candidates: readonly TargetBinding[],
  headers: Headers,
  bytes: RawBody,
): Promise<TargetBinding | null> => {
  for (const candidate of candidates) {
    const { workspaceId, name } = candidate;
    try {
      const { webhook } = await credentials.of(candidate);
      const secrets = webhook.map((secret) => ({ name, secret }));
      if ((await verify(secrets, headers, bytes, nowMs())).ok) return candidate;
    } catch (error) {
      log("webhook.no_credentials", { workspaceId, target: name, error: String(error) });
    }
  }
  return null;
};

/** Nobody has proved to be a target; its name in the path is what anybody may write. */
const nobody = { via: "webhook", operation: "report", workspaceId: null, token: null } as const;

const noSuchJob = (c: Context): Response =>
  c.json({ error: "job_not_found", message: "No job of this target has this id" }, 404);

const outcomeOf = (webhook: TargetWebhook): JobOutcome => {
  switch (webhook.type) {
    case "job.progress":
      return { kind: "progress", stage: webhook.stage, percent: webhook.percent };
    case "job.completed":
      return { kind: "completed", result: webhook.result };
    case "job.failed":
      return { kind: "failed", error: webhook.error };
    case "job.searchable":
      return { kind: "searchable", vectorCount: webhook.vectorCount };
    case "job.verified":
      return { kind: "verified", result: webhook.result };
  }
};
