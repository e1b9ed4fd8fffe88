/** The scripted server's end of a WebSocket, which is what the client holds as well. */
import {
  type Subject,
  clientMessage,
  liveEventOf,
  liveProtocol,
  pingText,
  pongText,
} from "../../../shared/contract/live.ts";
import type { Socket, SocketConstructor } from "../surroundings.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const syncEvery = 8;

/** A constructor, as the platform's is. */
export const socketsTo = (server: ScriptedServer, clock: VirtualClock): SocketConstructor =>
  class extends ScriptedSocket {
    constructor(url: string, protocols: string[]) {
      super(server, clock, url, protocols);
    }
  };

type Listener = (message: { data: unknown }) => void;

class ScriptedSocket implements Socket {
  readonly #server: ScriptedServer;
  readonly #clock: VirtualClock;
  readonly #listeners: Record<string, Listener[]> = { open: [], message: [], close: [], error: [] };
  #stopListening: () => void = () => undefined;
  #state: "connecting" | "open" | "silent" | "closed" = "connecting";
  #subjects: Subject[] | null = null;
  #at = 0;
  #unsynced = 0;
  #sync: number | null = null;

  constructor(server: ScriptedServer, clock: VirtualClock, url: string, protocols: string[]) {
    server.offered.push(protocols);
    if (!/^wss?:\/\/[^/]+\/v2\/ws(\?|$)/.test(url)) throw new Error(`There is no WebSocket at ${url}`);
    this.#server = server;
    this.#clock = clock;
    const mayCome = protocols.includes(liveProtocol) && protocols.includes(`cv-ops.token.${server.token}`);
    this.#soon(() => {
      if (!mayCome || server.faults.refusesSocket()) return this.#drop();
      this.#state = "open";
      this.#emit("open");
      this.#say({ event: "connected", clientId: "1", pingEveryMs: 30_000, expiresAt: null });
    });
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners[type]?.push(listener);
  }

  #emit(type: string, data: unknown = null): void {
    for (const listener of this.#listeners[type] ?? []) listener({ data });
  }

  #soon(run: () => void): void {
    this.#clock.setTimeout(() => {
      if (this.#state !== "closed") run();
    }, 1);
  }

  /** The network's end of it. */
  #drop(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#stopListening();
    this.#emit("error");
    this.#emit("close");
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#stopListening();
    this.#clock.setTimeout(() => this.#emit("close"), 1);
  }

  send(text: string): void {
    if (this.#state === "connecting") throw new Error("InvalidStateError: still connecting");
    if (this.#state !== "open") return;
    this.#soon(() => this.#hear(text));
  }

  #hear(text: string): void {
    if (this.#state !== "open") return;
    if (this.#server.faults.cuts()) return this.#drop();
    if (text === pingText) return this.#emit("message", pongText);
    const said = clientMessage.parse(JSON.parse(text));
    if (said.type === "synced" && said.id === this.#sync) {
      this.#unsynced = 0;
      this.#sync = null;
      this.#notify();
    }
    if (said.type !== "subscribe" || !("to" in said)) return;
    const missing = said.to.find((each) => "commit" in each && each.commit === 404);
    if (missing) return this.#say({ event: "error", code: "not_found", message: "There is no commit #404" });
    this.#subjects = said.to;
    this.#at = Math.min(said.lastEventId ?? this.#server.newestId, this.#server.newestId);
    this.#say({ event: "subscribed", to: said.to, lastEventId: this.#at });
    this.#stopListening = this.#server.listen(() => this.#notify());
    this.#notify();
  }

  #notify(): void {
    const { faults } = this.#server;
    const subjects = this.#subjects ?? [];
    const again = faults.repeats();
    const repeated =
      again > 0
        ? this.#server
            .after(0, subjects)
            .filter(({ id }) => id <= this.#at)
            .slice(-again)
        : [];
    for (const event of [...repeated, ...this.#server.after(this.#at, subjects)]) {
      // Who does not say how far it has come gets no more.
      if (this.#state !== "open" || this.#unsynced >= 2 * syncEvery) return;
      if (faults.cuts()) return this.#drop();
      if (faults.goesSilent()) this.#state = "silent";
      this.#say(liveEventOf(event));
      this.#at = Math.max(this.#at, event.id);
      this.#unsynced += 1;
      if (this.#unsynced >= syncEvery && this.#sync === null) {
        this.#sync = event.id;
        this.#say({ event: "sync", id: event.id });
      }
    }
  }

  #say(message: object): void {
    if (this.#state === "open") this.#emit("message", JSON.stringify(message));
  }
}
