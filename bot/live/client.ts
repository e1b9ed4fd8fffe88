/** Somebody who follows events, over a WebSocket or a stream: who they are, what they are owed, and how far they have come. */
import { type Subject, closeCodes, maxSubscriptions } from "../../shared/contract/live.ts";
import { isPerson } from "../../shared/domain/workspace/actor.ts";
import type { Caller } from "../api/caller.ts";
import type { HeldEvent } from "./event-log.ts";
import { eventsPerPage } from "./limits.ts";
import { RateLimiter, choose } from "./rate-limiter.ts";
import { type Subscription, type Turn, isUndelivered, isSame } from "./subscription.ts";

export const expired = {
  code: closeCodes.unauthorized,
  reason: "Your sign-in or token has expired: come back with a new one",
};

/** Whose connections end. */
export type Ending = { tokenId: string } | { userId: string };

/** What is kept of a client while the object is not in memory. */
export interface ClientState {
  id: string;
  caller: Caller;
  subscriptions: Subscription[];
  /** Events up to this id had happened before the client asked for them. */
  liveFrom: number;
}

export abstract class Client {
  readonly state: ClientState;
  /** Its events are being read from D1. */
  isCatchingUp = false;
  readonly #pace = new RateLimiter();
  #mayHaveDuplicates = true;
  #savedAt = 0;

  constructor(state: ClientState) {
    this.state = state;
  }

  /** How many events it can take now. */
  abstract get room(): number;
  abstract send(event: HeldEvent, nowMs: number): void;
  /** Its connection ends; nobody throws when it has ended already. */
  abstract close(code: number, reason: string): void;
  /** Keeps the state for when the object is not in memory. */
  abstract save(): void;
  /** When to look whether it is still there, milliseconds since the epoch. */
  abstract deadlineMs(): number;
  /** Why it has to go now; null when it may stay. */
  abstract overdue(nowMs: number): { code: number; reason: string } | null;

  get expiresAtMs(): number {
    const { expiresAt } = this.state.caller;
    return expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  }

  /** Whether it can take nothing of what comes after this event. */
  mustWait(afterId: number, nowMs: number): boolean {
    return this.room <= 0 || (afterId >= this.state.liveFrom && this.#pace.room(nowMs) <= 0);
  }

  /** When it may get an event that comes now, milliseconds since the epoch. */
  freeAtMs(nowMs: number): number {
    return this.#pace.freeAtMs(nowMs);
  }

  isOf(ending: Ending): boolean {
    const { actor } = this.state.caller;
    return "tokenId" in ending
      ? actor.kind === "token" && actor.token.id === ending.tokenId
      : isPerson(actor) && actor.id === ending.userId;
  }

  /** Whether so many more can be followed. */
  hasRoomFor(subjects: readonly Subject[], from: number): boolean {
    const { subscriptions } = this.state;
    const added = subjects.filter((subject) => !this.#follows(subject, from));
    return subscriptions.length + added.length <= maxSubscriptions;
  }

  #follows(subject: Subject, from: number): boolean {
    return this.state.subscriptions.some((each) => each.from <= from && isSame(each.subject, subject));
  }

  /** Follows them from after `from`. What is followed already goes on, and what comes before it is made up for. */
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
   * Sends what it is owed of the turn, as far as it has room.
   * @param events all that there are in the turn
   * @returns whether that was all of it
   */
  take(turn: Turn, events: readonly HeldEvent[], nowMs: number): boolean {
    const { state } = this;
    const owed = events.filter((event) => isUndelivered(event, turn, state.subscriptions));
    const room = { window: this.room, pace: this.#pace.room(nowMs) };
    const { send, leftAfter } = choose(owed, state.liveFrom, room);
    for (const event of send) {
      this.send(event, nowMs);
      if (event.id > state.liveFrom) this.#pace.sent(nowMs);
    }
    const end = leftAfter ?? turn.upTo;
    for (const each of turn.behind) each.at = Math.max(each.at, end);
    this.#joinDuplicates();
    // Who was owed nothing may be asked again about the same events.
    if (send.length > 0 || leftAfter !== null || end - this.#savedAt >= eventsPerPage) {
      this.#savedAt = end;
      this.save();
    }
    return leftAfter === null;
  }

  /** One that was asked for again from an earlier event, and has caught up, is one with the other. */
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
