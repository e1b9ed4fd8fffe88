/** Slack from its Web API's side: messages, forms and Homes as people see them, within the rate limits that it documents. */
import type { Runtime } from "../platform/runtime.ts";
import { RateLimits } from "../../../test/support/slack/rate-limits.ts";
import { Tickets } from "../../../test/support/slack/tickets.ts";

export type Block = Record<string, unknown>;

export interface SlackMessage {
  workspaceId: string;
  channel: string;
  ts: string;
  text: string;
  blocks: Block[];
  threadTs: string | null;
  isDeleted: boolean;
}

/** What only one person sees. */
export interface PrivateMessage {
  workspaceId: string;
  userId: string;
  channel: string;
  ts: string;
  text: string;
  blocks: Block[];
  responseUrl: string;
}

export interface OpenView {
  workspaceId: string;
  userId: string;
  view: Record<string, unknown> & { id: string; hash: string; blocks: Block[] };
  isClosed: boolean;
  openedMs: number;
}

/** Who did something, and where. */
interface Doer {
  workspaceId: string;
  userId: string;
  channel: string;
}

type Answer = Record<string, unknown> & { ok: boolean };

const refused = (error: string): Answer => ({ ok: false, error });

export class Slack {
  readonly messages = new Map<string, SlackMessage>();
  readonly privateMessages: PrivateMessage[] = [];
  readonly views = new Map<string, OpenView>();
  readonly homes = new Map<string, Block[]>();
  /** Earlier looks of messages: people click on what they still see. */
  readonly stale: SlackMessage[] = [];
  /** When each message was last written. */
  readonly writtenMs = new Map<string, number>();
  /** Calls that Slack took. */
  readonly callsByMethod = new Map<string, number>();
  readonly #runtime: Runtime;
  readonly #limits: RateLimits;
  readonly #tickets: Tickets<Doer>;
  readonly #workspaces: ReadonlyMap<string, string>;
  #count = 0;

  /** @param workspaces workspace ids by bot token */
  constructor(runtime: Runtime, workspaces: ReadonlyMap<string, string>) {
    this.#runtime = runtime;
    this.#workspaces = workspaces;
    this.#limits = new RateLimits(() => runtime.nowMs);
    this.#tickets = new Tickets(() => runtime.nowMs);
  }

  newTrigger(workspaceId: string, userId: string, channel: string): { triggerId: string; responseUrl: string } {
    const triggerId = `trigger-${(this.#count += 1)}`;
    this.#tickets.addTrigger(triggerId, { workspaceId, userId, channel });
    const responseUrl = `https://hooks.slack.com/response/${triggerId}`;
    this.#tickets.addResponseUrl(responseUrl, { workspaceId, userId, channel });
    return { triggerId, responseUrl };
  }

