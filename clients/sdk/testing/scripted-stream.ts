/** The scripted server's end of an event stream. */
import { type Subject, liveEventOf } from "../../../shared/contract/live.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { Faults } from "./faults.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What the server has to send. */
export interface EventSource {
  readonly faults: Pick<Faults, "repeats" | "cuts" | "goesSilent">;
  after: (id: number, subjects: readonly Subject[]) => ApiEvent[];
  /** @returns what stops listening */
  listen: (notify: () => void) => () => void;
}

export class StreamConnection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #source: EventSource;
  readonly #subjects: Subject[];
  readonly #stopListening: () => void;
  readonly #clock: VirtualClock;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #heartbeat: unknown = null;
  #at: number;
  #isSilent = false;

  constructor(source: EventSource, clock: VirtualClock, subjects: Subject[], from: number) {
    this.#source = source;
    this.#clock = clock;
    this.#subjects = subjects;
    this.#at = from;
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.end(null),
    });
    this.#write(`retry: 2000\nid: ${from}\n: connected\n\n`);
    this.#stopListening = source.listen(() => this.#send());
    this.#beat();
    this.#send();
  }

  #beat(): void {
    this.#heartbeat = this.#clock.setTimeout(() => {
      this.#write(": heartbeat\n\n");
      this.#beat();
    }, 30_000);
  }

  #send(): void {
    const { faults } = this.#source;
    const repeated = this.#source.after(0, this.#subjects).filter(({ id }) => id <= this.#at);
    const again = faults.repeats();
    for (const event of [
      ...(again > 0 ? repeated.slice(-again) : []),
      ...this.#source.after(this.#at, this.#subjects),
    ]) {
      const live = liveEventOf(event);
      const text = `id: ${event.id}\nevent: ${live.event}\ndata: ${JSON.stringify(live)}\n\n`;
      if (faults.cuts()) {
        this.#write(text.slice(0, Math.floor(text.length / 2)));
        return this.end(new Error("connection reset"));
      }
      this.#isSilent ||= faults.goesSilent();
      // In pieces, as a network hands them on.
      for (const piece of text.match(/[^]{1,40}/g) ?? []) this.#write(piece);
      this.#at = Math.max(this.#at, event.id);
    }
  }

  #write(text: string): void {
    if (!this.#isSilent) this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  end(error: unknown): void {
    this.#stopListening();
    this.#clock.clearTimeout(this.#heartbeat);
    const controller = this.#controller;
    this.#controller = null;
    try {
      if (error === null) controller?.close();
      else controller?.error(error);
    } catch {
      // Whoever read it has cancelled it.
    }
  }
}
