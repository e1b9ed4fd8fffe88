/** A client over a hibernating WebSocket: its state lives in the socket's attachment while the object is not in memory. */
import { type ServerNotice, closeCodes, silentAfterMs } from "../../shared/contract/live.ts";
import { log } from "../../shared/log.ts";
import { Client, type ClientState, expired } from "./client.ts";
import type { HeldEvent } from "./event-log.ts";
import { maxUnsynced, syncEvery, syncTimeoutMs } from "./limits.ts";

interface SocketState extends ClientState {
  connectedMs: number;
  /** Events that it was sent since the last that it has answered for. */
  unsynced: number;
  /** What it was asked; of the events since, `covers` are older than the question. */
  sync: { id: number; covers: number; sinceMs: number } | null;
  /** Texts that were no message. */
  malformed: number;
}

export const broken = "The connection broke: come back with your lastEventId";

/** When the socket's last ping was answered without us, milliseconds since the epoch; 0 for none. */
type HeardAt = (socket: WebSocket) => number;

export class SocketClient extends Client {
  declare readonly state: SocketState;
  readonly socket: WebSocket;
  readonly #heardAt: HeardAt;

  private constructor(socket: WebSocket, state: SocketState, heardAt: HeardAt) {
    super(state);
    this.socket = socket;
    this.#heardAt = heardAt;
  }

  static connect(socket: WebSocket, state: ClientState, nowMs: number, heardAt: HeardAt): SocketClient {
    const fresh = { ...state, connectedMs: nowMs, unsynced: 0, sync: null, malformed: 0 };
    const client = new SocketClient(socket, fresh, heardAt);
    client.save();
    return client;
  }

  /** After the object was not in memory; null where the attachment is not ours. */
  static restore(socket: WebSocket, heardAt: HeardAt): SocketClient | null {
    const state = socket.deserializeAttachment() as SocketState | null;
    return state ? new SocketClient(socket, state, heardAt) : null;
  }

  override get room(): number {
    return maxUnsynced - this.state.unsynced;
  }

  override send({ id, text }: HeldEvent, nowMs: number): void {
    this.#send(text);
    this.state.unsynced += 1;
    this.#askAfter(id, nowMs);
  }

  say(notice: ServerNotice): void {
    this.#send(JSON.stringify(notice));
  }

  synced(id: number): void {
    const { state } = this;
    if (state.sync?.id !== id) return;
    state.unsynced -= state.sync.covers;
    state.sync = null;
    this.save();
  }

  #askAfter(id: number, nowMs: number): void {
    const { state } = this;
    if (state.sync !== null || state.unsynced < syncEvery) return;
    state.sync = { id, covers: state.unsynced, sinceMs: nowMs };
    this.say({ event: "sync", id });
  }

  override close(code: number, reason: string): void {
    try {
      this.socket.close(code, reason);
    } catch {
      // It is closed already.
    }
  }

  override save(): void {
    this.socket.serializeAttachment(this.state);
  }

  override deadlineMs(): number {
    const { sync } = this.state;
    const answerMs = sync && this.room <= 0 ? sync.sinceMs + syncTimeoutMs : Number.POSITIVE_INFINITY;
    return Math.min(this.#heardMs() + silentAfterMs, answerMs, this.expiresAtMs);
  }

  override overdue(nowMs: number): { code: number; reason: string } | null {
    const { sync } = this.state;
    if (nowMs >= this.expiresAtMs) return expired;
    if (nowMs >= this.#heardMs() + silentAfterMs)
      return { code: closeCodes.silent, reason: "No ping for 90 s: send one every 30 s" };
    if (sync && this.room <= 0 && nowMs >= sync.sinceMs + syncTimeoutMs)
      return { code: closeCodes.tooSlow, reason: "No answer to sync for 30 s: come back with your lastEventId" };
    return null;
  }

  #heardMs(): number {
    return Math.max(this.state.connectedMs, this.#heardAt(this.socket));
  }

  /** Who cannot be told something must not believe that they have heard everything: they are closed, and come back. */
  #send(text: string): void {
    try {
      this.socket.send(text);
    } catch (error) {
      log("live.not_sent", { clientId: this.state.id, error: String(error) });
      this.close(closeCodes.broken, broken);
    }
  }
}
