/** The part of Slack's Web API that cards need, without the local Slack: it accepts and records every message. */
import { type Loopback, listen } from "../support/loopback.ts";

export interface Call {
  method: string;
  authorization: string | null;
  message: Record<string, unknown>;
}

export class TinySlack {
  readonly calls: Call[] = [];
  /** The current text of each message, by channel and ts, oldest message first. */
  readonly shown = new Map<string, string>();
  readonly #waiting = new Set<(call: Call) => void>();
  #server: Loopback | null = null;
  readonly #team: string;

  /** @param team to which the bot's token belongs */
  constructor(team: string) {
    this.#team = team;
  }

  /** @returns the address of its Web API */
  async start(): Promise<string> {
    this.#server = await listen((request) => this.#answer(request));
    return `http://127.0.0.1:${this.#server.port}/api/`;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: Request): Promise<Response> {
    // Not a message: nobody waits for it.
    if (request.url.endsWith("/auth.test")) return Response.json({ ok: true, team_id: this.#team });
    const text = await request.text();
    const { headers, url } = request;
    const isJson = headers.get("content-type")?.startsWith("application/json") === true;
    const form = new URLSearchParams(isJson ? "" : text);
    const message: Record<string, unknown> = isJson
      ? JSON.parse(text)
      : { ...Object.fromEntries(form), blocks: JSON.parse(form.get("blocks") ?? "[]") };
    const call = { method: new URL(url).pathname, authorization: headers.get("authorization"), message };
    this.calls.push(call);
    const channel = form.get("channel");
    const ts = form.get("ts") ?? `1700000000.${String(this.calls.length).padStart(6, "0")}`;
    if (channel) this.shown.set(`${channel}/${ts}`, form.get("text") ?? "");
    for (const look of this.#waiting) look(call);
    return Response.json({ ok: true, channel, ts });
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
