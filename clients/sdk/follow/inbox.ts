/** Events that have come and wait for whoever follows: connections put them in, one reader takes them out. */
import type { LiveEvent } from "../../../shared/contract/live.ts";

/** Connections that can hold back do so from here on. */
const full = 256;

type Item = { event: LiveEvent } | { mark: () => void };
type Ended = { error: unknown } | "quietly";

export class Inbox {
  readonly #items: Item[] = [];
  #ended: Ended | null = null;
  /** Who waits for something to come. */
  #reader: (() => void) | null = null;
  #writers: (() => void)[] = [];

  put(event: LiveEvent): void {
    this.#items.push({ event });
    this.#reader?.();
  }

  /** Runs when the reader, having taken everything that was put before it, comes back for more. */
  whenTaken(mark: () => void): void {
    if (this.#items.length === 0) return mark();
    this.#items.push({ mark });
  }

  /** Resolves when there is room for more, or nobody reads any more. */
  async room(): Promise<void> {
    while (this.#items.length >= full && this.#ended === null) {
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    }
  }

  /** What came before is still given out; then nothing more, or the error. */
  end(ended: Ended): void {
    this.#ended ??= ended;
    this.#reader?.();
    this.#release();
  }

  /** Null when nothing more comes. Rejects with the error that ended it, once. */
  async take(): Promise<LiveEvent | null> {
    for (;;) {
      const item = this.#items.shift();
      if (item && "mark" in item) item.mark();
      else if (item) return this.#given(item.event);
      else if (this.#ended !== null) return this.#finish();
      else await this.#something();
    }
  }

  #given(event: LiveEvent): LiveEvent {
    if (this.#items.length < full) this.#release();
    return event;
  }

  #finish(): null {
    const ended = this.#ended;
    this.#ended = "quietly";
    if (ended !== null && ended !== "quietly") throw ended.error;
    return null;
  }

  async #something(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#reader = resolve;
    });
    this.#reader = null;
  }

  #release(): void {
    const waiting = this.#writers;
    this.#writers = [];
    for (const go of waiting) go();
  }
}
