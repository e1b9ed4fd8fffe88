/** Sets the alarm of a workspace's jobs. The work itself is recorded in D1; this object only stores when to read it. */
import { DurableObject } from "cloudflare:workers";
import { alarmBackoff, backoffMs } from "../../shared/backoff.ts";
import type { Effects } from "../../shared/effects.ts";
import { inTrace, log } from "../../shared/log.ts";
import { read } from "../../shared/storage/database.ts";
import { nextDeadlineQuery, overdueJobsQuery } from "../../shared/storage/pushes/jobs.ts";
import { settleJobs } from "../../shared/use-cases/pushes/settle-job.ts";
import { type Deps, createDeps } from "../env.ts";

const jobsPerAlarm = 20;

export class JobOrchestrator extends DurableObject<Env> {
  readonly #deps: Deps;
  #failures = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#deps = createDeps(env);
  }

  /** Checks the workspace's jobs at `atMs`, or earlier when an earlier alarm is set. */
  async watch(workspaceId: string, atMs: number): Promise<void> {
    await this.ctx.storage.put("workspaceId", workspaceId);
    const current = await this.ctx.storage.getAlarm();
    if (current === null || current > atMs) await this.ctx.storage.setAlarm(Math.max(atMs, this.#deps.nowMs()) + 1);
  }

  override alarm(): Promise<void> {
    return inTrace(null, () => this.#checkJobs());
  }

  async #checkJobs(): Promise<void> {
    const workspaceId = await this.ctx.storage.get<string>("workspaceId");
    if (!workspaceId) return;
    try {
      const settled = await this.#deps.withEffects((effects) => this.#settleOverdue(workspaceId, effects));
      const [next] = await read(this.#deps.databases.of(workspaceId), nextDeadlineQuery(workspaceId));
      this.#failures = 0;
      // Overdue, and nothing to settle: a row that cannot be read. It must not keep the alarm ringing.
      const soonestMs = settled === 0 ? this.#deps.nowMs() + this.#deps.timeouts.askMs : 0;
      if (next) await this.watch(workspaceId, Math.max(Date.parse(next), soonestMs));
    } catch (error) {
      this.#failures += 1;
      const delayMs = backoffMs(alarmBackoff, this.#failures, this.#deps.random());
      log("orchestrator.failed", { workspaceId, failures: this.#failures, error: String(error), delayMs });
      await this.watch(workspaceId, this.#deps.nowMs() + delayMs);
    }
  }

  /** @returns how many jobs were overdue */
  async #settleOverdue(workspaceId: string, effects: Effects): Promise<number> {
    const { databases, nowMs } = this.#deps;
    const db = databases.of(workspaceId);
    const now = new Date(nowMs()).toISOString();
    const [jobs] = await read(db, overdueJobsQuery(now, jobsPerAlarm, workspaceId));
    await settleJobs({ ...this.#deps, db, effects }, jobs);
    return jobs.length;
  }
}
