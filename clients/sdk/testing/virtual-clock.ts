/** Time that passes only when nothing else is left to do. */
interface Timer {
  atMs: number;
  order: number;
  run: () => void;
}

export class VirtualClock {
  nowMs = Date.parse("2031-03-03T09:00:00Z");
  readonly #timers = new Set<Timer>();
  #order = 0;

  readonly now = (): number => this.nowMs;

  readonly setTimeout = (run: () => void, delayMs: number): Timer => {
    this.#order += 1;
    const timer = { atMs: this.nowMs + delayMs, order: this.#order, run };
    this.#timers.add(timer);
    return timer;
  };

  readonly clearTimeout = (handle: unknown): void => {
    this.#timers.delete(handle as Timer);
  };

  /** Timers that have not run out. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Everything that needs no time has happened. */
  async settle(): Promise<void> {
    // Streams hand on their pieces in several turns.
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(byMs: number): Promise<void> {
    const untilMs = this.nowMs + byMs;
    await this.settle();
    for (;;) {
      const next = this.#next();
      if (!next || next.atMs > untilMs) break;
      await this.#fire(next);
    }
    this.nowMs = untilMs;
  }

  /** Goes from timer to timer until it holds. Throws when it does not within an hour. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const endMs = this.nowMs + 3_600_000;
    await this.settle();
    while (!holds()) {
      const next = this.#next();
      if (!next || next.atMs > endMs) throw new Error(`${what}: not within an hour`);
      await this.#fire(next);
    }
  }

  #next(): Timer | undefined {
    return [...this.#timers].toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    timer.run();
    await this.settle();
  }
}
