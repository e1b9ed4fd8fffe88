/**
 * Follows events, each once and in order, across reconnects. The transports are a WebSocket, then a stream, then
 * polling. Each connection continues after the last event that was received.
 */
import type { LiveEvent, Subject } from "../../../shared/contract/live.ts";
import { type Backoff, atLeastAsked, backoffMs } from "../../../shared/backoff.ts";
import type { Connection } from "../connection.ts";
import { ApiProblem } from "../failures.ts";
import { eventIn, idOf } from "../supported-events.ts";
import { wait } from "../surroundings.ts";
import { overEventStream } from "./event-stream.ts";
import { isAbout } from "./followed.ts";
import { Inbox } from "./inbox.ts";
import { byPolling } from "./polling.ts";
import type { Ending, Transport } from "./transport.ts";
import { overWebSocket } from "./web-socket.ts";

/**
 * connecting: the first connection. live: events come at once. polling: events come within seconds. reconnecting: no
 * event comes now; missed events follow after the reconnect.
 */
export type FollowState = "connecting" | "live" | "polling" | "reconnecting" | "closed";

export interface FollowOptions {
  /** Id of the event after which to begin. Default: now. 0: the first event. */
  lastEventId?: number;
  /** Closes the subscription, as `close` does. */
  signal?: AbortSignal;
  /** Called on each change of the state; the first state is connecting. */
  onState?: (state: FollowState) => void;
}

/** Transports in the order in which they are tried. */
const transports: readonly { run: Transport; state: FollowState }[] = [
  { run: overWebSocket, state: "live" },
  { run: overEventStream, state: "live" },
  { run: byPolling, state: "polling" },
];

const backoff: Backoff = { firstMs: 500, maxMs: 30_000 };
/** When to try an upgrade to the best transport: first after this time, then less and less often. */
const upgradeBackoff: Backoff = { firstMs: 60_000, maxMs: 900_000 };
/** A connection that lasted this long counts as stable. */
const stableAfterMs = 10_000;
/** A transport with so many short connections in a row is skipped until the next upgrade. */
const maxShortConnections = 3;

/** How one connection ended. */
interface Attempt {
  ending: Ending | "upgrade";
  opened: boolean;
  lastedMs: number;
}

/** The events, as an async iterable for one reader. Leaving the loop closes the subscription. */
export class Follow implements AsyncIterableIterator<LiveEvent> {
  readonly #connection: Connection;
  readonly #subjects: readonly Subject[];
  readonly #onState: (state: FollowState) => void;
  readonly #inbox = new Inbox();
  readonly #ending = new AbortController();
  readonly #shortConnections = new Map<Transport, number>();
  #state: FollowState = "connecting";
  /** Id up to which every event has been received. */
  #cursor: number | null;
  #lastRead: number | null;
  #failures = 0;
  #upgrades = 0;
  /** A renewed token is tried once. */
  #isRenewed = false;

