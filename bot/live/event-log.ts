/** The newest events of a workspace, in memory: without a gap from `floor`, exclusive, to `head`, inclusive. */
import type { ApiEvent } from "../../shared/contract/event.ts";
import { liveEventOf } from "../../shared/contract/live.ts";
import { maxHeldEvents } from "./limits.ts";

/** An event with its text, which is the same for every client. */
export interface HeldEvent extends ApiEvent {
  name: string;
  text: string;
}

export const held = (event: ApiEvent): HeldEvent => {
  const message = liveEventOf(event);
  return { ...event, name: message.event, text: JSON.stringify(message) };
};

export class EventLog {
  #events: HeldEvent[] = [];
  #floor: number;
  #head: number;

  /** @param startId that of an event up to which it holds nothing */
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

  /** Those that follow the head. The oldest are let go. */
  append(events: readonly HeldEvent[]): void {
    this.#events.push(...events);
    this.#head = events.at(-1)?.id ?? this.#head;
    const tooMany = this.#events.splice(0, Math.max(0, this.#events.length - maxHeldEvents));
    this.#floor = tooMany.at(-1)?.id ?? this.#floor;
  }

  /** Those after `after` up to `upTo`; `after` is not below the floor. */
  between(after: number, upTo: number): HeldEvent[] {
    // Most clients want the last few of many.
    let first = this.#events.length;
    while (first > 0 && (this.#events[first - 1]?.id ?? 0) > after) first -= 1;
    return this.#events.slice(first).filter(({ id }) => id <= upTo);
  }
}
