/** Events over a WebSocket: the fastest transport, and the one that acknowledges what was read. */
import * as z from "zod/mini";
import { liveErrorCodes, liveProtocol, pingEveryMs, pingText } from "../../../shared/contract/live.ts";
import { jsonIn } from "../../../shared/json.ts";
import { tokenOf, urlOf } from "../connection.ts";
import { ApiProblem } from "../failures.ts";
import { idOf } from "../supported-events.ts";
import type { Socket, Surroundings } from "../surroundings.ts";
import { type Ending, type Line, type Transport, cut, openWithinMs, silentAfterMs } from "./transport.ts";

const serverNotice = z.union([
  z.object({ event: z.literal("connected"), pingEveryMs: z.int().check(z.minimum(1)) }),
  z.object({ event: z.literal("subscribed"), lastEventId: z.int() }),
  z.object({ event: z.literal("sync"), id: z.int() }),
  z.object({ event: z.literal("error"), code: z.enum(liveErrorCodes), message: z.string() }),
  z.object({ event: z.enum(["pong", "unsubscribed"]) }),
]);

export const overWebSocket: Transport = async (line) => {
  const { connection } = line;
  const { WebSocket } = connection.surroundings;
  if (!WebSocket) return cut;
  const token = await tokenOf(connection);
  const url = new URL(urlOf(connection, "/ws"));
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  if (connection.workspace !== undefined) url.searchParams.set("workspace", connection.workspace);
  // A browser cannot set headers here, and an address would be logged.
  const protocols = [liveProtocol, ...(token === null ? [] : [`cv-ops.token.${token}`])];
  return new Promise((resolve) => new Conversation(line, new WebSocket(url.href, protocols), resolve));
};

class Conversation {
  readonly #line: Line;
  readonly #socket: Socket;
  readonly #surroundings: Surroundings;
  readonly #ended: (ending: Ending) => void;
  readonly #stop = (): void => this.#end(cut);
  #isOver = false;
  #pingEveryMs = pingEveryMs;
  #ping: unknown = null;
  /** Fires when the server has been silent for too long. */
  #silenceTimer: unknown;

  constructor(line: Line, socket: Socket, ended: (ending: Ending) => void) {
    this.#line = line;
    this.#socket = socket;
    this.#surroundings = line.connection.surroundings;
    this.#ended = ended;
    this.#silenceTimer = this.#surroundings.setTimeout(this.#stop, openWithinMs);
    line.signal.addEventListener("abort", this.#stop);
    socket.addEventListener("open", () => this.#subscribe());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", this.#stop);
    socket.addEventListener("error", this.#stop);
    if (line.signal.aborted) this.#stop();
  }

  #subscribe(): void {
    const after = this.#line.after();
    this.#send({ type: "subscribe", to: this.#line.subjects, ...(after !== null && { lastEventId: after }) });
  }

  #send(message: object): void {
    if (!this.#isOver) this.#socket.send(JSON.stringify(message));
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    const message = typeof data === "string" ? jsonIn(data) : undefined;
    const parsed = serverNotice.safeParse(message);
    if (parsed.success) this.#handle(parsed.data);
    else if (idOf(message) !== null) this.#line.received(message);
    // Other messages come from a newer server.
    if (this.#ping !== null) this.#restartTimer(silentAfterMs);
  }

  #handle(notice: z.infer<typeof serverNotice>): void {
    switch (notice.event) {
      case "connected":
        this.#pingEveryMs = Math.min(notice.pingEveryMs, pingEveryMs);
        return;
      case "subscribed":
        this.#line.opened(notice.lastEventId);
        if (this.#ping === null) this.#pingLater();
        return;
      case "sync":
        this.#line.whenTaken(() => this.#send({ type: "synced", id: notice.id }));
        return;
      case "error":
        return this.#end(refusalOf(notice));
      case "pong":
      case "unsubscribed":
        return;
    }
  }

  #pingLater(): void {
    this.#ping = this.#surroundings.setTimeout(() => {
      if (!this.#isOver) this.#socket.send(pingText);
      this.#pingLater();
    }, this.#pingEveryMs);
  }

  #restartTimer(delayMs: number): void {
    this.#surroundings.clearTimeout(this.#silenceTimer);
    if (!this.#isOver) this.#silenceTimer = this.#surroundings.setTimeout(this.#stop, delayMs);
  }

  #end(ending: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#surroundings.clearTimeout(this.#silenceTimer);
    if (this.#ping !== null) this.#surroundings.clearTimeout(this.#ping);
    this.#line.signal.removeEventListener("abort", this.#stop);
    this.#socket.close(1000, "done");
    this.#ended(ending);
  }
}

const refusals: Partial<Record<(typeof liveErrorCodes)[number], number>> = { not_found: 404, forbidden: 403 };

/** A missing or forbidden subject stays so on the next attempt. */
const refusalOf = ({ code, message }: { code: (typeof liveErrorCodes)[number]; message: string }): Ending => {
  const status = refusals[code];
  if (status === undefined) return cut;
  const problem = { status, code, title: "This cannot be followed", detail: message, traceId: null };
  return { kind: "refused", error: new ApiProblem(problem) };
};
