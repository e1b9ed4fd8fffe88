/** A target on loopback HTTP that refuses requests outside docs/reference/target-protocol.md, with scripted failures. */
import { once } from "node:events";
import { type IncomingMessage, type Server, createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { portfolioId } from "../../tools/playground/seed/portfolio.ts";
import { type ApplyRequest, applyRequest, cancelRequest } from "../../shared/targets/protocol.ts";
import { type Job, Ledger } from "./ledger.ts";
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

interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

export const failure = { code: "disk_full", message: "the disk is full" };

export class StrictTarget {
  readonly name: TargetName;
  readonly ledger = new Ledger();
  /** Violations of the protocol by CV Ops. */
  readonly violations: string[] = [];
  /** Every request to apply a commit. */
  readonly requests: { message: string; attempt: number }[] = [];
  readonly #faults = new Map<string, Fault[]>();
  #callbackUrl = "";
  #server: Server | null = null;
  #port = 0;

  constructor(name: TargetName) {
    this.name = name;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Listens, on the same port as before if there was one. */
  async start(): Promise<void> {
    const server = createServer((incoming, outgoing) => {
      void this.#handle(incoming)
        .catch((error: unknown) => this.#violated(500, String(error)))
        .then((answer) => {
          // A request that hangs gets no answer.
          if (answer)
            outgoing
              .writeHead(answer.status, { "content-type": "application/json", ...answer.headers })
              .end(answer.body);
        });
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    this.#server = server;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  /** The only permitted callback address. */
  reportsTo(callbackUrl: string): void {
    this.#callbackUrl = callbackUrl;
  }

  /** Scripts the next requests to apply the commit with this message, in order. Later requests succeed. */
  misbehaves(message: string, ...faults: Fault[]): void {
    this.#faults.set(message, faults);
  }

  /** Applies a commit that is in progress, and sends no webhook. */
  finish(message: string): void {
    this.ledger.apply(this.ledger.jobOf(message));
  }

  /** Reports on a commit. Returns the signed webhook, so that it can be sent again. */
  async report(message: string, type: string, fields: object = {}): Promise<Webhook> {
    const { request, webhookId } = this.ledger.jobOf(message);
    const { jobId, attempt, target, callbackUrl } = request;
    const body = JSON.stringify({
      type,
      jobId,
      attempt,
      target,
      portfolioId,
      occurredAt: new Date().toISOString(),
      ...fields,
    });
    const isEnd = type === "job.completed" || type === "job.failed";
    const webhook = {
      url: callbackUrl,
      body,
      signature: signWebhook(targetSecrets[this.name].webhook, body, isEnd ? webhookId : undefined),
    };
    await sendWebhook(webhook);
    return webhook;
  }

  /** Null for a request that gets no answer. */
  async #handle(incoming: IncomingMessage): Promise<Answer | null> {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", this.url);
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const body = await readText(incoming);
    const [, , area, , last = ""] = pathname.split("/");
    if (incoming.method === "POST") {
      const unsigned = whyUnsigned(targetSecrets[this.name].request, headers, body);
      if (unsigned !== null) return this.#violated(401, `${pathname}: ${unsigned}`);
      return pathname === "/api/admin/apply" ? this.#receive(headers, body) : this.#cancel(pathname, body);
    }
    if (headers.get("authorization") !== `Bearer ${targetSecrets[this.name].read}`)
      return this.#violated(401, `${pathname}: no token`);
    if (area === "admin" && searchParams.get("portfolio") === portfolioId) return this.#reportOf(last);
    if (!pathname.startsWith(`/api/portfolios/${portfolioId}/`)) return this.#violated(404, `there is no ${pathname}`);
    return json(200, { rows: this.ledger.read(last, searchParams.get("ids")?.split(",") ?? null) });
  }

  #violated(status: number, what: string): Answer {
    this.violations.push(what);
    return refusal(status, "violation", what);
  }

  async #receive(headers: Headers, body: string): Promise<Answer | null> {
    const parsed = applyRequest.safeParse(JSON.parse(body));
    if (!parsed.success) return this.#violated(422, `apply: ${parsed.error.message}`);
    const { target, portfolioId: portfolio, callbackUrl, jobId, commit, attempt } = parsed.data;
    if (target !== this.name || portfolio !== portfolioId) return this.#violated(401, "apply: for another target");
    if (callbackUrl !== this.#callbackUrl) return this.#violated(422, `apply: callbackUrl is ${callbackUrl}`);
    if (headers.get("idempotency-key") !== jobId) return this.#violated(422, "apply: Idempotency-Key is not the jobId");
    if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(headers.get("traceparent") ?? "")) {
      return this.#violated(422, "apply: no traceparent");
    }
    this.requests.push({ message: commit.message, attempt });
    const fault = this.#faults.get(commit.message)?.shift();
    if (typeof fault === "object") return { status: fault.answer, ...fault };
    if (typeof fault === "function") fault();
    return this.#run(parsed.data, typeof fault === "string" ? fault : null);
  }

  #run(request: ApplyRequest, fault: Extract<Fault, string> | null): Answer | null {
    const { job, isNew } = this.ledger.take(request);
    const accepted = json(202, { accepted: true });
    if (!isNew && job.state === "applied") this.#notifySoon(job);
    if (!isNew && (job.state === "applied" || job.state === "in_progress")) return accepted;
    if (job.state === "cancelled") return refusal(409, "cancelled", "It was cancelled; nothing was applied.");
    if (job.state === "failed")
      return refusal(409, "conflict", "Rows have changed; nothing was applied.", { conflicts: job.conflicts });
    if (fault === "is slow") return accepted;
    if (fault === "fails later") job.state = "failed";
    else this.ledger.apply(job);
    if (fault === "hangs") return null;
    if (fault !== "keeps quiet") this.#notifySoon(job);
    return accepted;
  }

  /** Reports the end of a job after its request was answered. */
  #notifySoon({ request, state, result }: Job): void {
    const { message } = request.commit;
    setImmediate(() => {
      const reported =
        state === "applied"
          ? this.report(message, "job.completed", { result })
          : this.report(message, "job.failed", { error: failure });
      reported.catch((error: unknown) => this.violations.push(String(error)));
    });
  }

  #cancel(pathname: string, body: string): Answer {
    const parsed = cancelRequest.safeParse(JSON.parse(body));
    if (!parsed.success || pathname !== `/api/admin/jobs/${parsed.data.jobId}/cancel`)
      return this.#violated(422, `cancel: ${pathname}`);
    const job = this.ledger.cancel(parsed.data.jobId, parsed.data.attempt);
    return job?.state === "applied"
      ? json(200, { state: "applied", result: job.result })
      : json(200, { state: "cancelled", result: null });
  }

  #reportOf(jobId: string): Answer {
    const job = this.ledger.job(jobId);
    if (!job) return refusal(404, "not_found", "This job was never seen.");
    const { request, state, result } = job;
    const error = state === "failed" ? failure : null;
    return json(200, {
      jobId,
      attempt: request.attempt,
      state,
      stage: null,
      result,
      error,
      searchableAt: null,
      verifiedAt: null,
    });
  }
}

const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

const refusal = (status: number, error: string, message: string, more: object = {}): Answer =>
  json(status, { error, message, ...more });

const readText = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
};

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
