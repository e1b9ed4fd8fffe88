/** The part of Slack's Web API that cards need, for stories without the local Slack: it accepts and records every message. */
import { once } from "node:events";
import { type Server, createServer } from "node:http";

export interface Call {
  method: string;
  authorization: string | undefined;
  message: Record<string, unknown>;
}

export class TinySlack {
  readonly calls: Call[] = [];
  /** The current text of each message, by channel and ts, oldest message first. */
  readonly shown = new Map<string, string>();
  readonly #waiting = new Set<(call: Call) => void>();
  readonly #server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const text = Buffer.concat(chunks).toString();
      const isJson = incoming.headers["content-type"]?.startsWith("application/json") === true;
      const form = new URLSearchParams(isJson ? "" : text);
      const message: Record<string, unknown> = isJson
        ? JSON.parse(text)
        : { ...Object.fromEntries(form), blocks: JSON.parse(form.get("blocks") ?? "[]") };
      const call = { method: incoming.url ?? "", authorization: incoming.headers.authorization, message };
      this.calls.push(call);
      const channel = form.get("channel");
      const ts = form.get("ts") ?? `1700000000.${String(this.calls.length).padStart(6, "0")}`;
      if (channel) this.shown.set(`${channel}/${ts}`, form.get("text") ?? "");
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(JSON.stringify({ ok: true, channel, ts }));
      for (const look of this.#waiting) look(call);
    })().catch((error: unknown) => {
      // The bot was killed during its request.
      if (!incoming.destroyed) throw error;
      outgoing.destroy();
    });
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("No address");
    return `http://127.0.0.1:${address.port}/api/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The first call that satisfies `find`, already recorded (after the first `since`) or in the future. */
  called(find: (call: Call) => boolean, since = 0): Promise<Call> {
    const made = this.calls.slice(since).find(find);
    if (made) return Promise.resolve(made);
    return new Promise((resolve) => {
      const look = (call: Call): void => {
        if (!find(call)) return;
        this.#waiting.delete(look);
        resolve(call);
      };
      this.#waiting.add(look);
    });
  }

  /** The text of the channel's newest message that begins with this prefix. */
  textOf(channel: string, start: string): string | undefined {
    return [...this.shown].findLast(([key, text]) => key.startsWith(`${channel}/`) && text.startsWith(start))?.[1];
  }
}
