/** A client over a hibernating WebSocket: the socket's attachment has its state while the object is not in memory. */
import { type ServerNotice, closeCodes, silentAfterMs } from "../../shared/contract/live.ts";
import { log } from "../../shared/log.ts";
import { Client, type ClientState, expired } from "./client.ts";
import type { LoggedEvent } from "./event-log.ts";
import { maxUnsynced, syncEvery, syncTimeoutMs } from "./limits.ts";

interface SocketState extends ClientState {
  connectedMs: number;
  /** Events sent since the last answer to `sync`. */
  unsynced: number;
  /** The open `sync`; `covers` of the unsynced events are older than it. */
  sync: { id: number; covers: number; sinceMs: number } | null;
  malformed: number;
}

export const broken = "The connection broke: come back with your lastEventId";

/** When the platform last answered a ping of this socket, milliseconds since the epoch; 0 for never. */
type LastPingMs = (socket: WebSocket) => number;

export class SocketClient extends Client {
  declare readonly state: SocketState;
  readonly socket: WebSocket;
  readonly #lastPingMs: LastPingMs;

  private constructor(socket: WebSocket, state: SocketState, lastPingMs: LastPingMs) {
    super(state);
    this.socket = socket;
    this.#lastPingMs = lastPingMs;
  }

  static connect(socket: WebSocket, state: ClientState, nowMs: number, lastPingMs: LastPingMs): SocketClient {
    const fresh = { ...state, connectedMs: nowMs, unsynced: 0, sync: null, malformed: 0 };
    const client = new SocketClient(socket, fresh, lastPingMs);
    client.save();
    return client;
  }

  /** Restores a client after the object was not in memory; null for a socket without an attachment. */
  static restore(socket: WebSocket, lastPingMs: LastPingMs): SocketClient | null {
    const state = socket.deserializeAttachment() as SocketState | null;
    return state ? new SocketClient(socket, state, lastPingMs) : null;
  }

  override get capacity(): number {
    return maxUnsynced - this.state.unsynced;
  }

  override send({ id, text }: LoggedEvent, nowMs: number): void {
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
      // The socket is closed already.
    }
  }

  override save(): void {
    this.socket.serializeAttachment(this.state);
  }

  override deadlineMs(): number {
    const { sync } = this.state;
    const answerMs = sync && this.capacity <= 0 ? sync.sinceMs + syncTimeoutMs : Number.POSITIVE_INFINITY;
    return Math.min(this.#lastHeardMs() + silentAfterMs, answerMs, this.expiresAtMs);
  }

  override overdue(nowMs: number): { code: number; reason: string } | null {
    const { sync } = this.state;
    if (nowMs >= this.expiresAtMs) return expired;
    if (nowMs >= this.#lastHeardMs() + silentAfterMs)
      return { code: closeCodes.silent, reason: "No ping for 90 s: send one every 30 s" };
    if (sync && this.capacity <= 0 && nowMs >= sync.sinceMs + syncTimeoutMs)
      return { code: closeCodes.tooSlow, reason: "No answer to sync for 30 s: come back with your lastEventId" };
    return null;
  }

  #lastHeardMs(): number {
    return Math.max(this.state.connectedMs, this.#lastPingMs(this.socket));
  }

  /** Closes the connection when a send fails, so that the client reconnects and misses nothing. */
  #send(text: string): void {
    try {
      this.socket.send(text);
    } catch (error) {
      log("live.not_sent", { clientId: this.state.id, error: String(error) });
      this.close(closeCodes.broken, broken);
    }
  }
}
