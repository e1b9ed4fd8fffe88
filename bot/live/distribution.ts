/** Gets events from D1 to clients: reads what is new once for all of them, and what one of them has missed for it alone. */
import { apiEvent } from "../../shared/contract/event.ts";
import { closeCodes } from "../../shared/contract/live.ts";
import { backoffMs } from "../../shared/backoff.ts";
import { log } from "../../shared/log.ts";
import { read } from "../../shared/storage/database.ts";
import { type EventFilter, eventsAfterQuery } from "../../shared/storage/events/events.ts";
import type { Deps } from "../env.ts";
import { type Client, expired } from "./client.ts";
import { EventLog, type HeldEvent, held } from "./event-log.ts";
import { eventsPerPage, readTimeoutMs } from "./limits.ts";
import { type Subscription, nextTurn } from "./subscription.ts";

/** So many reads of what clients have missed go on at once: D1 answers one after the other. */
const concurrency = 4;
/** A client that has to wait for its pace then gets several events, not each by a timer of its own. */
const paceStepMs = 100;
const readBackoff = { firstMs: 500, maxMs: 30_000 };

const tooSlow = {
  code: closeCodes.tooSlow,
  reason: "Too many events wait for you: come back with your lastEventId",
};

interface Surroundings {
  deps: Pick<Deps, "db" | "nowMs" | "random">;
  workspaceId: () => string | null;
  clients: () => Iterable<Client>;
  isOpen: (client: Client) => boolean;
  close: (client: Client, why: { code: number; reason: string }) => void;
  /** The client waits for room that only it can make. */
  isBlocked: (client: Client) => void;
  /** Somebody's token was revoked. */
  onRevoked: () => Promise<void>;
}

export class Distribution {
  readonly #around: Surroundings;
  readonly #concurrency: Promise<unknown>[] = Array.from({ length: concurrency }, () => Promise.resolve());
  #turns = 0;
  /** Null as long as nobody follows anything. */
  #log: EventLog | null = null;
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #failures = 0;
  #timer: { atMs: number; handle: ReturnType<typeof setTimeout> } | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** From now on events after this id are held. Reads, the first time, what has happened since it was the newest. */
  async startAt(newestId: number): Promise<void> {
    if (this.#log) return;
    this.#log = new EventLog(newestId);
    await this.readNew();
  }

  /** Nobody is left. */
  stop(): void {
    this.#log = null;
    if (this.#timer) clearTimeout(this.#timer.handle);
    this.#timer = null;
  }

  /** Reads what is new, one read at a time: who asks meanwhile is served by one more. Never throws. */
  async readNew(): Promise<void> {
    if (this.#log === null) return;
    this.#readAgain = true;
    this.#reading ??= this.#readUntilDone().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #readUntilDone(): Promise<void> {
    try {
      while (this.#readAgain && this.#log) {
        this.#readAgain = false;
        const events = await this.#page(this.#log.head, {});
        this.#readAgain ||= events.length === eventsPerPage;
        this.#tell(events);
        if (events.some(({ type }) => type === "token.revoked")) await this.#around.onRevoked();
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      const { nowMs, random } = this.#around.deps;
      const delayMs = backoffMs(readBackoff, this.#failures, random());
      const workspaceId = this.#around.workspaceId();
      log("live.not_read", { workspaceId, failures: this.#failures, delayMs, error: String(error) });
      this.#later(nowMs() + delayMs);
    }
  }

  async #page(afterId: number, filter: EventFilter): Promise<HeldEvent[]> {
    const { db } = this.#around.deps;
    const workspaceId = this.#around.workspaceId();
    if (workspaceId === null) return [];
    const [events] = await within(
      readTimeoutMs,
      read(db, eventsAfterQuery(db, workspaceId, afterId, eventsPerPage, filter)),
    );
    return events.map((event) => held(apiEvent(event)));
  }

  #tell(events: readonly HeldEvent[]): void {
    const known = this.#log;
    if (!known) return;
    const before = known.floor;
    known.append(events);
    for (const client of this.#around.clients()) {
      const at = Math.min(...client.state.subscriptions.map((each) => each.at));
      // Whoever has yet to catch up is below the floor already.
      if (at >= before && at < known.floor && !client.isCatchingUp) this.#around.close(client, tooSlow);
      else this.serve(client);
    }
  }

  /** Gives a client what it is owed, as far as it has room. */
  serve(client: Client): void {
    const known = this.#log;
    if (!known || client.isCatchingUp || !this.#around.isOpen(client)) return;
    const nowMs = this.#around.deps.nowMs();
    if (nowMs >= client.expiresAtMs) return this.#around.close(client, expired);
    for (;;) {
      const turn = nextTurn(client.state.subscriptions, known.head);
      if (!turn) return;
      if (turn.after < known.floor) {
        void this.#catchUp(client);
        return;
      }
      if (client.mustWait(turn.after, nowMs)) return this.#wait(client, nowMs);
      if (!client.take(turn, known.between(turn.after, turn.upTo), nowMs)) return this.#wait(client, nowMs);
    }
  }

  /** Reads for one client what is older than what is held. */
  async #catchUp(client: Client): Promise<void> {
    client.isCatchingUp = true;
    try {
      while (this.#around.isOpen(client) && this.#log) {
        const turn = nextTurn(client.state.subscriptions, this.#log.head);
        if (!turn || turn.after >= this.#log.floor) break;
        const events = await this.#inLane(() => this.#page(turn.after, filterOf(turn.behind)));
        const read = events.length === eventsPerPage ? (events.at(-1)?.id ?? turn.upTo) : turn.upTo;
        const upTo = Math.min(read, turn.upTo);
        const nowMs = this.#around.deps.nowMs();
        const within = events.filter(({ id }) => id <= upTo);
        if (!client.take({ ...turn, upTo }, within, nowMs)) return this.#wait(client, nowMs);
      }
    } catch (error) {
      const { id, caller } = client.state;
      log("live.not_read", { workspaceId: caller.workspaceId, clientId: id, error: String(error) });
      return this.#later(this.#around.deps.nowMs() + readBackoff.firstMs);
    } finally {
      client.isCatchingUp = false;
    }
    this.serve(client);
  }

  #inLane<T>(work: () => Promise<T>): Promise<T> {
    const lane = this.#turns % concurrency;
    this.#turns += 1;
    const done = (this.#concurrency[lane] ?? Promise.resolve()).then(work);
    this.#concurrency[lane] = done.catch(() => null);
    return done;
  }

  #wait(client: Client, nowMs: number): void {
    if (client.room > 0) this.#later(Math.max(client.freeAtMs(nowMs), nowMs + paceStepMs));
    else this.#around.isBlocked(client);
  }

  /** Looks again at that time, or earlier. The object stays in memory until then. */
  #later(atMs: number): void {
    if (this.#timer && this.#timer.atMs <= atMs) return;
    if (this.#timer) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => this.#again(), Math.max(0, atMs - this.#around.deps.nowMs()));
    this.#timer = { atMs, handle };
  }

  #again(): void {
    this.#timer = null;
    if (this.#failures > 0) void this.readNew();
    for (const client of this.#around.clients()) this.serve(client);
  }
}

const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`D1 has not answered within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** A single job or commit is found by its index; anything else among all events. */
const filterOf = ([first, ...others]: readonly Subscription[]): EventFilter => {
  if (!first || others.length > 0 || "workspace" in first.subject) return {};
  return "jobId" in first.subject ? { jobId: first.subject.jobId } : { commitNumber: first.subject.commit };
};
