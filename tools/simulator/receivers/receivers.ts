/** Services that receive webhooks: strict about signatures, and unreliable. */
import type { StateChange } from "../world/transaction.ts";
import type { SimulatedD1 } from "../platform/d1.ts";
import type { Runtime } from "../platform/runtime.ts";
import { pathToken } from "../world/secrets.ts";
import type { Slack } from "../slack/slack.ts";
import { complaintAbout, signers } from "./inspection.ts";

const downMs = [5000, 120_000] as const;

/** A delivery's row when its request arrives. */
export interface SeenRow {
  state: string;
  attempts: number;
  sending_until: string | null;
  webhook: string;
}

/** A received request. */
export interface Arrival {
  kind: "request";
  atMs: number;
  /** The receiver's answer; null when there is none. The answer may be lost on its way. */
  answer: number | null;
  retryAfterMs: number;
  row: SeenRow | null;
}

/** The history of one delivery, in order. */
export type Happening = Arrival | { kind: "moved"; from: string; to: string };

interface Answer {
  /** Null: none. */
  status: number | null;
  retryAfterMs: number;
  headers: Record<string, string>;
}

const says = (status: number | null, headers: Record<string, string> = {}, retryAfterMs = 0): Answer => ({
  status,
  headers,
  retryAfterMs,
});

export class Receivers {
  /** By `webhook-id`. */
  readonly ledger = new Map<string, Happening[]>();
  /** The first answer to each delivery. */
  readonly bodies = new Map<string, string>();
  /** Requests that no receiver may get. */
  readonly complaints: string[] = [];
  readonly #runtime: Runtime;
  readonly #staging: SimulatedD1;
  readonly #slack: Slack;
  #downUntilMs = 0;

  constructor(runtime: Runtime, staging: SimulatedD1, slack: Slack) {
    this.#runtime = runtime;
    this.#staging = staging;
    this.#slack = slack;
  }

  /** Records the outcomes of deliveries in a transaction. */
  follow(changes: readonly StateChange[]): void {
    for (const { machine, id, from_state: from, to_state: to } of changes)
      if (machine === "delivery" && from !== null) this.#ledgerOf(id).push({ kind: "moved", from, to });
  }

  /** Receives every request to one of the receivers. */
  fetch(request: Request): Promise<Response> {
    const { faults, random } = this.#runtime;
    const failure = this.#drawFailure();
    const loses = failure === null && faults.strikes("receiver takes it and its answer is lost");
    return this.#runtime.operate(
      `receiver ${new URL(request.url).pathname.replace(`/${pathToken}`, "")}`,
      async () => {
        const body = await request.text();
        const { status, headers, retryAfterMs } = failure ?? this.#take(request, body);
        this.#writeDown(request, status, retryAfterMs);
        if (status === null || (loses && random.chance(0.5))) return new Promise<Response>(() => {});
        if (loses) throw new TypeError("fetch failed");
        return new Response(null, { status, headers });
      },
      { signal: request.signal, latencyMs: [10, 60] },
    );
  }

  /** Failures before the message is read. */
  #drawFailure(): Answer | null {
    const { faults, random, nowMs } = this.#runtime;
    if (faults.strikes("receiver is down for a while")) this.#downUntilMs = nowMs + random.between(...downMs);
    if (this.#downUntilMs > nowMs && !faults.isOver) return says(503);
    if (faults.strikes("receiver hangs")) return says(null);
    if (faults.strikes("receiver answers 5xx")) return says(500);
    if (faults.strikes("receiver redirects")) return says(302, { location: "https://elsewhere.example.com/" });
    if (faults.strikes("receiver is gone")) return says(410);
    if (!faults.strikes("receiver limits the rate")) return null;
    const seconds = random.pick([1, 30, 400]);
    // A date is interpreted by the clock of its reader.
    const atMs = this.#runtime.workerNowMs() + seconds * 1000;
    const retryAfter = random.chance(0.5) ? String(seconds) : new Date(atMs).toUTCString();
    // An HTTP date has no fractions of seconds.
    return says(429, { "retry-after": retryAfter }, seconds * 1000 - 1000);
  }

  #take(request: Request, body: string): Answer {
    const { complaint, signedWith } = complaintAbout(this.#staging, this.#runtime.nowMs, request, body);
    if (complaint !== null) this.complaints.push(complaint);
    const id = request.headers.get("webhook-id") ?? "";
    const existing = this.bodies.get(id);
    if (existing !== undefined && existing !== body) this.complaints.push(`${id} arrived with a changed body`);
    this.bodies.set(id, existing ?? body);
    const holds = signers(this.#staging, this.#slack, id, this.#runtime.faults.isOver);
    return says(signedWith.some((secret) => holds.includes(secret)) ? 200 : 401);
  }

  #writeDown(request: Request, answer: number | null, retryAfterMs: number): void {
    const id = request.headers.get("webhook-id") ?? "";
    const [row = null] = this.#staging.rows<SeenRow>(
      `SELECT d.state, d.attempts, d.sending_until, e.state AS webhook FROM webhook_deliveries d
       JOIN webhook_endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
       WHERE d.id = ?1`,
      id,
    );
    this.#ledgerOf(id).push({ kind: "request", atMs: this.#runtime.nowMs, answer, retryAfterMs, row });
  }

  #ledgerOf(id: string): Happening[] {
    const existing = this.ledger.get(id) ?? [];
    this.ledger.set(id, existing);
    return existing;
  }
}
