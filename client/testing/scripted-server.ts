/** A server that speaks the contract to the letter, checks that its clients do, and fails where it is told to. */
import { type ApiEvent, event as eventSchema } from "../../shared/api/event.ts";
import { type Subject, clientMessage, liveEventOf, liveProtocol, pingText, pongText } from "../../shared/api/live.ts";
import type { Fetch, Socket, SocketConstructor } from "../surroundings.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What may go wrong at a moment; asked each time. All of them: no. */
export interface Faults {
  /** The upgrade to a WebSocket is refused. */
  refusesSocket: () => boolean;
  /** A connection breaks off here, before or after something was sent. */
  cuts: () => boolean;
  /** A connection says nothing more, and nobody is told. */
  goesSilent: () => boolean;
  /** So many events that were sent already are sent again. */
  repeats: () => number;
  /** A request is answered so, or not at all. */
  answers: (path: string) => { status: number; retryAfter?: string; body?: string } | "no answer" | null;
}

export const noFaults: Faults = {
  refusesSocket: () => false,
  cuts: () => false,
  goesSilent: () => false,
  repeats: () => 0,
  answers: () => null,
};

export interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

const syncEvery = 8;

export class ScriptedServer {
  readonly events: ApiEvent[] = [];
  readonly requests: Seen[] = [];
  /** Protocols that were offered, one list for each WebSocket. */
  readonly offered: string[][] = [];
  faults: Faults = noFaults;
  token = "cvops_token";
  /** What other operations answer: by method and path. */
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
      letter: null,
      jobId: null,
      target: null,
      attempt: null,
      data: {},
      traceId: "0".repeat(32),
      ...event,
      id,
    });
    this.events.push(whole);
    for (const tell of this.#listeners) tell();
    return whole;
  }

  after(id: number, subjects: readonly Subject[]): ApiEvent[] {
    return this.events.filter(
      (event) =>
        event.id > id &&
        subjects.some((subject) =>
          "jobId" in subject ? event.jobId === subject.jobId : "commit" in subject ? event.commit === subject.commit : true,
        ),
    );
  }

  get newestId(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  listen(tell: () => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  readonly fetch: Fetch = async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    const path = url.pathname.replace(/^\/v2/, "");
    this.requests.push({ method, path: `${path}${url.search}`, headers, body: body === undefined ? null : JSON.parse(body) });
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
    if (headers["Authorization"] !== `Bearer ${this.token}`) return problem(401, "unauthorized", "The token is not known.");
    if (path === "/stream") return this.#stream(url, headers, signal);
    return this.#reply(method, path, url.searchParams);
  };

  #reply(method: string, path: string, query: URLSearchParams): Response {
    const scripted = this.replies.get(`${method} ${path}`);
    if (scripted instanceof Response) return scripted.clone();
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
    const connection = new StreamConnection(this, this.#clock, subjects, Math.min(Number(given ?? this.newestId), this.newestId));
    signal.addEventListener("abort", () => connection.end(signal.reason));
    return new Response(connection.readable, { headers: { "Content-Type": "text/event-stream" } });
  }

  /** A constructor, as the platform's is. */
  get WebSocket(): SocketConstructor {
    const server = this;
    const clock = this.#clock;
    return class {
      constructor(url: string, protocols: string[]) {
        server.offered.push(protocols);
        if (!/^wss?:\/\/[^/]+\/v2\/ws(\?|$)/.test(url)) throw new Error(`There is no WebSocket at ${url}`);
        return new ScriptedSocket(server, clock, protocols) as never;
      }
    } as unknown as SocketConstructor;
  }
}

export const problem = (status: number, code: string, detail: string, more: Record<string, unknown> = {}): Response =>
  new Response(
    JSON.stringify({ type: `/docs/problems#${code}`, title: code, status, detail, code, traceId: "ab".repeat(16), ...more }),
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

class StreamConnection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #server: ScriptedServer;
  readonly #subjects: Subject[];
  readonly #stopListening: () => void;
  readonly #clock: VirtualClock;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #heartbeat: unknown = null;
  #at: number;
  #isSilent = false;

  constructor(server: ScriptedServer, clock: VirtualClock, subjects: Subject[], from: number) {
    this.#server = server;
    this.#clock = clock;
    this.#subjects = subjects;
    this.#at = from;
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.end(null),
    });
    this.#write(`retry: 2000\nid: ${from}\n: connected\n\n`);
    this.#stopListening = server.listen(() => this.#tell());
    this.#beat();
    this.#tell();
  }

  #beat(): void {
    this.#heartbeat = this.#clock.setTimeout(() => {
      this.#write(": heartbeat\n\n");
      this.#beat();
    }, 30_000);
  }

  #tell(): void {
    const { faults } = this.#server;
    const repeated = this.#server.after(0, this.#subjects).filter(({ id }) => id <= this.#at);
    const again = faults.repeats();
    for (const event of [...(again > 0 ? repeated.slice(-again) : []), ...this.#server.after(this.#at, this.#subjects)]) {
      const live = liveEventOf(event);
      const text = `id: ${event.id}\nevent: ${live.event}\ndata: ${JSON.stringify(live)}\n\n`;
      if (faults.cuts()) {
        this.#write(text.slice(0, Math.floor(text.length / 2)));
        return this.end(new Error("connection reset"));
      }
      this.#isSilent ||= faults.goesSilent();
      // In pieces, as a network hands them on.
      for (const piece of text.match(/[^]{1,40}/g) ?? []) this.#write(piece);
      this.#at = Math.max(this.#at, event.id);
    }
  }

  #write(text: string): void {
    if (!this.#isSilent) this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  end(error: unknown): void {
    this.#stopListening();
    this.#clock.clearTimeout(this.#heartbeat);
    const controller = this.#controller;
    this.#controller = null;
    try {
      if (error === null) controller?.close();
      else controller?.error(error);
    } catch {
      // Whoever read it has cancelled it.
    }
  }
}