  /** Everything that the bot sends to Slack. */
  fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const { faults } = this.#runtime;
    const method = hostname === "hooks.slack.com" ? "response_url" : pathname.replace("/api/", "");
    const hangs = faults.strikes("Slack hangs");
    const fails = faults.strikes("Slack fails");
    const limits = faults.strikes("Slack limits the rate");
    const losesReply = faults.strikes("Slack posts and its reply is lost");
    return this.#runtime.operate(
      `slack ${method}`,
      async () => {
        if (hangs) return new Promise<Response>(() => {});
        if (fails) return new Response("Internal Error", { status: 500 });
        if (limits) return rateLimited(this.#runtime.random.between(1, 30));
        const text = await request.text();
        const answer =
          hostname === "hooks.slack.com" ? this.#respond(request.url, text) : this.#call(method, request, text);
        if (losesReply) throw new TypeError("fetch failed");
        return answer;
      },
      { signal: request.signal, latencyMs: [10, 60] },
    );
  }

  #call(method: string, request: Request, text: string): Response {
    const token = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
    const workspaceId = this.#workspaces.get(token);
    if (!workspaceId) return Response.json(refused("invalid_auth"));
    const given = Object.fromEntries(new URLSearchParams(text));
    const waitSeconds = this.#limits.take(workspaceId, method, given["channel"] ?? "");
    if (waitSeconds !== null) return rateLimited(waitSeconds);
    this.callsByMethod.set(method, (this.callsByMethod.get(method) ?? 0) + 1);
    return Response.json(this.#answer(method, workspaceId, given));
  }

  #answer(method: string, workspaceId: string, given: Record<string, string>): Answer {
    switch (method) {
      case "chat.postMessage":
        return this.#post(workspaceId, given);
      case "chat.update":
        return this.#update(given);
      case "chat.postEphemeral":
        return { ok: true, message_ts: this.#newTs() };
      case "views.open":
      case "views.push":
        return this.#openView(workspaceId, given);
      case "views.update":
        return this.#updateView(given);
      case "views.publish":
        this.homes.set(`${workspaceId}/${given["user_id"]}`, viewOf(given).blocks);
        this.writtenMs.set(`home ${workspaceId}/${given["user_id"]}`, this.#runtime.nowMs);
        return { ok: true, view: { id: "V0HOME", hash: "1" } };
      default:
        return refused("unknown_method");
    }
  }

  #newTs(): string {
    return `${Math.floor(this.#runtime.nowMs / 1000)}.${String((this.#count += 1)).padStart(6, "0")}`;
  }

  #post(workspaceId: string, given: Record<string, string>): Answer {
    const asked = given["channel"] ?? "";
    const channel = asked.startsWith("U") ? `D${asked.slice(1)}` : asked;
    const ts = this.#newTs();
    const message = {
      workspaceId,
      channel,
      ts,
      text: given["text"] ?? "",
      blocks: blocksOf(given["blocks"]),
      threadTs: given["thread_ts"] ?? null,
      isDeleted: false,
    };
    this.#write(message);
    return { ok: true, channel, ts };
  }

  #update(given: Record<string, string>): Answer {
    const known = this.messages.get(`${given["channel"]}/${given["ts"]}`);
    if (!known || known.isDeleted) return refused("message_not_found");
    this.stale.push(known);
    this.#write({ ...known, text: given["text"] ?? "", blocks: blocksOf(given["blocks"]) });
    return { ok: true, channel: known.channel, ts: known.ts };
  }

  #write(message: SlackMessage): void {
    const key = `${message.channel}/${message.ts}`;
    this.messages.set(key, message);
    this.writtenMs.set(key, this.#runtime.nowMs);
    this.#runtime.note(`slack shows ${key}: ${message.text.slice(0, 100)}`);
  }

  delete(message: SlackMessage): void {
    message.isDeleted = true;
    this.#runtime.note(`somebody deletes ${message.channel}/${message.ts}`);
  }

  #openView(workspaceId: string, given: Record<string, string>): Answer {
    const trigger = this.#tickets.exchange(given["trigger_id"]);
    if (!trigger.ok) return refused(trigger.error);
    const { userId } = trigger.owner;
    if (trigger.owner.workspaceId !== workspaceId) return refused("invalid_trigger_id");
    const id = `V${(this.#count += 1)}`;
    const view = { ...viewOf(given), id, hash: `${this.#count}.h`, root_view_id: id, previous_view_id: null };
    this.views.set(id, { workspaceId, userId, view, isClosed: false, openedMs: this.#runtime.nowMs });
    return { ok: true, view };
  }

  #updateView(given: Record<string, string>): Answer {
    const open = this.views.get(given["view_id"] ?? "");
    if (!open || open.isClosed) return refused("not_found");
    if (given["hash"] && given["hash"] !== open.view.hash) return refused("hash_conflict");
    this.replaceView(open, viewOf(given));
    return { ok: true, view: open.view };
  }

  replaceView(open: OpenView, view: Record<string, unknown> & { blocks: Block[] }): void {
    const { id, root_view_id, previous_view_id } = open.view;
    open.view = { ...view, id, root_view_id, previous_view_id, hash: `${(this.#count += 1)}.h` };
  }

  #respond(url: string, text: string): Response {
    const address = this.#tickets.respond(url);
    if (!address.ok) return new Response(address.error, { status: 404 });
    this.notifyPerson(address.owner, url, JSON.parse(text) as Block);
    return new Response("ok");
  }

  /** A reply that only one person sees. */
  notifyPerson(person: Doer, responseUrl: string, reply: Block): void {
    const { workspaceId, userId, channel } = person;
    const told = { text: textIn(reply["text"]), blocks: blocksOf(reply["blocks"]) };
    this.#runtime.note(`${userId} reads: ${told.text.slice(0, 160).replaceAll("\n", " ")}`);
    this.privateMessages.push({ workspaceId, userId, channel, responseUrl, ts: this.#newTs(), ...told });
  }
}

const rateLimited = (seconds: number): Response =>
  Response.json(refused("ratelimited"), { status: 429, headers: { "retry-after": String(seconds) } });

/** Slack names the blocks that have no name. */
const blocksOf = (value: unknown): Block[] => {
  const blocks = (typeof value === "string" ? JSON.parse(value) : (value ?? [])) as Block[];
  return blocks.map((block, index) => ({ block_id: `b${index}`, ...block }));
};

const viewOf = (given: Record<string, string>): Record<string, unknown> & { blocks: Block[] } => {
  const view = JSON.parse(given["view"] ?? "{}") as Record<string, unknown>;
  return { ...view, blocks: blocksOf(view["blocks"]) };
};

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
