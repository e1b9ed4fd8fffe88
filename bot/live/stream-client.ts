/** A client over server-sent events. It ends with the object's memory; the client reconnects by itself. */
import { closeCodes } from "../../shared/contract/live.ts";
import { Client, type ClientState, expired } from "./client.ts";
import type { LoggedEvent } from "./event-log.ts";
import { maxUnread, unreadTimeoutMs } from "./limits.ts";

const encoder = new TextEncoder();

interface StreamEvents {
  /** The client has read events and can receive more. */
  onCapacity: (client: StreamClient) => void;
  ended: (client: StreamClient) => void;
}

export class StreamClient extends Client {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #events: StreamEvents;
  /** When each unread event was written, oldest first. */
  #unreadMs: number[] = [];

  constructor(writer: WritableStreamDefaultWriter<Uint8Array>, state: ClientState, events: StreamEvents) {
    super(state);
    this.#writer = writer;
    this.#events = events;
  }

  override get capacity(): number {
    return maxUnread - this.#unreadMs.length;
  }

  override send({ id, name, text }: LoggedEvent, nowMs: number): void {
    this.#write(`id: ${id}\nevent: ${name}\ndata: ${text}\n\n`, nowMs);
  }

  /** Writes the start of the stream: when to reconnect, and from which event. */
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
        // Not for each event: missed events are read from D1 a page at a time.
        if (this.#unreadMs.length === maxUnread / 2) this.#events.onCapacity(this);
      },
      () => this.#events.ended(this),
    );
  }

  /** A stream has no close code, so the reason is sent as a comment. */
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
    // A stream ends with the object's memory.
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
