/** Clients that follow events over a WebSocket that is cut at random, or by polling each second. */
import { setTimeout as delay } from "node:timers/promises";

interface Received {
  id: number;
  event?: string;
  type: string;
  jobId: string | null;
  percent?: number;
  data: { percent?: number };
}

export const keyOf = (jobId: string | null, type: string, percent: number | undefined): string =>
  `${jobId}/${type}/${percent ?? ""}`;

/** The delay before a client reconnects. */
const patienceMs = 5000;

/** When each webhook was sent, by its content; performance.now(). */
export type Reported = ReadonlyMap<string, number>;

/** Stores only numbers, so that garbage collection does not distort the measurement. */
export abstract class Follower {
  /** Ids of the events, in the order of arrival. */
  readonly ids: number[] = [];
  /** Milliseconds from sending a webhook to receiving its event: while connected, and after a reconnection. */
  readonly liveMs: number[] = [];
  readonly resumedMs: number[] = [];
  /** Jobs whose acceptance by the target the follower has received. */
  readonly accepted = new Set<string | null>();
  /** HTTP requests, including upgrades. */
  requests = 0;
  protected lastEventId: number;
  readonly #reported: Reported;

  constructor(lastEventId: number, reported: Reported) {
    this.lastEventId = lastEventId;
    this.#reported = reported;
  }

  /** @param sinceMs when the connection opened */
  protected take({ id, type, jobId, percent, data }: Received, sinceMs: number): void {
    this.ids.push(id);
    this.lastEventId = Math.max(this.lastEventId, id);
    if (type === "job.accepted") this.accepted.add(jobId);
    const fromMs = this.#reported.get(keyOf(jobId, type, percent ?? data.percent));
    if (fromMs !== undefined) (fromMs >= sinceMs ? this.liveMs : this.resumedMs).push(performance.now() - fromMs);
  }
}

export class SocketFollower extends Follower {
  kills = 0;
  /** Why the server closed or refused the connection. */
  readonly troubles: string[] = [];
  readonly #url: string;
  readonly #token: string;
  #socket: WebSocket | null = null;
  #subscribedMs = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(url: string, token: string, lastEventId: number, reported: Reported) {
    super(lastEventId, reported);
    this.#url = `${url.replace("http", "ws")}/v2/ws`;
    this.#token = token;
  }

  /** Resolves when the subscription is active. */
  connect(): Promise<void> {
    this.requests += 1;
    this.#subscribedMs = Number.POSITIVE_INFINITY;
    const socket = new WebSocket(this.#url, ["cv-ops.v2", `cv-ops.token.${this.#token}`]);
    this.#socket = socket;
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        if (socket !== this.#socket || this.#isOver) return;
        this.troubles.push(`no answer within ${patienceMs} ms`);
        socket.close();
        void this.connect().then(resolve);
      }, patienceMs);
      socket.addEventListener("open", () => {
        socket.send(JSON.stringify({ type: "subscribe", workspace: true, lastEventId: this.lastEventId }));
      });
      socket.addEventListener("message", ({ data }) => {
        // Messages that arrive after the cut are discarded.
        if (socket !== this.#socket) return;
        const message = JSON.parse(String(data)) as Received;
        if (message.event === "sync") socket.send(JSON.stringify({ type: "synced", id: message.id }));
        else if (message.event === "error") this.troubles.push(String(data));
        else if (message.event === "subscribed") {
          clearTimeout(patience);
          this.#subscribedMs = performance.now();
          resolve();
        } else if (message.type) this.take(message, this.#subscribedMs);
      });
      socket.addEventListener("close", ({ code, reason }) => {
        clearTimeout(patience);
        if (socket !== this.#socket || this.#isOver) return;
        this.troubles.push(`closed: ${code} ${reason}`);
        void delay(200).then(() => this.connect().then(resolve));
      });
    });
  }

  /** Cuts the connection, and reconnects after a moment. */
  async kill(afterMs: number): Promise<void> {
    const socket = this.#socket;
    if (!socket || this.#subscribedMs === Number.POSITIVE_INFINITY) return;
    this.#socket = null;
    this.#subscribedMs = Number.POSITIVE_INFINITY;
    this.kills += 1;
    socket.close();
    await delay(afterMs);
    if (!this.#isOver) await this.connect();
  }

  ping(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send('{"type":"ping"}');
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.close();
  }
}

/** Polls for new events each second, as a page without live updates does. */
export class PollingFollower extends Follower {
  readonly #url: string;
  readonly #token: string;
  #isOver = false;

  constructor(url: string, token: string, lastEventId: number, reported: Reported) {
    super(lastEventId, reported);
    this.#url = url;
    this.#token = token;
  }

  async run(everyMs: number): Promise<void> {
    while (!this.#isOver) {
      const startedMs = performance.now();
      this.requests += 1;
      const headers = { authorization: `Bearer ${this.#token}` };
      const response = await fetch(`${this.#url}/v2/events?lastEventId=${this.lastEventId}`, { headers });
      const text = await response.text();
      if (!response.ok) throw new Error(`GET /v2/events: ${response.status} ${text}`);
      const page = JSON.parse(text) as { events: Received[] };
      for (const event of page.events) this.take(event, 0);
      await delay(Math.max(0, everyMs - (performance.now() - startedMs)));
    }
  }

  end(): void {
    this.#isOver = true;
  }
}
