/** A target of one portfolio behind `fetch`. A test can take it down, make it slow, or script single answers. */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { EntityType } from "../../../shared/domain/portfolio/registry.ts";
import type { TargetCredentials } from "../../../shared/targets/credentials.ts";
import type { ApplyRequest, ApplyResult } from "../../../shared/targets/protocol.ts";
import type { Job } from "../target/ledger.ts";
import { type Call, ProtocolTarget, accepted, callOf } from "../target/protocol-target.ts";
import { verified } from "../target/verified.ts";

/** A status with an optional body and headers, a connection that breaks off, or what it would answer by itself. */
export type ScriptedAnswer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | "no_answer"
  | "as_usual";

export interface ScriptedTargetOptions {
  name: string;
  portfolioId: string;
  credentials: TargetCredentials;
  nowMs: () => number;
}

export class ScriptedTarget extends ProtocolTarget {
  /** Down: nothing is answered, and nothing happens. */
  isDown = false;
  /** Does what it is asked to write, but its answers are lost on the way. */
  losesAnswers = false;
  /** Accepts and stays in progress until `finish`. */
  isSlow = false;
  /** What it was asked, in order, such as "GET rows". */
  calls: string[] = [];
  readonly options: ScriptedTargetOptions;
  readonly #scripted = new Map<Call, ScriptedAnswer[]>();

  constructor(options: ScriptedTargetOptions) {
    const { name, portfolioId, credentials, nowMs } = options;
    super({
      name,
      credentialsOf: (asked) => (asked === portfolioId ? credentials : undefined),
      whyUnsigned: verified(nowMs),
      allowsCallback: (url) => new URL(url).origin === "https://cv-ops.internal",
    });
    this.options = options;
  }

  get applied(): readonly ApplyRequest[] {
    return this.ledger.applied;
  }

  /** The next calls of this kind get these answers, one each; scripted ones change nothing. */
  answerNext(call: Call, ...answers: ScriptedAnswer[]): void {
    this.#scripted.set(call, [...(this.#scripted.get(call) ?? []), ...answers]);
  }

  /** Somebody else writes a row. */
  put(entityType: EntityType, id: string, values: FieldValues): void {
    this.ledger.put(this.options.portfolioId, entityType, id, values);
  }

  remove(entityType: EntityType, id: string): void {
    this.ledger.remove(this.options.portfolioId, entityType, id);
  }

  row(entityType: EntityType, id: string) {
    return this.ledger.read(this.options.portfolioId, entityType, [id])[0] ?? null;
  }

  /** Ends what it accepted while slow. */
  finish(jobId: string): ApplyResult {
    const job = this.#inProgress(jobId);
    this.ledger.write(job);
    if (!job.result) throw new Error(`${jobId} has no result`);
    return job.result;
  }

  /** Remembers the key as failed, as after a crash of the work behind a 202. */
  giveUp(jobId: string, error: { code: string; message: string }): void {
    this.ledger.fail(this.#inProgress(jobId), error);
  }

  #inProgress(jobId: string): Job {
    const job = this.ledger.job(this.options.portfolioId, jobId);
    if (job?.state !== "in_progress") throw new Error(`${jobId} is not in progress`);
    return job;
  }

  protected override run(job: Job): Response | null {
    return this.isSlow ? accepted() : super.run(job);
  }

  fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const call = callOf(request.method, new URL(request.url).pathname);
    if (call) {
      this.calls.push(`${request.method} ${call}`);
      if (this.isDown) throw new TypeError("connection refused");
      const scripted = this.#scripted.get(call)?.shift();
      if (scripted === "no_answer") throw new TypeError("connection reset");
      if (scripted && scripted !== "as_usual") return scriptedResponse(scripted);
    }
    const answered = await this.answer(request);
    if (!answered || (this.losesAnswers && request.method === "POST")) throw new TypeError("connection reset");
    return answered;
  };
}

const scriptedResponse = ({ status, body, headers }: Exclude<ScriptedAnswer, string>): Response =>
  new Response(typeof body === "string" || body === undefined ? (body ?? null) : JSON.stringify(body), {
    status,
    headers: headers ?? {},
  });
