/** The package's client, as a program would use it: its requests and WebSockets reach the real Worker. */
import { env } from "cloudflare:test";
import { type Client, type ClientOptions, createClient } from "../../../clients/sdk/index.ts";
import type { SocketConstructor } from "../../../clients/sdk/surroundings.ts";
import type { ApiClient } from "./api-client.ts";

/** A WebSocket as a constructor, over a request that is upgraded. */
const socketsTo = ({ world }: ApiClient): SocketConstructor => {
  class WorkerSocket {
    readonly #socket: Promise<WebSocket | null>;
    readonly #listeners: [type: string, listener: (event: { data: unknown }) => void][] = [];
    #open: WebSocket | null = null;

    constructor(url: string, protocols: string[]) {
      const headers = { Upgrade: "websocket", "Sec-WebSocket-Protocol": protocols.join(", ") };
      this.#socket = world.send(new Request(url.replace(/^ws/, "http"), { headers })).then((response) => {
        const { webSocket } = response;
        if (!webSocket) this.#emit("error");
        return webSocket;
      });
      void this.#socket.then((socket) => this.#opened(socket));
    }

    #opened(socket: WebSocket | null): void {
      if (!socket) return;
      this.#open = socket;
      socket.addEventListener("message", ({ data }) => this.#emit("message", data));
      socket.addEventListener("close", () => this.#emit("close"));
      socket.accept();
      this.#emit("open");
    }

    #emit(type: string, data: unknown = null): void {
      for (const [name, listener] of this.#listeners) if (name === type) listener({ data });
    }

    addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
      this.#listeners.push([type, listener]);
    }

    send(text: string): void {
      this.#open?.send(text);
    }

    close(code?: number, reason?: string): void {
      void this.#socket.then((socket) => socket?.close(code, reason));
    }
  }
  return WorkerSocket;
};

export const clientOf = (api: ApiClient, options: Partial<ClientOptions> = {}): Client =>
  createClient({
    baseUrl: env.PUBLIC_URL,
    token: api.token,
    fetch: (url, init) => api.world.send(new Request(url, init)),
    WebSocket: socketsTo(api),
    ...options,
  });
