/** The newest events of a workspace, in memory: without a gap from `floor`, exclusive, to `head`, inclusive. */
import type { ApiEvent } from "../../shared/contract/event.ts";
import { liveEventOf } from "../../shared/contract/live.ts";
import { maxLoggedEvents } from "./limits.ts";

/** An event with its text, which is the same for every client. */
export interface LoggedEvent extends ApiEvent {
  name: string;
  text: string;
}

export const logged = (event: ApiEvent): LoggedEvent => {
  const message = liveEventOf(event);
  return { ...event, name: message.event, text: JSON.stringify(message) };
};

export class EventLog {
  #events: LoggedEvent[] = [];
  #floor: number;
  #head: number;

  /** @param startId id of the event after which the log begins */
  constructor(startId: number) {
    this.#floor = startId;
    this.#head = startId;
  }

  get head(): number {
    return this.#head;
  }

  get floor(): number {
    return this.#floor;
  }

  /** Adds events after the head. Drops the oldest over the limit. */
  append(events: readonly LoggedEvent[]): void {
    this.#events.push(...events);
    this.#head = events.at(-1)?.id ?? this.#head;
    const tooMany = this.#events.splice(0, Math.max(0, this.#events.length - maxLoggedEvents));
    this.#floor = tooMany.at(-1)?.id ?? this.#floor;
  }

  /** Events after `after` up to and including `upTo`; `after` must not be below the floor. */
  between(after: number, upTo: number): LoggedEvent[] {
    // Clients usually want the last few of many.
    let first = this.#events.length;
    while (first > 0 && (this.#events[first - 1]?.id ?? 0) > after) first -= 1;
    return this.#events.slice(first).filter(({ id }) => id <= upTo);
  }
}
