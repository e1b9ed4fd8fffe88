/** A server that speaks the contract exactly, checks that its clients do, and fails where a test says so. */
import { type ApiEvent, event as eventSchema } from "../../../shared/contract/event.ts";
import type { Subject } from "../../../shared/contract/live.ts";
import type { Fetch } from "../surroundings.ts";
import { StreamConnection } from "./scripted-stream.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { type Faults, noFaults } from "./faults.ts";

export interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

export class ScriptedServer {
  readonly events: ApiEvent[] = [];
  readonly requests: Seen[] = [];
  /** Protocols that were offered, one list for each WebSocket. */
  readonly offered: string[][] = [];
  faults: Faults = noFaults;
  /** The only one that is taken; null: any. */
  token: string | null = "cvops_token";
  /** What other operations answer, by method and path: the same each time, or what a function says. */
  readonly replies = new Map<string, unknown>();
  readonly #clock: VirtualClock;
  readonly #listeners = new Set<() => void>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get openConnections(): number {
    return this.#listeners.size;
  }

  publish(event: Partial<ApiEvent> = {}): ApiEvent {
    const id = (this.events.at(-1)?.id ?? 0) + (event.id ?? 1);
    const whole = eventSchema.parse({
      type: "commit.approved",
      at: new Date(this.#clock.nowMs).toISOString(),
      actor: { kind: "system", id: "test", token: null },
      commit: 1,
      push: null,
      change: null,
      deadLetter: null,
      jobId: null,
      target: null,
      attempt: null,
      data: {},
      traceId: "0".repeat(32),
      ...event,
      id,
    });
    return this.#notify(whole);
  }

  /** An event of a type that clients of this version do not know. */
  publishNewer(type: string): void {
    const { id, ...known } = this.events.at(-1) ?? this.publish();
    this.#notify({ ...known, id: id + 1, type: type as ApiEvent["type"] });
  }

  #notify(event: ApiEvent): ApiEvent {
    this.events.push(event);
    for (const notify of this.#listeners) notify();
    return event;
  }

  after(id: number, subjects: readonly Subject[]): ApiEvent[] {
    return this.events.filter(
      (event) =>
        event.id > id &&
        subjects.some((subject) =>
          "jobId" in subject
            ? event.jobId === subject.jobId
            : "commit" in subject
              ? event.commit === subject.commit
              : true,
        ),
    );
  }

  get newestId(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  listen(notify: () => void): () => void {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  }

  readonly fetch: Fetch = async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    const path = url.pathname.replace(/^\/v2/, "");
    this.requests.push({
      method,
      path: `${path}${url.search}`,
      headers,
      body: body === undefined ? null : JSON.parse(body),
    });
    signal.throwIfAborted();
    const fault = this.faults.answers(path);
    if (fault === "no answer") throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    if (fault) {
      return new Response(fault.body ?? "", {
        status: fault.status,
        headers: {
          ...(fault.retryAfter !== undefined && { "Retry-After": fault.retryAfter }),
          ...(fault.body !== undefined && { "Content-Type": "application/problem+json" }),
        },
      });
    }
    // Whoever signs in has no token yet.
    if (this.token !== null && path !== "/logins" && headers["Authorization"] !== `Bearer ${this.token}`)
      return problem(401, "unauthorized", "The token is unknown.");
    if (path === "/stream") return this.#stream(url, headers, signal);
    return this.#reply(method, path, url.searchParams);
  };

  #reply(method: string, path: string, query: URLSearchParams): Response {
    const scripted = this.replies.get(`${method} ${path}`);
    if (scripted instanceof Response) return scripted.clone();
    if (typeof scripted === "function") return Response.json(scripted());
    if (scripted !== undefined) return Response.json(scripted);
    if (path === "/activity") return Response.json({ events: this.events.slice(-1), next: null });
    const [, jobId] = /^\/jobs\/([^/]+)\/events$/.exec(path) ?? [];
    if (path !== "/events" && jobId === undefined) return problem(404, "not_found", `There is nothing at ${path}.`);
    const commit = query.get("commit");
    const [subject]: Subject[] =
      jobId === undefined ? [commit === null ? { workspace: true } : { commit: Number(commit) }] : [{ jobId }];
    const lastEventId = Number(query.get("lastEventId") ?? "0");
    const all = this.after(lastEventId, subject ? [subject] : []);
    // Pages are small, so that there are several.
    const events = all.slice(0, 7);
    return Response.json({ events, lastEventId: events.at(-1)?.id ?? lastEventId, more: all.length > events.length });
  }

  #stream(url: URL, headers: Record<string, string>, signal: AbortSignal): Response {
    const named: Subject[] = [
      ...url.searchParams.getAll("job").map((jobId) => ({ jobId })),
      ...url.searchParams.getAll("commit").map((number) => ({ commit: Number(number) })),
    ];
    const subjects: Subject[] = named.length > 0 ? named : [{ workspace: true }];
    const given = headers["Last-Event-ID"];
    const connection = new StreamConnection(
      this,
      this.#clock,
      subjects,
      Math.min(Number(given ?? this.newestId), this.newestId),
    );
    signal.addEventListener("abort", () => connection.end(signal.reason));
    return new Response(connection.readable, { headers: { "Content-Type": "text/event-stream" } });
  }
}

export const problem = (status: number, code: string, detail: string, more: Record<string, unknown> = {}): Response =>
  new Response(
    JSON.stringify({
      type: `/docs/problems#${code}`,
      title: code,
      status,
      detail,
      code,
      traceId: "ab".repeat(16),
      ...more,
    }),
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
