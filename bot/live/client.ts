/** A client that follows events over a WebSocket or a stream: its caller, subscriptions, and position in each. */
import { type Subject, closeCodes, maxSubscriptions } from "../../shared/contract/live.ts";
import { isPerson } from "../../shared/domain/workspace/actor.ts";
import type { Caller } from "../api/caller.ts";
import type { LoggedEvent } from "./event-log.ts";
import { eventsPerPage } from "./limits.ts";
import { RateLimiter, choose } from "./rate-limiter.ts";
import { type Subscription, type Turn, isUndelivered, isSame } from "./subscription.ts";

export const expired = {
  code: closeCodes.unauthorized,
  reason: "Your sign-in or token has expired: come back with a new one",
};

/** Selects the connections to close. */
export type Ending =
  | { tokenId: string }
  | { userId: string }
  | { signInId: string }
  /** All who came themselves, and with a token where `programs` says so. */
  | { everybody: true; programs: boolean };

/** The part of a client that survives while the object is not in memory. */
export interface ClientState {
  id: string;
  caller: Caller;
  subscriptions: Subscription[];
  /** Events up to this id had happened before the client asked for them. */
  liveFrom: number;
}

export abstract class Client {
  readonly state: ClientState;
  isCatchingUp = false;
  readonly #rateLimiter = new RateLimiter();
  #mayHaveDuplicates = true;
  #savedAt = 0;

  constructor(state: ClientState) {
    this.state = state;
  }

  abstract get capacity(): number;
  abstract send(event: LoggedEvent, nowMs: number): void;
  /** Closes the connection. Does nothing when the connection is closed already. */
  abstract close(code: number, reason: string): void;
  abstract save(): void;
  /** When to check whether the client is still there, milliseconds since the epoch. */
  abstract deadlineMs(): number;
  abstract overdue(nowMs: number): { code: number; reason: string } | null;

  get expiresAtMs(): number {
    const { expiresAt } = this.state.caller;
    return expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  }

  /** Whether the client can receive no event that comes after this one. */
  mustWait(afterId: number, nowMs: number): boolean {
    return this.capacity <= 0 || (afterId >= this.state.liveFrom && this.#rateLimiter.capacity(nowMs) <= 0);
  }

  freeAtMs(nowMs: number): number {
    return this.#rateLimiter.freeAtMs(nowMs);
  }

  isOf(ending: Ending): boolean {
    const { actor, signInId } = this.state.caller;
    if ("tokenId" in ending) return actor.kind === "token" && actor.token.id === ending.tokenId;
    if ("signInId" in ending) return signInId === ending.signInId;
    return "everybody" in ending
      ? actor.kind === "access" || ending.programs
      : isPerson(actor) && actor.id === ending.userId;
  }

  hasCapacityFor(subjects: readonly Subject[], from: number): boolean {
    const { subscriptions } = this.state;
    const added = subjects.filter((subject) => !this.#follows(subject, from));
    return subscriptions.length + added.length <= maxSubscriptions;
  }

  #follows(subject: Subject, from: number): boolean {
    return this.state.subscriptions.some((each) => each.from <= from && isSame(each.subject, subject));
  }

  /** Follows the subjects from after `from`. Existing subscriptions go on; a later start is caught up first. */
  follow(subjects: readonly Subject[], from: number, newest: number): void {
    const { state } = this;
    for (const subject of subjects) {
      if (!this.#follows(subject, from)) state.subscriptions.push({ subject, from, at: from });
    }
    this.#mayHaveDuplicates = true;
    state.liveFrom = Math.max(state.liveFrom, newest);
    this.save();
  }

  unfollow(subjects: readonly Subject[]): void {
    this.state.subscriptions = this.state.subscriptions.filter(
      (each) => !subjects.some((subject) => isSame(each.subject, subject)),
    );
    this.save();
  }

  /**
   * Sends the undelivered events of the turn, up to the capacity of the client.
   * @param events every event of the turn
   * @returns whether every undelivered event was sent
   */
  take(turn: Turn, events: readonly LoggedEvent[], nowMs: number): boolean {
    const { state } = this;
    const undelivered = events.filter((event) => isUndelivered(event, turn, state.subscriptions));
    const capacity = { window: this.capacity, rate: this.#rateLimiter.capacity(nowMs) };
    const { send, leftAfter } = choose(undelivered, state.liveFrom, capacity);
    for (const event of send) {
      this.send(event, nowMs);
      if (event.id > state.liveFrom) this.#rateLimiter.sent(nowMs);
    }
    const end = leftAfter ?? turn.upTo;
    for (const each of turn.behind) each.at = Math.max(each.at, end);
    this.#joinDuplicates();
    // Without a delivery the position may be lost: the same events are then compared again.
    if (send.length > 0 || leftAfter !== null || end - this.#savedAt >= eventsPerPage) {
      this.#savedAt = end;
      this.save();
    }
    return leftAfter === null;
  }

  /** Joins two subscriptions to one subject when the one that began earlier has caught up with the other. */
  #joinDuplicates(): void {
    if (!this.#mayHaveDuplicates) return;
    const { state } = this;
    const bySubject = Map.groupBy(state.subscriptions, ({ subject }) => JSON.stringify(subject));
    state.subscriptions = [...bySubject.values()].flatMap((duplicates) =>
      duplicates.filter((each) => !duplicates.some((other) => other.at === each.at && other.from < each.from)),
    );
    this.#mayHaveDuplicates = state.subscriptions.length > bySubject.size;
  }
}
