/** Delivers events from D1 to clients. New events are read once for all clients, missed events for one client. */
import { apiEvent } from "../../shared/contract/event.ts";
import { closeCodes } from "../../shared/contract/live.ts";
import { backoffMs } from "../../shared/backoff.ts";
import { textIn } from "../../shared/domain/events/event-data.ts";
import { inTrace, log } from "../../shared/log.ts";
import { eventsAfter } from "../../shared/history/read-history.ts";
import { read } from "../../shared/storage/database.ts";
import { archivedBelowQuery } from "../../shared/storage/events/archives.ts";
import { type EventFilter, eventsAfterQuery } from "../../shared/storage/events/events.ts";
import { within } from "../../shared/within.ts";
import type { Deps } from "../env.ts";
import { type Client, expired } from "./client.ts";
import { EventLog, type LoggedEvent, logged } from "./event-log.ts";
import { eventsPerPage, readTimeoutMs } from "./limits.ts";
import { type Subscription, nextTurn } from "./subscription.ts";

/** Reads of missed events that run at once: D1 works one query after the other. */
const concurrency = 4;
/** A client over the rate limit then gets several events at once instead of a timer for each. */
const rateLimitStepMs = 100;
const readBackoff = { firstMs: 500, maxMs: 30_000 };

const tooSlow = {
  code: closeCodes.tooSlow,
  reason: "Too many events wait for you: come back with your lastEventId",
};

interface Host {
  deps: Pick<Deps, "databases" | "history" | "nowMs" | "random">;
  workspaceId: () => string | null;
  clients: () => Iterable<Client>;
  isOpen: (client: Client) => boolean;
  close: (client: Client, why: { code: number; reason: string }) => void;
  /** The client has no capacity left until it acknowledges events. */
  isBlocked: (client: Client) => void;
  onRevoked: () => Promise<void>;
  /** The app has left the workspace. */
  /** @param uninstalled whether the app itself is gone, and not its token alone */
  onDisconnected: (uninstalled: boolean) => Promise<void>;
  onLeft: (userIds: string[]) => Promise<void>;
}

export class Distribution {
  readonly #host: Host;
  readonly #concurrency: Promise<unknown>[] = Array.from({ length: concurrency }, () => Promise.resolve());
  #turns = 0;
  /** Null while no client follows anything. */
  #log: EventLog | null = null;
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #failures = 0;
  #timer: { atMs: number; handle: ReturnType<typeof setTimeout> } | null = null;

  get isReading(): boolean {
    return this.#log !== null;
  }

  constructor(host: Host) {
    this.#host = host;
  }

