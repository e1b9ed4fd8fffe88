import type { ApplyRequest, Operations, VerifyBody } from "../../shared/targets/protocol.ts";

/** What every target Worker is bound to. Callback service bindings are looked up by the names in CALLBACK_ORIGINS. */
export interface TargetEnv {
  DB: D1Database;
  ENVIRONMENT?: string;
  CALLBACK_ORIGINS: string;
  PORTFOLIO_CREDENTIALS: string;
}

export interface JobKey {
  portfolioId: string;
  jobId: string;
}

/** An apply request whose values passed the entity registry. */
export interface ApplyJob extends JobKey {
  request: ApplyRequest;
  operations: Operations;
  traceparent: string | null;
  nowMs: number;
}

export interface ReindexKey {
  portfolioId: string;
  requestId: string;
}

export interface Reindex<Env extends TargetEnv> {
  /** Records that every live row of the portfolio is to be indexed again, once for each request. Answers how many rows those are. */
  record: (env: Env, key: ReindexKey, nowMs: number) => Promise<number>;
  /** Does what `record` left to do, after the answer. */
  followUp: (env: Env, key: ReindexKey, nowMs: number) => Promise<void>;
}

/**
 * What one target adds to the protocol. SQL given here and everywhere in this service follows one convention:
 * `?1` is the portfolio's id and `?2` the job's id.
 */
export interface Target<Env extends TargetEnv> {
  name: string;
  /** soft: rows stay with `deleted_at`. hard: rows go. */
  deletes: "soft" | "hard";
  /** Percent of the "writing" stage in `job.progress`. */
  writingPercent: number;
  /** The stage of a job that is applied and not yet verified. */
  stageAfterApply: string;
  /** Scalar SQL: how many vectors the portfolio has, as last known; `NULL` where the target keeps none. */
  vectorCountSql: string;
  /** `synced` of `job.completed`, as JSON. */
  syncedWhenApplied: "null" | "false";
  /** Statements of the same batch as the rows: the record of what is left to do after it. */
  effects: (env: Env, job: ApplyJob) => Promise<D1PreparedStatement[]>;
  /** Does what `effects` recorded for one job, straight after the batch. */
  followUp: (env: Env, job: JobKey) => Promise<void>;
  /** Does what `followUp` left over; called by cron. */
  sweep: (env: Env, nowMs: number) => Promise<void>;
  /** Compares the target's stores. */
  verify: (env: Env, portfolioId: string) => Promise<VerifyBody>;
  /** How the index is rebuilt; null where there is none. */
  reindex: Reindex<Env> | null;
}