type Listener = (message: { data: unknown }) => void;

class ScriptedSocket implements Socket {
  readonly #server: ScriptedServer;
  readonly #clock: VirtualClock;
  readonly #listeners: Record<string, Listener[]> = { open: [], message: [], close: [], error: [] };
  #stopListening: () => void = () => undefined;
  #state: "connecting" | "open" | "silent" | "closed" = "connecting";
  #subjects: Subject[] | null = null;
  #at = 0;
  #unsynced = 0;
  #sync: number | null = null;

  constructor(server: ScriptedServer, clock: VirtualClock, protocols: string[]) {
    this.#server = server;
    this.#clock = clock;
    const mayCome = protocols.includes(liveProtocol) && protocols.includes(`cv-ops.token.${server.token}`);
    this.#soon(() => {
      if (!mayCome || server.faults.refusesSocket()) return this.#drop();
      this.#state = "open";
      this.#emit("open");
      this.#say({ event: "connected", clientId: "1", pingEveryMs: 30_000, expiresAt: null });
    });
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners[type]?.push(listener);
  }

  #emit(type: string, data: unknown = null): void {
    for (const listener of this.#listeners[type] ?? []) listener({ data });
  }

  #soon(run: () => void): void {
    this.#clock.setTimeout(() => {
      if (this.#state !== "closed") run();
    }, 1);
  }

  /** The network's end of it. */
  #drop(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#stopListening();
    this.#emit("error");
    this.#emit("close");
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#stopListening();
    this.#clock.setTimeout(() => this.#emit("close"), 1);
  }

  send(text: string): void {
    if (this.#state === "connecting") throw new Error("InvalidStateError: still connecting");
    if (this.#state !== "open") return;
    this.#soon(() => this.#hear(text));
  }

  #hear(text: string): void {
    if (this.#state !== "open") return;
    if (this.#server.faults.cuts()) return this.#drop();
    if (text === pingText) return this.#emit("message", pongText);
    const said = clientMessage.parse(JSON.parse(text));
    if (said.type === "synced" && said.id === this.#sync) {
      this.#unsynced = 0;
      this.#sync = null;
      this.#tell();
    }
    if (said.type !== "subscribe" || !("to" in said)) return;
    const missing = said.to.find((each) => "commit" in each && each.commit === 404);
    if (missing) return this.#say({ event: "error", code: "not_found", message: "There is no commit #404" });
    this.#subjects = said.to;
    this.#at = Math.min(said.lastEventId ?? this.#server.newestId, this.#server.newestId);
    this.#say({ event: "subscribed", to: said.to, lastEventId: this.#at });
    this.#stopListening = this.#server.listen(() => this.#tell());
    this.#tell();
  }

  #tell(): void {
    const { faults } = this.#server;
    const subjects = this.#subjects ?? [];
    const again = faults.repeats();
    const repeated = again > 0 ? this.#server.after(0, subjects).filter(({ id }) => id <= this.#at).slice(-again) : [];
    for (const event of [...repeated, ...this.#server.after(this.#at, subjects)]) {
      // Who does not say how far it has come gets no more.
      if (this.#state !== "open" || this.#unsynced >= 2 * syncEvery) return;
      if (faults.cuts()) return this.#drop();
      if (faults.goesSilent()) this.#state = "silent";
      this.#say(liveEventOf(event));
      this.#at = Math.max(this.#at, event.id);
      this.#unsynced += 1;
      if (this.#unsynced >= syncEvery && this.#sync === null) {
        this.#sync = event.id;
        this.#say({ event: "sync", id: event.id });
      }
    }
  }

  #say(message: object): void {
    if (this.#state === "open") this.#emit("message", JSON.stringify(message));
  }
}
