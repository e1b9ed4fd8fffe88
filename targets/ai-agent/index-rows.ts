import { WorkerEntrypoint } from "cloudflare:workers";
import type { IndexReport, IndexRowsService, IndexWork, SubmittedRow } from "../../shared/targets/index-protocol.ts";
import { deliverCallbacks } from "../service/deliver.ts";
import type { JobKey } from "../service/target.ts";
import type { Claimed } from "../service/claimed.ts";
import { inTrace, log } from "../service/log.ts";
import type { AiAgentEnv } from "./bindings.ts";
import { recordReport } from "./report.ts";
import { type NamedTask, submittedStatements, takeWork, taskIn, taskStatement } from "./work.ts";

/** The RPC interface for the index consumer: only ai-agent accesses its database and signs its webhooks. */
export class IndexRows extends WorkerEntrypoint<AiAgentEnv> implements IndexRowsService {
  take(taskId: string, message?: NamedTask): Promise<IndexWork | null> {
    return inTrace(null, () => this.#take(taskId, message));
  }

  async #take(taskId: string, message?: NamedTask): Promise<IndexWork | null> {
    const named = message ?? (await this.#readTask(taskId));
    if (!named) return null;
    const { work, callback } = await takeWork(this.env.DB, { ...named, taskId }, Date.now());
    this.#deliver(named, callback);
    return work;
  }

  async submitted(portfolioId: string, rows: SubmittedRow[]): Promise<void> {
    if (rows.length > 0) await this.env.DB.batch(submittedStatements(this.env.DB, portfolioId, rows, Date.now()));
  }

  report(report: IndexReport): Promise<{ done: boolean }> {
    return inTrace(null, () => this.#report(report));
  }

  async #report(report: IndexReport): Promise<{ done: boolean }> {
    const job = report.job ?? (await this.#readTask(report.taskId));
    if (!job) return { done: true };
    const { task, done, callback } = await recordReport(this.env.DB, job, report, Date.now());
    log("target.index_report", {
      portfolioId: job.portfolioId,
      jobId: job.jobId,
      traceId: task?.traceId ?? null,
      taskId: report.taskId,
      confirmed: report.confirmed.length,
      gone: report.gone.length,
      done,
    });
    this.#deliver(job, callback);
    return { done };
  }

  /** For a consumer of the version before, which names the task alone. */
  async #readTask(taskId: string): Promise<(NamedTask & JobKey) | null> {
    const { results } = await taskStatement(this.env.DB, taskId).all();
    const task = taskIn(results);
    return task && { taskId, ...task };
  }

  #deliver({ portfolioId, jobId }: JobKey, first: Claimed | null): void {
    if (first) this.ctx.waitUntil(deliverCallbacks(this.env, { portfolioId, jobId }, { first }));
  }
}
