import type { ApplyRequest, Operations, PingAnswer, VerifyBody } from "../../shared/targets/protocol.ts";
import type { Claimed } from "./claimed.ts";

/** The bindings of every target Worker. Callback service bindings are looked up by the names in CALLBACK_ORIGINS. */
export interface TargetEnv {
  DB: D1Database;
  ENVIRONMENT?: string;
  CALLBACK_ORIGINS: string;
  PORTFOLIO_CREDENTIALS: string;
  /** Where daily copies of the database go. */
  BACKUPS?: R2Bucket;
  CF_VERSION_METADATA?: WorkerVersionMetadata;
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

/** What a batch has applied, for the work that follows from it. */
export interface AppliedWork {
  operations: Operations;
  /** Results of the target's own statements. */
  effects: readonly D1Result[];
}

export interface ReindexKey {
  portfolioId: string;
  requestId: string;
}

export interface Reindex<Env extends TargetEnv> {
  /** Records, once for each request, that every live row has to be indexed again. Returns the number of rows. */
  record: (env: Env, key: ReindexKey, nowMs: number) => Promise<number>;
  /** Does the work that `record` recorded, after the response. */
  followUp: (env: Env, key: ReindexKey, nowMs: number) => Promise<void>;
}

/**
 * The target-specific part of the protocol. All SQL of this service follows one convention:
 * `?1` is the portfolio's id and `?2` the job's id.
 */
export interface Target<Env extends TargetEnv> {
  name: string;
  /** soft: deleted rows keep their data with `deleted_at`. hard: rows are deleted. */
  deletes: "soft" | "hard";
  /** Percent of the "writing" stage in `job.progress`. */
  writingPercent: number;
  /** The stage of a job that is applied and not yet verified. */
  stageAfterApply: string;
  /** Scalar SQL: the number of vectors of the portfolio at the last check; `NULL` for a target without an index. */
  vectorCountSql: string;
  /** `synced` of `job.completed`, as JSON. */
  syncedWhenApplied: "null" | "false";
  /** Statements in the batch of the rows: they record the work after the batch. */
  effects: (env: Env, job: ApplyJob) => Promise<D1PreparedStatement[]>;
  /**
   * Does the recorded work of one job, right after the batch.
   * @param work of this invocation's batch; null when the commit was already applied
   * @returns a report that it has claimed, for this invocation to send
   */
  followUp: (env: Env, job: JobKey, work: AppliedWork | null) => Promise<Claimed | null>;
  /** Continues the work that `followUp` left unfinished; called by cron. */
  sweep: (env: Env, nowMs: number) => Promise<void>;
  /** Compares the target's stores. */
  verify: (env: Env, portfolioId: string) => Promise<VerifyBody>;
  /** What its index is and has to be; null for a target without an index. */
  describeIndex: ((env: Env) => Promise<NonNullable<PingAnswer["index"]>>) | null;
  /** How to rebuild the index; null for a target without an index. */
  reindex: Reindex<Env> | null;
}
