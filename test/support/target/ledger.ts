/** The rows and jobs of a target, after docs/reference/target-protocol.md, in memory. */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type EntityType, entityOf, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import type { AppliedJobs, ApplyRequest, Conflict, JobReport, TargetRow } from "../../../shared/targets/protocol.ts";
import type { IndexedRow } from "./scripted-index.ts";

type Row = Pick<TargetRow, "version" | "values">;
type Failure = NonNullable<JobReport["error"]>;

/** What a key has come to. */
export interface Job extends Pick<JobReport, "state" | "result" | "error"> {
  /** Null for a key that was cancelled before it arrived. */
  request: ApplyRequest | null;
  /** The highest attempt that arrived or was cancelled. */
  attempt: number;
  conflicts: Conflict[];
}

const conflictError = { code: "conflict", message: "Rows have changed; nothing was applied." };

export class Ledger {
  /** Every request whose rows were written, once for each write. */
  readonly applied: ApplyRequest[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #jobs = new Map<string, Job>();
  #revision = 0;

  /** Somebody else writes a row. */
  put(portfolioId: string, entityType: string, id: string, values: FieldValues): void {
    this.#revision += 1;
    this.#rows.set(`${portfolioId}/${entityType}/${id}`, { version: String(this.#revision), values });
  }

  remove(portfolioId: string, entityType: string, id: string): void {
    this.#rows.delete(`${portfolioId}/${entityType}/${id}`);
  }

  row(portfolioId: string, entityType: string, id: string): Row | null {
    return this.#rows.get(`${portfolioId}/${entityType}/${id}`) ?? null;
  }

  /** The live rows of a portfolio. */
  rows(portfolioId: string): (IndexedRow & { version: string })[] {
    return [...this.#rows].flatMap(([key, row]) => {
      const [portfolio, entityType = "", id = ""] = key.split(/\/([^/]+)\/(.*)/s);
      return portfolio === portfolioId && isEntityType(entityType) ? [{ entityType, id, ...row }] : [];
    });
  }

  /** Rows as they are answered: whole, with null where there is no value. All of the type where `ids` is null. */
  read(portfolioId: string, entityType: EntityType, ids: readonly string[] | null): TargetRow[] {
    const empty = Object.fromEntries(Object.keys(entityOf(entityType).fields).map((field) => [field, null]));
    return this.rows(portfolioId)
      .filter((row) => row.entityType === entityType && (ids?.includes(row.id) ?? true))
      .map(({ id, version, values }) => ({ id, version, values: { ...empty, ...values }, deletedAt: null }));
  }

  get jobs(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  job(portfolioId: string, jobId: string): Job | null {
    return this.#jobs.get(`${portfolioId}/${jobId}`) ?? null;
  }

  /** The last jobs that were applied, newest first. */
  appliedJobs(portfolioId: string, before: number): AppliedJobs {
    const jobs = this.applied.flatMap(({ jobId, attempt, commit, operations, ...request }, index) => {
      if (request.portfolioId !== portfolioId || index + 1 >= before) return [];
      const { inserts, updates, deletes } = operations;
      const rows = [...inserts, ...updates, ...deletes].map(({ entityType, id }) => ({ entityType, id }));
      const { number, hash } = commit;
      const appliedAt = "2026-11-23T08:00:00.000Z";
      return [{ jobId, attempt, appliedAt, revision: index + 1, commit: { number, hash }, rows }];
    });
    return { jobs: jobs.toReversed().slice(0, 100) };
  }

  /** The key's job after this request: a new one, in progress or with conflicts, or the one that the key has. */
  take(request: ApplyRequest): { job: Job; isNew: boolean } {
    const { portfolioId, jobId, attempt } = request;
    const existing = this.job(portfolioId, jobId);
    const isSettled = existing?.state === "applied" || existing?.state === "in_progress";
    if (existing && (isSettled || attempt <= existing.attempt)) return { job: existing, isNew: false };
    const conflicts = this.#conflictsOf(request);
    const hasConflicts = conflicts.length > 0;
    const job: Job = {
      request,
      attempt,
      state: hasConflicts ? "failed" : "in_progress",
      result: null,
      error: hasConflicts ? conflictError : null,
      conflicts,
    };
    this.#jobs.set(`${portfolioId}/${jobId}`, job);
    return { job, isNew: true };
  }

  /** Writes the rows of a job that is in progress. */
  write(job: Job): void {
    if (!job.request) throw new Error("a job that never arrived has no rows");
    const { portfolioId, operations } = job.request;
    const { inserts, updates, deletes } = operations;
    for (const { entityType, id, values } of inserts) this.put(portfolioId, entityType, id, values);
    for (const { entityType, id, changes } of updates)
      this.put(portfolioId, entityType, id, { ...this.row(portfolioId, entityType, id)?.values, ...changes });
    for (const { entityType, id } of deletes) this.remove(portfolioId, entityType, id);
    this.applied.push(job.request);
    job.state = "applied";
    job.result = {
      inserted: inserts.length,
      updated: updates.length,
      deleted: deletes.length,
      d1Count: this.rows(portfolioId).length,
      vectorCount: null,
      synced: null,
    };
  }

  fail(job: Job, error: Failure): void {
    Object.assign(job, { state: "failed", error });
  }

  /** Fences the key up to this attempt, unless it was applied. */
  cancel(portfolioId: string, jobId: string, attempt: number): Job {
    const existing = this.job(portfolioId, jobId);
    if (existing?.state === "applied") return existing;
    const job: Job = {
      request: existing?.request ?? null,
      attempt: Math.max(attempt, existing?.attempt ?? 0),
      state: "cancelled",
      result: null,
      error: null,
      conflicts: [],
    };
    this.#jobs.set(`${portfolioId}/${jobId}`, job);
    return job;
  }

  #conflictsOf({ portfolioId, operations: { inserts, updates, deletes } }: ApplyRequest): Conflict[] {
    const actualOf = (entityType: string, id: string): string | null =>
      this.row(portfolioId, entityType, id)?.version ?? null;
    return [
      ...inserts.flatMap(({ entityType, id }): Conflict[] => {
        const actual = actualOf(entityType, id);
        return actual === null ? [] : [{ entityType, id, reason: "exists", expected: null, actual }];
      }),
      ...[...updates, ...deletes].flatMap(({ entityType, id, ifVersion: expected }): Conflict[] => {
        const actual = actualOf(entityType, id);
        if (actual === null) return [{ entityType, id, reason: "missing", expected, actual }];
        return expected === null || expected === actual
          ? []
          : [{ entityType, id, reason: "version", expected, actual }];
      }),
    ];
  }
}