  /** Keeps events after this id from now on. The first call also reads the events since then. */
  async startAt(newestId: number): Promise<void> {
    if (this.#log) return;
    this.#log = new EventLog(newestId);
    await this.readNew();
  }

  stop(): void {
    this.#log = null;
    if (this.#timer) clearTimeout(this.#timer.handle);
    this.#timer = null;
  }

  /** Reads new events, one read at a time; calls during a read cause one more read. Never throws. */
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
        this.#publish(events);
        if (events.some(({ type }) => type === "token.revoked")) await this.#host.onRevoked();
        const lost = events
          .filter(({ type }) => type === "workspace.disconnected")
          .map(({ data }) => textIn(data, "because"));
        if (lost.length > 0) await this.#host.onDisconnected(lost.includes("app_uninstalled"));
        const left = events.filter(({ type }) => type === "member.left").map(({ data }) => textIn(data, "userId"));
        if (left.length > 0) await this.#host.onLeft(left);
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      const { nowMs, random } = this.#host.deps;
      const delayMs = backoffMs(readBackoff, this.#failures, random());
      const workspaceId = this.#host.workspaceId();
      log("live.not_read", { workspaceId, failures: this.#failures, delayMs, error: String(error) });
      this.#later(nowMs() + delayMs);
    }
  }

  async #page(afterId: number, filter: EventFilter): Promise<LoggedEvent[]> {
    const { databases, history } = this.#host.deps;
    const workspaceId = this.#host.workspaceId();
    if (workspaceId === null) return [];
    const db = databases.of(workspaceId);
    const wanted = { afterId, limit: eventsPerPage, filter };
    const load = async () => {
      const [found, archivedBelow] = await read(
        db,
        eventsAfterQuery(workspaceId, afterId, eventsPerPage, filter),
        archivedBelowQuery(workspaceId),
      );
      return eventsAfter({ db, history, workspaceId }, wanted, found, archivedBelow);
    };
    const { events } = await within(
      readTimeoutMs,
      load(),
      () => new Error(`D1 has not answered within ${readTimeoutMs} ms`),
    );
    return events.map((event) => logged(apiEvent(event)));
  }

  #publish(events: readonly LoggedEvent[]): void {
    const eventLog = this.#log;
    if (!eventLog) return;
    const before = eventLog.floor;
    eventLog.append(events);
    for (const client of this.#host.clients()) {
      const at = Math.min(...client.state.subscriptions.map((each) => each.at));
      // A client that is catching up is below the floor already.
      if (at >= before && at < eventLog.floor && !client.isCatchingUp) this.#host.close(client, tooSlow);
      else this.serve(client);
    }
  }

  serve(client: Client): void {
    const eventLog = this.#log;
    if (!eventLog || client.isCatchingUp || !this.#host.isOpen(client)) return;
    const nowMs = this.#host.deps.nowMs();
    if (nowMs >= client.expiresAtMs) return this.#host.close(client, expired);
    for (;;) {
      const turn = nextTurn(client.state.subscriptions, eventLog.head);
      if (!turn) return;
      if (turn.after < eventLog.floor) {
        void this.#catchUp(client);
        return;
      }
      if (client.mustWait(turn.after, nowMs)) return this.#wait(client, nowMs);
      if (!client.take(turn, eventLog.between(turn.after, turn.upTo), nowMs)) return this.#wait(client, nowMs);
    }
  }

  async #catchUp(client: Client): Promise<void> {
    client.isCatchingUp = true;
    try {
      while (this.#host.isOpen(client) && this.#log) {
        const turn = nextTurn(client.state.subscriptions, this.#log.head);
        if (!turn || turn.after >= this.#log.floor) break;
        const events = await this.#limited(() => this.#page(turn.after, filterOf(turn.behind)));
        const read = events.length === eventsPerPage ? (events.at(-1)?.id ?? turn.upTo) : turn.upTo;
        const upTo = Math.min(read, turn.upTo);
        const nowMs = this.#host.deps.nowMs();
        const within = events.filter(({ id }) => id <= upTo);
        if (!client.take({ ...turn, upTo }, within, nowMs)) return this.#wait(client, nowMs);
      }
    } catch (error) {
      const { id, caller } = client.state;
      log("live.not_read", { workspaceId: caller.workspaceId, clientId: id, error: String(error) });
      return this.#later(this.#host.deps.nowMs() + readBackoff.firstMs);
    } finally {
      client.isCatchingUp = false;
    }
    this.serve(client);
  }

  #limited<T>(work: () => Promise<T>): Promise<T> {
    const slot = this.#turns % concurrency;
    this.#turns += 1;
    const done = (this.#concurrency[slot] ?? Promise.resolve()).then(work);
    this.#concurrency[slot] = done.catch(() => null);
    return done;
  }

  #wait(client: Client, nowMs: number): void {
    if (client.capacity > 0) this.#later(Math.max(client.freeAtMs(nowMs), nowMs + rateLimitStepMs));
    else this.#host.isBlocked(client);
  }

  /** Serves clients again at that time, or earlier. The object stays in memory until then. */
  #later(atMs: number): void {
    if (this.#timer && this.#timer.atMs <= atMs) return;
    if (this.#timer) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => inTrace(null, () => this.#again()), Math.max(0, atMs - this.#host.deps.nowMs()));
    this.#timer = { atMs, handle };
  }

  #again(): void {
    this.#timer = null;
    if (this.#failures > 0) void this.readNew();
    for (const client of this.#host.clients()) this.serve(client);
  }
}

/** The filter for one job or commit, which has an index; empty for anything else. */
const filterOf = ([first, ...others]: readonly Subscription[]): EventFilter => {
  if (!first || others.length > 0 || "workspace" in first.subject) return {};
  return "jobId" in first.subject ? { jobId: first.subject.jobId } : { commitNumber: first.subject.commit };
};
