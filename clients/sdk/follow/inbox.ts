/** A queue of received events between the connections and one reader. */
import type { LiveEvent } from "../../../shared/contract/live.ts";

/** Above this size, connections with backpressure stop reading. */
const full = 256;

type Item = { event: LiveEvent } | { mark: () => void };
type Ended = { error: unknown } | "quietly";

export class Inbox {
  readonly #items: Item[] = [];
  #ended: Ended | null = null;
  /** The pending reads. */
  #reader: (() => void) | null = null;
  #writers: (() => void)[] = [];

  put(event: LiveEvent): void {
    this.#items.push({ event });
    this.#reader?.();
  }

  /** Runs when the reader has taken every event that was put before it and asks for more. */
  whenTaken(mark: () => void): void {
    if (this.#items.length === 0) return mark();
    this.#items.push({ mark });
  }

  /** Resolves when there is capacity, or when the reader has gone. */
  async ready(): Promise<void> {
    while (this.#items.length >= full && this.#ended === null) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
  }

  /** Events put before are still delivered; then the queue ends, with the error if there is one. */
  end(ended: Ended): void {
    this.#ended ??= ended;
    this.#reader?.();
    this.#resumeWriters();
  }

  /** Null at the end. Rejects once with the error that ended the queue. */
  async take(): Promise<LiveEvent | null> {
    for (;;) {
      const item = this.#items.shift();
      if (item && "mark" in item) item.mark();
      else if (item) return this.#deliver(item.event);
      else if (this.#ended !== null) return this.#finish();
      else await this.#nextItem();
    }
  }

  #deliver(event: LiveEvent): LiveEvent {
    if (this.#items.length < full) this.#resumeWriters();
    return event;
  }

  #finish(): null {
    const ended = this.#ended;
    this.#ended = "quietly";
    if (ended !== null && ended !== "quietly") throw ended.error;
    return null;
  }

  async #nextItem(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#reader = resolve;
    });
    this.#reader = null;
  }

  #resumeWriters(): void {
    const waiting = this.#writers;
    this.#writers = [];
    for (const go of waiting) go();
  }
}