  constructor(connection: Connection, subjects: readonly Subject[], options: FollowOptions) {
    const { lastEventId = null, signal, onState = () => undefined } = options;
    this.#connection = connection;
    this.#subjects = subjects;
    this.#onState = onState;
    this.#cursor = lastEventId;
    this.#lastRead = lastEventId;
    const close = (): void => this.close();
    signal?.addEventListener("abort", close);
    this.#ending.signal.addEventListener("abort", () => signal?.removeEventListener("abort", close));
    onState("connecting");
    if (signal?.aborted === true) close();
    void this.#run().then(
      () => this.close(),
      (error: unknown) => {
        this.#inbox.end({ error });
        this.close();
      },
    );
  }

  get state(): FollowState {
    return this.#state;
  }

  /** Id of the last event that the reader has taken, to resume from. Null before the first event. */
  get lastEventId(): number | null {
    return this.#lastRead;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Rejects with an ApiProblem when a reconnect cannot help: the token has expired, the commit does not exist. */
  async next(): Promise<IteratorResult<LiveEvent, undefined>> {
    const event = await this.#inbox.take();
    if (event === null) return { done: true, value: undefined };
    this.#lastRead = event.id;
    return { done: false, value: event };
  }

  async return(): Promise<IteratorResult<LiveEvent, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  /** Events that were received are still delivered; then the loop ends. */
  close(): void {
    this.#ending.abort();
    this.#inbox.end("quietly");
    this.#become("closed");
  }

  #become(state: FollowState): void {
    if (this.#state === state || this.#state === "closed") return;
    this.#state = state;
    this.#onState(state);
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const retryAfterMs = await this.#round();
      if (signal.aborted) return;
      if (retryAfterMs === "upgrade") continue;
      if (this.#state !== "connecting") this.#become("reconnecting");
      this.#failures += 1;
      const ownMs = backoffMs(backoff, this.#failures, this.#connection.surroundings.random());
      await wait(this.#connection.surroundings, atLeastAsked(ownMs, retryAfterMs), signal);
    }
  }

  /**
   * Tries the transports in turn until one connects, and keeps the connection until it ends.
   * @returns the server's `Retry-After`, if any; or that an upgrade is due
   */
  async #round(): Promise<number | null | "upgrade"> {
    let retryAfterMs: number | null = null;
    for (const transport of this.#usable()) {
      const { ending, opened, lastedMs } = await this.#attempt(transport);
      if (this.#ending.signal.aborted) return null;
      if (ending === "upgrade") return ending;
      this.#count(transport.run, opened, lastedMs);
      if (ending.kind === "refused") this.#refuse(ending.error);
      else retryAfterMs = ending.retryAfterMs;
      if (opened || ending.kind === "refused") return retryAfterMs;
    }
    // No transport connected: skipped ones are tried again the next time.
    this.#shortConnections.clear();
    return retryAfterMs;
  }

  #usable(): (typeof transports)[number][] {
    const available = transports.filter(
      ({ run }) => run !== overWebSocket || this.#connection.surroundings.WebSocket !== null,
    );
    return available.filter(
      ({ run }) => run === byPolling || (this.#shortConnections.get(run) ?? 0) < maxShortConnections,
    );
  }

  #count(run: Transport, opened: boolean, lastedMs: number): void {
    if (!opened) return;
    const wasStable = lastedMs >= stableAfterMs;
    this.#shortConnections.set(run, wasStable ? 0 : (this.#shortConnections.get(run) ?? 0) + 1);
    if (wasStable) this.#failures = 0;
  }

  /** Throws, unless the token function may return a new token. */
  #refuse(error: Error): void {
    const mayRenew = typeof this.#connection.token === "function" && !this.#isRenewed;
    if (!(error instanceof ApiProblem && error.status === 401 && mayRenew)) throw error;
    this.#isRenewed = true;
  }

  async #attempt({ run, state }: (typeof transports)[number]): Promise<Attempt> {
    const { surroundings } = this.#connection;
    const stop = new AbortController();
    let openedMs: number | null = null;
    let isUpgrading = false;
    let upgrade: unknown = null;
    const ending = await run({
      connection: this.#connection,
      subjects: this.#subjects,
      signal: AbortSignal.any([this.#ending.signal, stop.signal]),
      after: () => this.#cursor,
      opened: (from) => {
        if (openedMs !== null || this.#ending.signal.aborted) return;
        openedMs = surroundings.now();
        this.#cursor ??= from;
        this.#isRenewed = false;
        this.#become(state);
        upgrade = this.#upgradeLater(run, () => {
          isUpgrading = true;
          stop.abort();
        });
      },
      received: (event) => this.#received(event),
      whenTaken: (mark) => this.#inbox.whenTaken(mark),
      ready: () => this.#inbox.ready(),
    });
    if (upgrade !== null) surroundings.clearTimeout(upgrade);
    const lastedMs = openedMs === null ? 0 : surroundings.now() - openedMs;
    return { ending: isUpgrading ? "upgrade" : ending, opened: openedMs !== null, lastedMs };
  }

  #upgradeLater(run: Transport, upgrade: () => void): unknown {
    const { surroundings } = this.#connection;
    const best = surroundings.WebSocket === null ? overEventStream : overWebSocket;
    if (run === best) {
      this.#upgrades = 0;
      return null;
    }
    this.#upgrades += 1;
    return surroundings.setTimeout(
      () => {
        this.#shortConnections.clear();
        upgrade();
      },
      backoffMs(upgradeBackoff, this.#upgrades, surroundings.random()),
    );
  }

  /** Drops duplicates: an event that is not after the last one was delivered before. */
  #received(message: unknown): void {
    const id = idOf(message);
    if (id === null || this.#ending.signal.aborted || (this.#cursor !== null && id <= this.#cursor)) return;
    this.#cursor = id;
    const event = eventIn(message);
    if (event && isAbout(this.#subjects, event)) this.#inbox.put(event);
  }
}
