/** A client over server-sent events. It lives as long as the object's memory; who breaks off comes back by itself. */
import { closeCodes } from "../../shared/contract/live.ts";
import { Client, type ClientState, expired } from "./client.ts";
import type { HeldEvent } from "./event-log.ts";
import { maxUnread, unreadTimeoutMs } from "./limits.ts";

const encoder = new TextEncoder();

interface StreamEvents {
  /** It has read something, and can take more. */
  hasRoom: (client: StreamClient) => void;
  ended: (client: StreamClient) => void;
}

export class StreamClient extends Client {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #events: StreamEvents;
  /** When each of what it has not read was written, oldest first. */
  #unreadMs: number[] = [];

  constructor(writer: WritableStreamDefaultWriter<Uint8Array>, state: ClientState, events: StreamEvents) {
    super(state);
    this.#writer = writer;
    this.#events = events;
  }

  override get room(): number {
    return maxUnread - this.#unreadMs.length;
  }

  override send({ id, name, text }: HeldEvent, nowMs: number): void {
    this.#write(`id: ${id}\nevent: ${name}\ndata: ${text}\n\n`, nowMs);
  }

  /** The first words: how soon to come back, and from where. */
  open(retryMs: number, lastEventId: number, nowMs: number): void {
    this.#write(`retry: ${retryMs}\nid: ${lastEventId}\n: connected\n\n`, nowMs);
  }

  heartbeat(nowMs: number): void {
    if (this.#unreadMs.length === 0) this.#write(": heartbeat\n\n", nowMs);
  }

  #write(text: string, nowMs: number): void {
    this.#unreadMs.push(nowMs);
    this.#writer.write(encoder.encode(text)).then(
      () => {
        this.#unreadMs.shift();
        // Not for each: what it has missed is read from D1 a page at a time.
        if (this.#unreadMs.length === maxUnread / 2) this.#events.hasRoom(this);
      },
      () => this.#events.ended(this),
    );
  }

  /** A stream has no code: its last words are a comment. */
  override close(_code: number, reason: string): void {
    if (this.#unreadMs.length > 0) {
      void this.#writer.abort(reason);
      return;
    }
    void this.#writer
      .write(encoder.encode(`: ${reason}\n\n`))
      .then(() => this.#writer.close())
      .catch(() => this.#events.ended(this));
  }

  override save(): void {
    // Nothing of it outlives the object's memory.
  }

  override deadlineMs(): number {
    const [oldest = Number.POSITIVE_INFINITY] = this.#unreadMs;
    return Math.min(oldest + unreadTimeoutMs, this.expiresAtMs);
  }

  override overdue(nowMs: number): { code: number; reason: string } | null {
    if (nowMs >= this.expiresAtMs) return expired;
    const [oldest = nowMs] = this.#unreadMs;
    return nowMs - oldest >= unreadTimeoutMs
      ? { code: closeCodes.tooSlow, reason: "Nothing was read for 30 s: come back with your Last-Event-ID" }
      : null;
  }
}
