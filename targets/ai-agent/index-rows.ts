import { WorkerEntrypoint } from "cloudflare:workers";
import type { IndexReport, IndexRowsService, IndexWork, SubmittedRow } from "../../shared/targets/index-protocol.ts";
import { deliverCallbacks } from "../service/deliver.ts";
import { log } from "../service/log.ts";
import type { AiAgentEnv } from "./bindings.ts";
import { recordReport } from "./report.ts";
import { readTask, recordSubmitted, takeWork } from "./work.ts";

/** The RPC interface for the index consumer: only ai-agent accesses its database and signs its webhooks. */
export class IndexRows extends WorkerEntrypoint<AiAgentEnv> implements IndexRowsService {
  async take(taskId: string): Promise<IndexWork | null> {
    const task = await readTask(this.env.DB, taskId);
    if (!task?.isOpen) return null;
    const work = await takeWork(this.env.DB, task, Date.now());
    this.ctx.waitUntil(deliverCallbacks(this.env, { portfolioId: task.portfolioId, jobId: task.jobId }));
    return work;
  }

  async submitted(portfolioId: string, rows: SubmittedRow[]): Promise<void> {
    await recordSubmitted(this.env.DB, portfolioId, rows, Date.now());
  }

  async report(report: IndexReport): Promise<{ done: boolean }> {
    const task = await readTask(this.env.DB, report.taskId);
    if (!task) return { done: true };
    const job = { portfolioId: task.portfolioId, jobId: task.jobId };
    const answer = await recordReport(this.env.DB, job, report, Date.now());
    log("target.index_report", {
      ...job,
      traceId: task.traceId,
      taskId: report.taskId,
      confirmed: report.confirmed.length,
      gone: report.gone.length,
      done: answer.done,
    });
    this.ctx.waitUntil(deliverCallbacks(this.env, job));
    return answer;
  }
}
