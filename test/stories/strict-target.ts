/** A target on loopback HTTP that records what violates docs/reference/target-protocol.md, with scripted failures. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { portfolio, portfolioId } from "../../tools/playground/seed/portfolio.ts";
import type { FieldValues } from "../../shared/domain/portfolio/entity.ts";
import type { ApplyRequest, ApplyResult } from "../../shared/targets/protocol.ts";
import { type Loopback, listen } from "../support/loopback.ts";
import type { Job } from "../support/target/ledger.ts";
import { ProtocolTarget, accepted } from "../support/target/protocol-target.ts";
import { type TargetName, signWebhook, targetSecrets, whyUnsigned } from "./signatures.ts";

/** The outcome of one request to apply a commit. */
export type Fault =
  /** Answers with this status and does nothing else. */
  | { answer: number; body?: string; headers?: Record<string, string> }
  /** Applies the commit and never answers. */
  | "hangs"
  /** Accepts the commit, which stays in progress until `finish`. */
  | "is slow"
  /** Accepts the commit and then reports a failure. */
  | "fails later"
  /** Applies the commit and sends no webhook. */
  | "keeps quiet"
  /** Does this first, and continues normally. */
  | (() => void);

export const failure = { code: "disk_full", message: "the disk is full" };

/** A job whose request has arrived. */
type RequestedJob = Job & { request: ApplyRequest };

export class StrictTarget extends ProtocolTarget {
  /** Every request to apply a commit. */
  readonly requests: { message: string; attempt: number }[] = [];
  readonly #secrets: (typeof targetSecrets)[TargetName];
  readonly #faults = new Map<string, Fault[]>();
  /** Ids of the final webhooks, which stay the same when a webhook is sent again. */
  readonly #webhookIds = new WeakMap<Job, string>();
  #fault: Extract<Fault, string> | null = null;
  #callbackUrl = "";
  #server: Loopback | null = null;
  #port = 0;

  constructor(name: TargetName) {
    const secrets = targetSecrets[name];
    super({
      name,
      credentialsOf: (asked) =>
        asked === portfolioId
          ? { request: [secrets.request], webhook: [secrets.webhook], read: secrets.read }
          : undefined,
      whyUnsigned: async ([secret = ""], headers, text) => whyUnsigned(secret, headers, text),
      allowsCallback: (url) => url === this.#callbackUrl,
    });
    this.#secrets = secrets;
    for (const { entityType, id, values } of portfolio) this.ledger.put(portfolioId, entityType, id, values);
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Listens, on the same port as before if there was one. */
  async start(): Promise<void> {
    this.#server = await listen((request) => this.answer(request), this.#port);
    this.#port = this.#server.port;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.close();
  }

  /** The only address to which it may report. */
  reportsTo(callbackUrl: string): void {
    this.#callbackUrl = callbackUrl;
  }

  /** The faults of the next requests to apply the commit with this message, in order. */
  misbehaves(message: string, ...faults: Fault[]): void {
    this.#faults.set(message, faults);
  }

  technology(id: string) {
    return this.ledger.row(portfolioId, "technology", id);
  }

  /** Changes a row without CV Ops. */
  edit(id: string, values: FieldValues): void {
    this.ledger.put(portfolioId, "technology", id, { ...this.technology(id)?.values, ...values });
  }

  jobOf(commitMessage: string): RequestedJob {
    const isOf = (job: Job): job is RequestedJob => job.request?.commit.message === commitMessage;
    const job = this.ledger.jobs.find(isOf);
    if (!job) throw new Error(`There is no job for "${commitMessage}"`);
    return job;
  }

  resultOf(commitMessage: string): ApplyResult {
    const { result } = this.jobOf(commitMessage);
    if (!result) throw new Error(`"${commitMessage}" is not applied`);
    return result;
  }

  timesApplied(commitMessage: string): number {
    return this.ledger.applied.filter(({ commit }) => commit.message === commitMessage).length;
  }

  /** A slow commit gets applied; no webhook is sent. */
  finish(message: string): void {
    this.ledger.write(this.jobOf(message));
  }

  /** Reports on a commit. Answers the signed webhook, so that it can be sent again. */
  async report(message: string, type: string, fields: object = {}): Promise<Webhook> {
    const job = this.jobOf(message);
    const { jobId, attempt, target, callbackUrl } = job.request;
    const occurredAt = new Date().toISOString();
    const body = JSON.stringify({ type, jobId, attempt, target, portfolioId, occurredAt, ...fields });
    const isEnd = type === "job.completed" || type === "job.failed";
    const signature = signWebhook(this.#secrets.webhook, body, isEnd ? this.#webhookIdOf(job) : undefined);
    const webhook = { url: callbackUrl, body, signature };
    await sendWebhook(webhook);
    return webhook;
  }

  #webhookIdOf(job: Job): string {
    const id = this.#webhookIds.get(job) ?? `msg_${randomUUID()}`;
    this.#webhookIds.set(job, id);
    return id;
  }

  protected override receive({ commit: { message }, attempt }: ApplyRequest): Response | null {
    this.requests.push({ message, attempt });
    const fault = this.#faults.get(message)?.shift();
    if (typeof fault === "object") return new Response(fault.body ?? null, { status: fault.answer, ...fault });
    if (typeof fault === "function") fault();
    this.#fault = typeof fault === "string" ? fault : null;
    return null;
  }

  protected override run(job: Job): Response | null {
    if (this.#fault === "is slow") return accepted();
    if (this.#fault === "fails later") this.ledger.fail(job, failure);
    else this.ledger.write(job);
    if (this.#fault === "hangs") return null;
    if (this.#fault !== "keeps quiet") this.#notifySoon(job);
    return accepted();
  }

  protected override repeated(job: Job): void {
    if (job.state === "applied") this.#notifySoon(job);
  }

  /** Reports how a job ended, once its request is answered. */
  #notifySoon({ request, state, result }: Job): void {
    const message = request?.commit.message ?? "";
    setImmediate(() => {
      const sent =
        state === "applied"
          ? this.report(message, "job.completed", { result })
          : this.report(message, "job.failed", { error: failure });
      sent.catch((error: unknown) => this.violations.push(String(error)));
    });
  }
}

export interface Webhook {
  url: string;
  body: string;
  signature: Record<string, string>;
}

/** Sends the webhook, and retries while the receiver is busy. Returns the final response; rejects at a refusal. */
export const sendWebhook = async ({ url, body, signature }: Webhook): Promise<unknown> => {
  for (let tries = 1; ; tries += 1) {
    const headers = { "content-type": "application/json", ...signature };
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    if (response.status !== 503 || tries === 10)
      throw new Error(`A webhook was answered ${response.status}: ${JSON.stringify(answer)}`);
    await delay(100);
  }
};
