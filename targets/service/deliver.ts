import { type Claimed, claimed } from "./claimed.ts";
import * as z from "zod/mini";
import { atLeastAsked, backoffMs, callbackBackoff, retryAfterMs } from "../../shared/backoff.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { cronJobs } from "../../shared/schedules.ts";
import { sign } from "../../shared/signing.ts";
import { type AddressRefused, addressRules, checkAddress } from "../../shared/targets/address.ts";
import type { PingAnswer, PingRequest, PingWebhook } from "../../shared/targets/protocol.ts";
import { traceIdOf, traceparentOf } from "../../shared/trace.ts";
import { configOf, type TargetConfig } from "./config.ts";
import { log } from "./log.ts";
import type { JobKey, TargetEnv } from "./target.ts";

/** The timeout of a receiver, milliseconds. */
const timeoutMs = 10_000;
/** A delivery without an outcome after this time died with its Worker. Longer than `timeoutMs`. */
const leaseMs = 15_000;
/** Twenty attempts take about two to three hours. Then the row is kept as dead. */
const maxAttempts = 20;
/** Limits of one invocation. */
const maxDeliveriesPerJob = 20;
const jobsAtOnce = 5;

/**
 * Delivers a job's due callbacks one after the other, oldest first. A failed one blocks those behind it, so that a
 * receiver gets them in order. Safe to run concurrently: each row is leased.
 * @param first what an earlier batch has claimed; left out where none has
 */
export const deliverCallbacks = async (
  env: TargetEnv,
  job: JobKey,
  { now = Date.now, first }: { now?: () => number; first?: Claimed } = {},
): Promise<void> => {
  let callback = first ?? claimedBy(await env.DB.batch(claimStatements(env.DB, job, now())));
  for (let count = 1; callback && count <= maxDeliveriesPerJob; count += 1) {
    const outcome = await send(env, job.portfolioId, callback, now());
    const isLast = count === maxDeliveriesPerJob;
    // Behind one that was delivered, none was tried before.
    const claims = outcome.ok ? [claimNext(env.DB, job, now())] : claimStatements(env.DB, job, now());
    const settled = await env.DB.batch([settle(env.DB, callback, outcome, now()), ...(isLast ? [] : claims)]);
    log("target.callback", {
      ...job,
      traceId: traceIdOf(callback.traceparent),
      type: callback.type,
      webhookId: callback.webhook_id,
      attempts: callback.attempts,
      error: outcome.ok ? null : outcome.error,
    });
    callback = isLast ? null : claimedBy(settled);
  }
};

/** Delivers all due callbacks; called by cron. */
export const deliverDueCallbacks = async (env: TargetEnv, now: () => number = Date.now): Promise<void> => {
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT portfolio_id AS portfolioId, job_id AS jobId FROM (
       SELECT portfolio_id, job_id FROM callbacks
       WHERE state = 'pending' AND due_at_ms <= ?1 AND leased_until_ms <= ?1 ORDER BY due_at_ms LIMIT ?2)`,
  )
    .bind(now(), cronJobs.callbacks.max)
    .all<{ portfolioId: string; jobId: string }>();
  for (let start = 0; start < results.length; start += jobsAtOnce) {
    await Promise.all(results.slice(start, start + jobsAtOnce).map((job) => deliverCallbacks(env, job, { now })));
  }
};

/** Undelivered progress is outdated once the job has advanced. */
const supersedeProgress = (db: D1Database, { portfolioId, jobId }: JobKey, nowMs: number): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE callbacks SET state = 'superseded' WHERE portfolio_id = ?1 AND job_id = ?2 AND state = 'pending'
           AND type = 'job.progress' AND attempts > 0 AND leased_until_ms <= ?3
           AND EXISTS (SELECT 1 FROM callbacks AS later WHERE later.portfolio_id = ?1 AND later.job_id = ?2
             AND later.id > callbacks.id AND later.type <> 'job.progress')`,
    )
    .bind(portfolioId, jobId, nowMs);

