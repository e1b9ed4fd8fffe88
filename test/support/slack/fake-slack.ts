/**
 * Slack at the HTTP boundary, in the memory of a test: `fetch` for everything the bot sends out. It is as strict as
 * Slack about tokens, channels, threads, triggers, response URLs and blocks, and fails as a test asks for. The bot's
 * tests, the fuzzer and the simulator use it; the local Slack shares its rules and has its state in a database.
 */
import type { KnownBlock } from "@slack/types";
import { describe, validateMessage } from "../../../tools/playground/slack/validate-blocks.ts";
import type { RateLimits } from "./rate-limits.ts";
import { Tickets } from "./tickets.ts";
import { FakeViews, type Interaction, named } from "./fake-views.ts";

export interface PostedMessage {
  channel: string;
  ts: string;
  threadTs: string | null;
  /** A reply that the channel shows as well. */
  broadcast: boolean;
  /** Only this person sees it. */
  ephemeralFor: string | null;
  token: string;
  text: string;
  blocks: KnownBlock[];
  edits: number;
}

export interface SlackCall {
  method: string;
  token: string;
  args: Record<string, string>;
  atMs: number;
  /** "ok" or Slack's error code. */
  outcome: string;
}

/** How a call of a method fails: an error code, a status, no answer, or an answer that is lost on its way back. */
export type Failure =
  | { error: string }
  | { html: string }
  | { status: number; retryAfter?: number }
  | { network: "before" | "after" };

export interface SlackPerson {
  id: string;
  real_name: string;
  deleted?: boolean;
}

export interface Answered {
  url: string;
  owner: Interaction;
  payload: Record<string, unknown>;
}

/** `/api/` of Slack, and the longer path of the local one. */
const apiMethod = /\/api\/([\w.]+)$/;
const hooks = "https://hooks.slack.com/";

export class FakeSlack {
  messages: PostedMessage[] = [];
  calls: SlackCall[] = [];
  views: FakeViews;
  answers: Answered[] = [];
  /** What no well-behaved app does; a test that does not expect it fails. */
  problems: string[] = [];
  archived = new Set<string>();
  /** Channels that the app is not a member of. */
  #uninvited = new Set<string>();
  /** Earlier looks of messages, which people may still see. */
  earlier: PostedMessage[] = [];
  /** When each message was last written, by channel/ts. */
  writtenMs = new Map<string, number>();
  /** By e-mail address. */
  #people = new Map<string, SlackPerson>();
  /** Workspaces that do not know an address. */
  #elsewhere = new Map<string, Set<string>>();
  /** Block types that this Slack does not know yet. */
  unknownBlocks = new Set<string>();
  /** Set by a test that holds us against Slack's rate limits: what is too fast is answered with 429. */
  rates: RateLimits | null = null;
  /** What a test does while an answer is on its way to a response address. */
  whileResponding: (() => Promise<void>) | null = null;
  #others = new Set<string>();
  #failures = new Map<string, Failure[]>();
  #teamOfToken = new Map<string, string>();
  #teamOfChannel = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #nowMs: () => number;
  readonly #tickets: Tickets<Interaction>;
  #count = 0;

