/** The rows and jobs of the stories' target, after docs/reference/target-protocol.md. */
import { randomUUID } from "node:crypto";
import { portfolio } from "../../tools/playground/seed/portfolio.ts";
import type { ApplyRequest, ApplyResult, Conflict, TargetRow } from "../../shared/targets/protocol.ts";
import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";

export interface Job {
  request: ApplyRequest;
  state: "in_progress" | "applied" | "failed" | "cancelled";
  result: ApplyResult | null;
  conflicts: Conflict[];
  /** The id of the final webhook, which stays the same when the webhook is sent again. */
  webhookId: string;
}

type Row = Pick<TargetRow, "version" | "values">;

export class Ledger {
  /** The message of each commit whose rows were written, once for each write. */
  readonly applied: string[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #jobs = new Map<string, Job>();
  /** Keys that were cancelled before they arrived, with the highest fenced attempt. */
  readonly #fenced = new Map<string, number>();
  #revision = 1;

  constructor() {
    for (const { entityType, id, values } of portfolio) this.#rows.set(`${entityType}/${id}`, { version: "1", values });
  }

  technology(id: string): Row | undefined {
    return this.#rows.get(`technology/${id}`);
  }

  /** Changes a row without CV Ops. */
  edit(id: string, values: FieldValues): void {
    this.#revision += 1;
    this.#write(`technology/${id}`, { ...this.technology(id)?.values, ...values });
  }

  /** The rows of a type; all of them when `ids` is null. */
  read(entityType: string, ids: string[] | null): TargetRow[] {
    return [...this.#rows].flatMap(([key, row]) => {
      const [type, id = ""] = key.split("/");
      return type === entityType && (ids?.includes(id) ?? true) ? [{ id, ...row, deletedAt: null }] : [];
    });
  }

  job(jobId: string): Job | undefined {
    return this.#jobs.get(jobId);
  }

  jobOf(commitMessage: string): Job {
    const job = [...this.#jobs.values()].find(({ request }) => request.commit.message === commitMessage);
    if (!job) throw new Error(`There is no job for "${commitMessage}"`);
    return job;
  }

  resultOf(commitMessage: string): ApplyResult {
    const { result } = this.jobOf(commitMessage);
    if (!result) throw new Error(`"${commitMessage}" is not applied`);
    return result;
  }

  /** The key's job after this request: a new one in progress, one with conflicts, or the existing job of the key. */
  take(request: ApplyRequest): { job: Job; isNew: boolean } {
    const { jobId, attempt } = request;
    const known = this.#jobs.get(jobId);
    const isSettled = known?.state === "applied" || known?.state === "in_progress";
    if (known && (isSettled || attempt <= known.request.attempt)) return { job: known, isNew: false };
    const isFenced = attempt <= (this.#fenced.get(jobId) ?? 0);
    const conflicts = this.#conflictsOf(request);
    const state = isFenced ? "cancelled" : conflicts.length > 0 ? "failed" : "in_progress";
    const job: Job = { request, state, result: null, conflicts, webhookId: `msg_${randomUUID()}` };
    this.#jobs.set(jobId, job);
    return { job, isNew: true };
  }

  apply(job: Job): void {
    const { inserts, updates, deletes } = job.request.operations;
    this.#revision += 1;
    for (const { entityType, id, values } of inserts) this.#write(`${entityType}/${id}`, values);
    for (const { entityType, id, changes } of updates) {
      this.#write(`${entityType}/${id}`, { ...this.#rows.get(`${entityType}/${id}`)?.values, ...changes });
    }
    for (const { entityType, id } of deletes) this.#rows.delete(`${entityType}/${id}`);
    this.applied.push(job.request.commit.message);
    job.state = "applied";
    const counts = { inserted: inserts.length, updated: updates.length, deleted: deletes.length };
    job.result = { ...counts, d1Count: this.#rows.size, vectorCount: null, synced: null };
  }

  cancel(jobId: string, attempt: number): Job | null {
    const job = this.#jobs.get(jobId);
    if (job && job.state !== "applied") job.state = "cancelled";
    if (!job) this.#fenced.set(jobId, attempt);
    return job ?? null;
  }

  #conflictsOf({ operations: { inserts, updates, deletes } }: ApplyRequest): Conflict[] {
    const actualOf = (entityType: string, id: string): string | null =>
      this.#rows.get(`${entityType}/${id}`)?.version ?? null;
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

  #write(key: string, values: FieldValues): void {
    this.#rows.set(key, { version: String(this.#revision), values });
  }
}