/** The same where no report of the job can have been tried before. */
export const claimNext = (db: D1Database, { portfolioId, jobId }: JobKey, nowMs: number): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE callbacks SET leased_until_ms = ?3 + ${leaseMs}, attempts = attempts + 1
         WHERE id = (SELECT id FROM callbacks WHERE portfolio_id = ?1 AND job_id = ?2 AND state = 'pending'
             ORDER BY id LIMIT 1)
           AND due_at_ms <= ?3 AND leased_until_ms <= ?3
         RETURNING id, webhook_id, type, body, attempts,
           (SELECT json_array(callback_url, traceparent) FROM receipts
             WHERE portfolio_id = ?1 AND job_id = ?2) AS receipt`,
    )
    .bind(portfolioId, jobId, nowMs);

/** Claims the job's next callback, at the end of a batch: the request that runs it sends the callback. */
export const claimStatements = (db: D1Database, job: JobKey, nowMs: number): D1PreparedStatement[] => [
  supersedeProgress(db, job, nowMs),
  claimNext(db, job, nowMs),
];

/** What a batch that ends with `claimStatements` has claimed. */
export const claimedBy = (results: readonly D1Result[]): Claimed | null => {
  const [row] = (results.at(-1)?.results ?? []) as Record<string, unknown>[];
  if (row === undefined) return null;
  const [callback_url = null, traceparent = null] = z.parse(
    z.array(z.unknown()),
    JSON.parse(String(row["receipt"])) ?? [],
  );
  return z.parse(claimed, { ...row, callback_url, traceparent });
};

type Outcome = { ok: true } | { ok: false; error: string; retryAfterMs?: number | null };

const settle = (db: D1Database, { id, attempts }: Claimed, outcome: Outcome, nowMs: number): D1PreparedStatement => {
  const failed = attempts >= maxAttempts ? "dead" : "pending";
  const requestedMs = outcome.ok ? null : (outcome.retryAfterMs ?? null);
  const retryInMs = atLeastAsked(backoffMs(callbackBackoff, attempts, Math.random()), requestedMs);
  return db
    .prepare(
      "UPDATE callbacks SET state = ?2, due_at_ms = ?3, last_error = ?4, settled_at = ?5, leased_until_ms = 0 WHERE id = ?1",
    )
    .bind(
      id,
      outcome.ok ? "delivered" : failed,
      outcome.ok ? nowMs : nowMs + retryInMs,
      outcome.ok ? null : outcome.error,
      new Date(nowMs).toISOString(),
    );
};

/** Sends one webhook that is of no job, and says what became of it. */
export const pingBack = async (
  env: TargetEnv,
  { target, portfolioId, callbackUrl }: PingRequest,
  nowMs: number,
): Promise<PingAnswer["callback"]> => {
  const webhook: PingWebhook = { type: "ping", target, portfolioId, occurredAt: new Date(nowMs).toISOString() };
  const body = JSON.stringify(webhook);
  const webhookId = `msg_${crypto.randomUUID()}`;
  const outcome = await send(
    env,
    portfolioId,
    { webhook_id: webhookId, body, callback_url: callbackUrl, traceparent: null },
    nowMs,
  );
  return { ok: outcome.ok, error: outcome.ok ? null : outcome.error };
};

const send = async (
  env: TargetEnv,
  portfolioId: string,
  callback: Pick<Claimed, "webhook_id" | "body" | "callback_url" | "traceparent">,
  nowMs: number,
): Promise<Outcome> => {
  const config = configOf(env);
  const secret = config.portfolios[portfolioId]?.webhook[0];
  const traceId = traceIdOf(callback.traceparent);
  if (secret === undefined) return { ok: false, error: "no webhook secret" };
  try {
    const route = routeTo(env, config, callback.callback_url ?? "");
    if (!route.ok) return { ok: false, error: `the callback address ${route.reason.message}` };
    const response = await route.value.fetch(route.value.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(await sign(secret, callback.webhook_id, callback.body, nowMs)),
        ...(traceId === null ? {} : { traceparent: traceparentOf(traceId, crypto.randomUUID()) }),
      },
      body: callback.body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    const requestedMs = retryAfterMs(response.headers.get("retry-after"), nowMs);
    return { ok: false, error: `status ${response.status}`, retryAfterMs: requestedMs };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
};

interface CallbackRoute {
  url: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Selects the transport of a callback address: the service binding of its origin, else the network. */
export const routeTo = (
  env: TargetEnv,
  { callbackOrigins, callbackAddresses }: TargetConfig,
  callbackUrl: string,
): Result<CallbackRoute, AddressRefused> => {
  const address = checkAddress(callbackUrl, callbackAddresses);
  if (!address.ok) return address;
  const { origin, href } = address.value;
  const binding = Object.hasOwn(callbackOrigins, origin) ? callbackOrigins[origin] : undefined;
  // The host is listed with another scheme.
  if (binding === undefined)
    return fail({ code: "url_not_allowed", rule: "not_listed", message: addressRules.not_listed });
  if (binding === null) return ok({ url: href, fetch: (url, init) => fetch(url, init) });
  const service = Object.entries(env).find(([name]) => name === binding)?.[1];
  if (!isFetcher(service)) throw new Error(`CALLBACK_ORIGINS names the service binding ${binding}, which is missing`);
  return ok({ url: href, fetch: (url, init) => service.fetch(url, init) });
};

const isFetcher = (binding: unknown): binding is Pick<Fetcher, "fetch"> =>
  // A service binding is a proxy that returns a value for any property.
  binding !== null && typeof binding === "object" && "fetch" in binding && typeof binding.fetch === "function";