  constructor(nowMs: () => number = () => Date.now()) {
    this.#nowMs = nowMs;
    this.#tickets = new Tickets(nowMs);
    this.views = new FakeViews(this.#tickets, nowMs);
  }

  reset(): void {
    Object.assign(this, new FakeSlack(this.#nowMs));
    this.#uninvited.clear();
    for (const map of [
      this.#people,
      this.#elsewhere,
      this.#failures,
      this.#teamOfToken,
      this.#teamOfChannel,
      this.organisations,
    ])
      map.clear();
  }

  addWorkspace(team: string, token: string, ...channels: string[]): void {
    this.#teamOfToken.set(token, team);
    this.addChannels(team, ...channels);
  }

  addChannels(team: string, ...channels: string[]): void {
    for (const channel of channels) this.#teamOfChannel.set(channel, team);
  }

  /** An admin of Slack deactivates the person. */
  deactivate(userId: string): void {
    const [email, person] = [...this.#people].find(([, { id }]) => id === userId) ?? [`${userId}@example.com`];
    this.#people.set(email, { id: userId, real_name: userId, ...person, deleted: true });
  }

  /** The Enterprise Grid organisation of a workspace, by the workspace. */
  readonly organisations = new Map<string, string>();

  #organisation(team: string): { enterprise_id?: string } {
    const id = this.organisations.get(team);
    return id === undefined ? {} : { enterprise_id: id };
  }

  teamOf(token: string): string | undefined {
    return this.#teamOfToken.get(token);
  }

  /** Nobody has this address in that workspace. */
  removePerson(email: string, team: string): void {
    this.#elsewhere.set(email, new Set([...(this.#elsewhere.get(email) ?? []), team]));
  }

  addPerson(email: string, person: SlackPerson): void {
    this.#people.set(email, person);
  }

  removeChannel(channel: string): void {
    this.#teamOfChannel.delete(channel);
  }

  /** Somebody removes the app from the channel. */
  leave(channel: string): void {
    this.#uninvited.add(channel);
  }

  /** `/invite @cv-ops` */
  invite(channel: string): void {
    this.#uninvited.delete(channel);
  }

  newTrigger(owner: Interaction = null): string {
    return this.views.newTrigger(owner);
  }

  newResponseUrl(owner: Interaction = null): string {
    const url = `${hooks}respond/${(this.#count += 1)}`;
    this.#tickets.addResponseUrl(url, owner);
    return url;
  }

  /** The next calls of `method` fail, in this order. */
  fail(method: string, ...failures: Failure[]): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), ...failures]);
  }

  callsOf(method: string): SlackCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  async fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input instanceof URL ? input.href : input, init);
    if (request.url.startsWith(hooks)) return this.#respond(request);
    const method = apiMethod.exec(new URL(request.url).pathname)?.[1];
    if (method !== undefined) return this.#api(method, request);
    this.problems.push(`a request to ${request.url}`);
    throw new TypeError("nothing listens there");
  }

  async #api(method: string, request: Request): Promise<Response> {
    const args = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())));
    const token = (request.headers.get("authorization") ?? "").replace(/^Bearer /, "");
    const call: SlackCall = { method, token, args, atMs: this.#nowMs(), outcome: "ok" };
    this.calls.push(call);
    const failure = this.#failures.get(method)?.shift();
    if (failure && "network" in failure && failure.network === "after") this.#run(method, token, args);
    if (failure) {
      call.outcome = JSON.stringify(failure);
      return failureAnswer(failure);
    }
    const retryAfter = this.rates?.take(this.#teamOfToken.get(token) ?? "", method, args["channel"] ?? "") ?? null;
    if (retryAfter !== null) {
      call.outcome = "ratelimited";
      return failureAnswer({ status: 429, retryAfter });
    }
    const answer = this.#run(method, token, args);
    call.outcome = answer["ok"] === true ? "ok" : String(answer["error"]);
    return Response.json(answer);
  }

  #run(method: string, token: string, args: Record<string, string>): Record<string, unknown> {
    const team = this.#teamOfToken.get(token);
    if (!team) return { ok: false, error: "invalid_auth" };
    switch (method) {
      case "chat.postMessage":
        return this.#post(team, token, args);
      case "chat.update":
        return this.#update(team, args);
      case "chat.postEphemeral":
        return this.#post(team, token, args, args["user"] ?? "");
      case "chat.getPermalink":
        return this.#permalink(team, args);
      case "auth.test":
        return { ok: true, team: `Team ${team}`, team_id: team, ...this.#organisation(team) };
      case "users.lookupByEmail": {
        const user = this.#people.get(args["email"] ?? "");
        return user && !this.#elsewhere.get(args["email"] ?? "")?.has(team)
          ? { ok: true, user }
          : { ok: false, error: "users_not_found" };
      }
      case "users.info": {
        const user = [...this.#people.values()].find(({ id }) => id === args["user"]);
        return user ? { ok: true, user } : { ok: false, error: "user_not_found" };
      }
      case "views.open":
        return this.#view(this.views.open(args, team));
      case "views.push":
        return this.#view(this.views.push(args, team));
      case "views.update":
        return this.#view(this.views.update(args));
      case "views.publish":
        return this.#view(this.views.publish(args));
      default:
        this.problems.push(`a call of ${method}`);
        return { ok: false, error: "unknown_method" };
    }
  }

  #view(answer: Record<string, unknown>): Record<string, unknown> {
    this.problems.push(...this.views.problems.splice(0));
    return answer;
  }

  #permalink(team: string, args: Record<string, string>): Record<string, unknown> {
    const { channel = "", message_ts: ts = "" } = args;
    if (this.#teamOfChannel.get(channel) !== team) return { ok: false, error: "channel_not_found" };
    return { ok: true, channel, permalink: `https://noor.slack.test/archives/${channel}/p${ts.replace(".", "")}` };
  }

  /** A person stands for the app's direct messages with them. */
  #post(
    team: string,
    token: string,
    args: Record<string, string>,
    ephemeralFor: string | null = null,
  ): Record<string, unknown> {
    const { thread_ts: threadTs = null } = args;
    const person = /^[UW][A-Z0-9]+$/.test(args["channel"] ?? "") ? args["channel"] : null;
    const channel = person ? `D${person.slice(1)}` : (args["channel"] ?? "");
    if (person) this.#teamOfChannel.set(channel, team);
    if (this.#teamOfChannel.get(channel) !== team) return { ok: false, error: "channel_not_found" };
    if (this.archived.has(channel)) return { ok: false, error: "is_archived" };
    if (this.#uninvited.has(channel)) return { ok: false, error: "not_in_channel" };
    if (threadTs !== null && !this.find(channel, threadTs) && !this.#others.has(`${channel}/${threadTs}`))
      return { ok: false, error: "thread_not_found" };
    const content = this.#contentOf(args);
    if ("error" in content) return { ok: false, ...content };
    const ts = this.newTs();
    const broadcast = args["reply_broadcast"] === "true";
    this.messages.push({ channel, ts, threadTs, broadcast, ephemeralFor, token, ...content, edits: 0 });
    this.#written(channel, ts);
    return ephemeralFor === null ? { ok: true, channel, ts } : { ok: true, message_ts: ts };
  }

  #update(team: string, args: Record<string, string>): Record<string, unknown> {
    const { channel = "", ts = "" } = args;
    if (this.#teamOfChannel.get(channel) !== team) return { ok: false, error: "channel_not_found" };
    if (this.archived.has(channel)) return { ok: false, error: "is_inactive" };
    const message = this.find(channel, ts);
    if (!message) return { ok: false, error: "message_not_found" };
    const content = this.#contentOf(args);
    if ("error" in content) return { ok: false, ...content };
    this.earlier.push({ ...message });
    Object.assign(message, content, { edits: message.edits + 1 });
    this.#written(channel, ts);
    return { ok: true, channel, ts };
  }

  newTs(): string {
    return `${Math.floor(this.#nowMs() / 1000)}.${String((this.#count += 1)).padStart(6, "0")}`;
  }

  #written(channel: string, ts: string): void {
    this.writtenMs.set(`${channel}/${ts}`, this.#nowMs());
  }

  #contentOf(
    args: Record<string, string>,
  ): { text: string; blocks: KnownBlock[] } | { error: string; response_metadata?: unknown } {
    const text = args["text"] ?? "";
    const blocks = JSON.parse(args["blocks"] ?? "[]") as KnownBlock[];
    if (blocks.some(({ type }) => this.unknownBlocks.has(type))) return { error: "invalid_blocks" };
    const [problem, ...more] = validateMessage({ text, blocks });
    if (text.trim() === "") this.problems.push("a message without fallback text");
    if (!problem) return { text, blocks: named(blocks) };
    const messages = [problem, ...more].map(describe);
    this.problems.push(...messages);
    return { error: problem.code, response_metadata: { messages } };
  }

  /** The next answers to response addresses fail, in this order. */
  failResponses(...failures: Failure[]): void {
    this.fail(hooks, ...failures);
  }

  async #respond(request: Request): Promise<Response> {
    const meanwhile = this.whileResponding;
    this.whileResponding = null;
    await meanwhile?.();
    const failure = this.#failures.get(hooks)?.shift();
    if (failure) return failureAnswer(failure);
    const taken = this.#tickets.respond(request.url);
    if (!taken.ok) return Response.json(taken, { status: 404 });
    const payload = JSON.parse(await request.text()) as Record<string, unknown>;
    const problems = validateMessage(payload).map(describe);
    this.problems.push(...problems);
    if (problems.length > 0) return Response.json({ ok: false, error: "invalid_blocks" }, { status: 400 });
    this.takeAnswer({ url: request.url, owner: taken.owner, payload });
    return new Response("ok");
  }

  /** A reply that only one person sees. */
  takeAnswer(answer: Answered): void {
    this.answers.push(answer);
  }

  workspaceOf(channel: string): string | undefined {
    return this.#teamOfChannel.get(channel);
  }

  isDeleted(channel: string, ts: string): boolean {
    return this.#deleted.has(`${channel}/${ts}`);
  }

  find(channel: string, ts: string): PostedMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts);
  }

  /** A message that is none of ours. @returns its ts */
  somebodyPosts(channel: string): string {
    const ts = this.newTs();
    this.#others.add(`${channel}/${ts}`);
    return ts;
  }

  /** Somebody deletes the message in Slack. */
  delete(message: PostedMessage): void {
    this.messages = this.messages.filter((other) => other !== message);
    this.earlier.push(message);
    this.#deleted.add(`${message.channel}/${message.ts}`);
  }
}

const failureAnswer = (failure: Failure): Response => {
  if ("network" in failure) throw new TypeError("the connection broke");
  // A proxy or an error page before Slack.
  if ("html" in failure) return new Response(failure.html, { headers: { "content-type": "text/html" } });
  if ("error" in failure) return Response.json({ ok: false, error: failure.error });
  const headers = failure.retryAfter === undefined ? {} : { "retry-after": String(failure.retryAfter) };
  return Response.json({ ok: false, error: "ratelimited" }, { status: failure.status, headers });
};
