/** Virtual time: events run in the order of their times, and only the scheduler advances the clock. */
import { nextTick } from "node:process";

interface ScheduledEvent {
  atMs: number;
  order: number;
  run: () => void;
}

const isBefore = (left: ScheduledEvent, right: ScheduledEvent): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);

/**
 * Waits until all promises that can settle have settled: Node runs a tick that a microtask requests after all
 * microtasks. The second tick covers ticks of other code. A turn of the event loop would cost as much as a step.
 */
const settled = async (): Promise<void> => {
  await new Promise<void>((resolve) => nextTick(resolve));
  await new Promise<void>((resolve) => nextTick(resolve));
};

export class Scheduler {
  nowMs: number;
  #order = 0;
  /** A binary heap with the earliest event first. */
  readonly #heap: ScheduledEvent[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Runs `run` at that time, or now when the time has passed. */
  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), order: (this.#order += 1), run };
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, event)) break;
      heap[index] = above;
      heap[parent] = event;
      index = parent;
    }
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** The number of pending events. */
  get pending(): number {
    return this.#heap.length;
  }

  get nextMs(): number | null {
    return this.#heap[0]?.atMs ?? null;
  }

  /** Runs the next event and all work that follows without delay. @returns whether there was an event */
  async step(): Promise<boolean> {
    const event = this.#takeFirst();
    if (!event) return false;
    this.nowMs = event.atMs;
    event.run();
    await settled();
    return true;
  }

  #takeFirst(): ScheduledEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      if (right && isBefore(right, left)) child += 1;
      const smaller = right && isBefore(right, left) ? right : left;
      if (isBefore(last, smaller)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
