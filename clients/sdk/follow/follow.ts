/**
 * Follows events: each once, in order, whatever becomes of connections. What comes first is a WebSocket, then a stream, then
 * asking again and again; whichever stands, each goes on after the last event that has come.
 */
import type { LiveEvent, Subject } from "../../../shared/contract/live.ts";
import { type Backoff, atLeastAsked, backoffMs } from "../../../shared/backoff.ts";
import type { Connection } from "../connection.ts";
import { ApiProblem } from "../failures.ts";
import { eventIn, idOf } from "../known-events.ts";
import { wait } from "../surroundings.ts";
import { overEventStream } from "./event-stream.ts";
import { isAbout } from "./followed.ts";
import { Inbox } from "./inbox.ts";
import { byPolling } from "./polling.ts";
import type { Ending, Transport } from "./transport.ts";
import { overWebSocket } from "./web-socket.ts";

/**
 * connecting: for the first time. live: events come as they happen. polling: they come within seconds. reconnecting: nothing
 * comes just now, and what happens is made up for.
 */
export type FollowState = "connecting" | "live" | "polling" | "reconnecting" | "closed";

export interface FollowOptions {
  /** Events after this one; those that come from now on when left out. 0: from the first there is. */
  lastEventId?: number;
  /** Ends it, as `close` does. */
  signal?: AbortSignal;
  /** Told each time it changes; begins with connecting. */
  onState?: (state: FollowState) => void;
}

/** From the best to the last resort. */
const transports: readonly { run: Transport; state: FollowState }[] = [
  { run: overWebSocket, state: "live" },
  { run: overEventStream, state: "live" },
  { run: byPolling, state: "polling" },
];

const backoff: Backoff = { firstMs: 500, maxMs: 30_000 };
/** From a lesser transport to the best: looked for after about so long, and then less and less often. */
const upgradeBackoff: Backoff = { firstMs: 60_000, maxMs: 900_000 };
/** A connection that lived so long was a good one. */
const steadyAfterMs = 10_000;
/** A transport whose connections break off so often in a row, each as soon as it stands, is passed over until the next climb. */
const maxStrikes = 3;

/** What became of one connection. */
interface Attempt {
  ending: Ending | "climb";
  opened: boolean;
  livedMs: number;
}

/** Events, for `for await`. One reader; leaving the loop closes it. */
export class Follow implements AsyncIterableIterator<LiveEvent> {
  readonly #connection: Connection;
  readonly #subjects: readonly Subject[];
  readonly #onState: (state: FollowState) => void;
  readonly #inbox = new Inbox();
  readonly #ending = new AbortController();
  readonly #strikes = new Map<Transport, number>();
  #state: FollowState = "connecting";
  /** The id up to which everything has come. */
  #cursor: number | null;
  #lastTaken: number | null;
  #failures = 0;
  #upgrades = 0;
  /** A token that was renewed is tried once. */
  #renewed = false;

  constructor(connection: Connection, subjects: readonly Subject[], options: FollowOptions) {
    const { lastEventId = null, signal, onState = () => undefined } = options;
    this.#connection = connection;
    this.#subjects = subjects;
    this.#onState = onState;
    this.#cursor = lastEventId;
    this.#lastTaken = lastEventId;
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

  /** Of the last event that was given out; what to come back with. Null while there was none. */
  get lastEventId(): number | null {
    return this.#lastTaken;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Rejects with an ApiProblem where it makes no sense to go on: the token has ended, there is no such commit. */
  async next(): Promise<IteratorResult<LiveEvent, undefined>> {
    const event = await this.#inbox.take();
    if (event === null) return { done: true, value: undefined };
    this.#lastTaken = event.id;
    return { done: false, value: event };
  }

  async return(): Promise<IteratorResult<LiveEvent, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  /** What has come already is still given out, and then the loop ends. */
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
      const askedMs = await this.#round();
      if (signal.aborted) return;
      if (askedMs === "climb") continue;
      if (this.#state !== "connecting") this.#become("reconnecting");
      this.#failures += 1;
      const ownMs = backoffMs(backoff, this.#failures, this.#connection.surroundings.random());
      await wait(this.#connection.surroundings, atLeastAsked(ownMs, askedMs), signal);
    }
  }

  /**
   * Tries one transport after the other until one stands, and stays with it until it breaks off.
   * @returns how long the server asks to be left alone, if it does; or that a better transport is to be looked for
   */
  async #round(): Promise<number | null | "climb"> {
    let askedMs: number | null = null;
    for (const transport of this.#usable()) {
      const { ending, opened, livedMs } = await this.#attempt(transport);
      if (this.#ending.signal.aborted) return null;
      if (ending === "climb") return ending;
      this.#count(transport.run, opened, livedMs);
      if (ending.kind === "refused") this.#refuse(ending.error);
      else askedMs = ending.retryAfterMs;
      if (opened || ending.kind === "refused") return askedMs;
    }
    // None of them stands: what was passed over may be what stands the next time.
    this.#strikes.clear();
    return askedMs;
  }

  #usable(): (typeof transports)[number][] {
    const there = transports.filter(
      ({ run }) => run !== overWebSocket || this.#connection.surroundings.WebSocket !== null,
    );
    return there.filter(({ run }) => run === byPolling || (this.#strikes.get(run) ?? 0) < maxStrikes);
  }

  #count(run: Transport, opened: boolean, livedMs: number): void {
    if (!opened) return;
    const wasSteady = livedMs >= steadyAfterMs;
    this.#strikes.set(run, wasSteady ? 0 : (this.#strikes.get(run) ?? 0) + 1);
    if (wasSteady) this.#failures = 0;
  }

  /** Throws, unless whoever gives the tokens may have a new one. */
  #refuse(error: Error): void {
    const mayRenew = typeof this.#connection.token === "function" && !this.#renewed;
    if (!(error instanceof ApiProblem && error.status === 401 && mayRenew)) throw error;
    this.#renewed = true;
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
        this.#renewed = false;
        this.#become(state);
        upgrade = this.#upgradeLater(run, () => {
          isUpgrading = true;
          stop.abort();
        });
      },
      came: (event) => this.#came(event),
      whenTaken: (mark) => this.#inbox.whenTaken(mark),
      room: () => this.#inbox.room(),
    });
    if (upgrade !== null) surroundings.clearTimeout(upgrade);
    const livedMs = openedMs === null ? 0 : surroundings.now() - openedMs;
    return { ending: isUpgrading ? "climb" : ending, opened: openedMs !== null, livedMs };
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
        this.#strikes.clear();
        upgrade();
      },
      backoffMs(upgradeBackoff, this.#upgrades, surroundings.random()),
    );
  }

  /** In order and once: what is not after the last one has come before. */
  #came(came: unknown): void {
    const id = idOf(came);
    if (id === null || this.#ending.signal.aborted || (this.#cursor !== null && id <= this.#cursor)) return;
    this.#cursor = id;
    const event = eventIn(came);
    if (event && isAbout(this.#subjects, event)) this.#inbox.put(event);
  }
}
