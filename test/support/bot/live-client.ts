/** A program that follows events over a WebSocket or a stream: it reads, remembers, and asks for nothing twice. */
import { env } from "cloudflare:test";
import { vi } from "vitest";
import type { LiveEvent, Subject } from "../../../shared/contract/live.ts";
import type { Caller } from "../../../bot/api/caller.ts";
import { createDeps } from "../../../bot/env.ts";
import { connectWebSocket, openStream } from "../../../bot/live/routes.ts";

type Message = Record<string, unknown> & { event: string };

export class LiveClient {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | null = null;
  /** Whether it says how far it has come. */
  answersSync = true;
  readonly #waiting = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.accept();
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      this.messages.push(message);
      if (message.event === "sync" && this.answersSync) this.say({ type: "synced", id: message["id"] });
      this.#look();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
      this.#look();
    });
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Resolves once it holds of what has come so far. */
  async until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `${what} did not come; came: ${JSON.stringify(this.messages.slice(-5))} ${JSON.stringify(this.closed)}`,
          ),
        );
      }, 5000);
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timeout);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async next(event: string): Promise<Message> {
    const before = this.messages.length;
    const found = () => this.messages.slice(before).find((message) => message.event === event);
    await this.until(() => found() !== undefined, event);
    return found() as Message;
  }

  /** Everything that was sent before this has come. The blank keeps the ping from being answered without the object. */
  async settled(): Promise<void> {
    const pong = this.next("pong");
    this.socket.send('{"type": "ping"}');
    await pong;
  }

  /** Says it, and gives the answer. */
  async ask(message: object, answer: string): Promise<Message> {
    const answered = this.next(answer);
    this.say(message);
    return answered;
  }

  subscribe(to: Subject | Subject[], lastEventId?: number): Promise<Message> {
    const subjects = Array.isArray(to) ? { to } : to;
    return this.ask(
      { type: "subscribe", ...subjects, ...(lastEventId !== undefined && { lastEventId }) },
      "subscribed",
    );
  }

  async isClosed(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== null, "the close");
    return this.closed ?? { code: 0, reason: "" };
  }

  /** The events that came, in the order in which they came. */
  get events(): LiveEvent[] {
    return this.messages.filter((message) => "id" in message && message.event !== "sync") as unknown as LiveEvent[];
  }

  get ids(): number[] {
    return this.events.map(({ id }) => id);
  }

  close(): void {
    this.socket.close(1000, "done");
  }
}

export const callerOf = (workspaceId: string, userId: string): Caller => ({
  workspaceId,
  actor: { kind: "token", id: userId, token: { id: "token-1", name: "ci", scopes: ["read"] } },
  expiresAt: null,
  signInId: null,
});

const upgrade = (headers: Record<string, string> = {}): Request =>
  new Request("https://cv-ops.example.com/v2/ws", { headers: { Upgrade: "websocket", ...headers } });

export const follow = async (caller: Caller, headers?: Record<string, string>): Promise<LiveClient> => {
  const response = await connectWebSocket(createDeps(env), upgrade(headers), caller);
  if (!response.webSocket) throw new Error(`no WebSocket: ${response.status} ${await response.text()}`);
  const client = new LiveClient(response.webSocket);
  await client.until(() => client.messages.length > 0, "connected");
  return client;
};

export const stream = (caller: Caller, query = "", headers: Record<string, string> = {}): Promise<Response> =>
  openStream(createDeps(env), new Request(`https://cv-ops.example.com/v2/stream${query}`, { headers }), caller);

/** Reads a stream's records until it holds of them. */
export class StreamReader {
  text = "";
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();

  constructor(response: Response) {
    if (!response.body) throw new Error("no stream");
    this.#reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  }

  async until(holds: (text: string) => boolean): Promise<string> {
    while (!holds(this.text)) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.text += this.#decoder.decode(value, { stream: true });
    }
    return this.text;
  }

  get ids(): number[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => (JSON.parse(data) as { id: number }).id);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

export interface Happening {
  type?: string;
  jobId?: string;
  commitId?: string;
  data?: object;
}

/** Writes events as use cases do, in one batch. @returns their numbers */
export const happen = async (workspaceId: string, ...happenings: Happening[]): Promise<number[]> => {
  if (happenings.length === 0) return [];
  const results = await env.DB.batch([
    ...happenings.map(({ type = "commit.approved", jobId = null, commitId = null, data = {} }) =>
      env.DB.prepare(
        `INSERT INTO job_events (workspace_id, type, commit_id, job_id, actor_kind, actor_id, data, trace_id, created_at)
         VALUES (?1, ?2, ?3, ?4, 'system', 'test', ?5, '0', '2031-03-03T09:00:00.000Z')`,
      ).bind(workspaceId, type, commitId, jobId, JSON.stringify(data)),
    ),
    env.DB.prepare("SELECT number FROM job_events WHERE workspace_id = ?1 ORDER BY number DESC LIMIT ?2").bind(
      workspaceId,
      happenings.length,
    ),
  ]);
  return (results.at(-1)?.results ?? []).map((row) => (row as { number: number }).number).toReversed();
};

export const hubOf = (workspaceId: string) => env.EVENT_HUB.getByName(workspaceId);

export const notify = async (workspaceId: string): Promise<void> => {
  await hubOf(workspaceId).notify();
};

/** Lets real timers of the object fire until it holds. */
export const eventually = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5000, interval: 20 });
