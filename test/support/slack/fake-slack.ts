/**
 * Slack at the HTTP boundary, in memory: `fetch` for everything the bot sends out. Its rules are those of the local
 * Slack (`tools/slack/`); here are its data, the failures that a test asks for, and a record of every call. The bot's
 * tests, the fuzzer, the simulator, the stories with another Slack, and the soak use it.
 */
import { isObject, type JsonObject, objectsOf, parseUntrusted } from "../../../tools/slack/json.ts";
import { toApiView } from "../../../tools/slack/payloads.ts";
import type { OAuthServer } from "../../../tools/slack/oauth.ts";
import { judgeResponse } from "../../../tools/slack/respond.ts";
import {
  type ResponseUrl,
  responseUrlLifetimeMs,
  responseUrlRefusal,
  triggerLifetimeMs,
} from "../../../tools/slack/tickets.ts";
import { answerCall, type Answered as CallAnswered } from "../../../tools/slack/web-api/answer.ts";
import { type Call, jsonArgument, readCall, refuse } from "../../../tools/slack/web-api/method.ts";
import { FakeViews, type Interaction, type ShownView } from "./fake-views.ts";
import { app, type Held, MemoryWorkspace, type PostedMessage, type SlackPerson, teamOf } from "./memory-workspace.ts";
import type { FakeOpenId } from "./fake-openid.ts";
import type { RateLimits } from "./rate-limits.ts";

export type { PostedMessage } from "./memory-workspace.ts";

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

export interface Answered {
  url: string;
  owner: Interaction;
  payload: Record<string, unknown>;
}

/** `/api/` of Slack, and the longer path of the local one. */
const apiMethod = /\/api\/([\w.]+)$/;
const slackHooks = "https://hooks.slack.com/respond/";

export class FakeSlack {
  calls: SlackCall[] = [];
  answers: Answered[] = [];
  /** What no well-behaved app does; a test that does not expect it fails. */
  problems: string[] = [];
  /** Block types that this Slack does not know yet. */
  unknownBlocks = new Set<string>();
  /** Set by a test that holds us against Slack's rate limits: what is too fast is answered with 429. */
  rates: RateLimits | null = null;
  /** Signs people in, where a test lets it. */
  openId: FakeOpenId | null = null;
  /** What a test does while an answer is on its way to a response address. */
  whileResponding: (() => Promise<void>) | null = null;
  /** Set by a test that installs the app. */
  oauth: OAuthServer | null = null;
  readonly #failures = new Map<string, Failure[]>();
  readonly #teamOfToken = new Map<string, string>();
  readonly #responseUrls = new Map<string, ResponseUrl & { owner: Interaction }>();
  readonly #nowMs: () => number;
  readonly #hooks: string;
  #held: Held;
  #count = 0;

  /** @param hooks how its response addresses begin */
  constructor(nowMs: () => number = () => Date.now(), hooks = slackHooks) {
    this.#nowMs = nowMs;
    this.#hooks = hooks;
    this.#held = this.#empty();
  }

  reset(): void {
    Object.assign(this, { calls: [], answers: [], problems: [], rates: null, openId: null, whileResponding: null });
    this.unknownBlocks.clear();
    for (const map of [this.#failures, this.#teamOfToken, this.#responseUrls]) map.clear();
    this.#count = 0;
    this.#held = this.#empty();
  }

  #empty(): Held {
    return {
      views: new FakeViews(this.#nowMs),
      messages: [],
      earlier: [],
      writtenMs: new Map(),
      others: new Set(),
      deleted: new Set(),
      people: new Map(),
      elsewhere: new Map(),
      teamOfChannel: new Map(),
      organisations: new Map(),
      archived: new Set(),
      uninvited: new Set(),
      triggers: new Map(),
      newTs: () => this.newTs(),
      nowMs: this.#nowMs,
    };
  }

  get messages(): readonly PostedMessage[] {
    return this.#held.messages;
  }

  /** Earlier looks of messages, which people may still see. */
  get earlier(): readonly PostedMessage[] {
    return this.#held.earlier;
  }

  get views(): FakeViews {
    return this.#held.views;
  }

  /** Channels that are archived. */
  get archived(): Set<string> {
    return this.#held.archived;
  }

  /** When each message was last written, by channel/ts. */
  get writtenMs(): ReadonlyMap<string, number> {
    return this.#held.writtenMs;
  }

  addWorkspace(team: string, token: string, ...channels: string[]): void {
    this.#teamOfToken.set(token, team);
    this.addChannels(team, ...channels);
  }

  /** The app is uninstalled, or an admin revokes its token. */
  removeToken(token: string): void {
    this.#teamOfToken.delete(token);
  }

  addChannels(team: string, ...channels: string[]): void {
    for (const channel of channels) this.#held.teamOfChannel.set(channel, team);
  }

  /** An admin of Slack deactivates the person. */
  deactivate(userId: string): void {
    const { people } = this.#held;
    const [email, person] = [...people].find(([, { id }]) => id === userId) ?? [`${userId}@example.com`];
    people.set(email, { id: userId, real_name: userId, ...person, deleted: true });
  }

  /** The Enterprise Grid organisation of a workspace, by the workspace. */
  get organisations(): Map<string, string> {
    return this.#held.organisations;
  }

  teamOf(token: string): string | undefined {
    return this.#teamOfToken.get(token);
  }

  /** Nobody has this address in that workspace. */
  removePerson(email: string, team: string): void {
    this.#held.elsewhere.set(email, new Set([...(this.#held.elsewhere.get(email) ?? []), team]));
  }

  addPerson(email: string, person: SlackPerson): void {
    this.#held.people.set(email, person);
  }

  removeChannel(channel: string): void {
    this.#held.teamOfChannel.delete(channel);
  }

  /** Somebody removes the app from the channel. */
  leave(channel: string): void {
    this.#held.uninvited.add(channel);
  }

  /** `/invite @cv-ops` */
  invite(channel: string): void {
    this.#held.uninvited.delete(channel);
  }

  /** @param viewId the modal in which something was done */
  newTrigger(owner: Interaction = null, viewId: string | null = null): string {
    const id = `${this.#nowMs()}.${(this.#count += 1)}.trigger`;
    const expiresMs = this.#nowMs() + triggerLifetimeMs;
    this.#held.triggers.set(id, { owner, user: owner?.userId ?? "", viewId, expiresMs, isExchanged: false });
    return id;
  }

  newResponseUrl(owner: Interaction = null): string {
    const url = `${this.#hooks}${(this.#count += 1)}`;
    this.#responseUrls.set(url, { owner, expiresMs: this.#nowMs() + responseUrlLifetimeMs, uses: 0 });
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
    if (request.url.startsWith(this.#hooks)) return this.#respond(request);
    const signedIn = await this.openId?.answer(request);
    if (signedIn) return signedIn;
    const method = apiMethod.exec(new URL(request.url).pathname)?.[1];
    if (method !== undefined) return this.#api(method, request);
    this.problems.push(`a request to ${request.url}`);
    throw new TypeError("nothing listens there");
  }

  async #api(method: string, request: Request): Promise<Response> {
    const read = await readCall(request);
    const { token, args } = "error" in read ? { token: "", args: {} } : read;
    if (method.startsWith("oauth.v2.") && this.oauth)
      return Response.json(this.oauth.answer(method, args, request.headers.get("authorization")));
    const texts = Object.entries(args).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const call: SlackCall = { method, token, args: Object.fromEntries(texts), atMs: this.#nowMs(), outcome: "ok" };
    this.calls.push(call);
    const failure = this.#failures.get(method)?.shift();
    if (failure && "network" in failure && failure.network === "after") this.#answer(method, read);
    if (failure) {
      call.outcome = JSON.stringify(failure);
      return failureAnswer(failure);
    }
    const { answer, status, headers } = this.#answer(method, read);
    call.outcome = answer.ok ? "ok" : String(answer["error"]);
    return Response.json(answer, { status, headers });
  }

  #answer(method: string, call: Call): CallAnswered {
    const args = "error" in call ? {} : call.args;
    const blocks = objectsOf(jsonArgument(args, "blocks"));
    if (blocks.some(({ type }) => this.unknownBlocks.has(String(type))))
      return { answer: refuse("invalid_blocks"), status: 200, headers: {} };
    const answered = answerCall(method, call, (token) => this.#callerOf(token), "https://noor.slack.test");
    const { answer } = answered;
    const metadata = answer["response_metadata"];
    if (answer["error"] === "unknown_method") this.problems.push(`a call of ${method}`);
    if (!answer.ok && isObject(metadata)) this.problems.push(...(metadata["messages"] as string[]));
    if (/^chat\.(post|update)/.test(method) && String(args["text"] ?? "").trim() === "")
      this.problems.push("a message without fallback text");
    return answered;
  }

  #callerOf(token: string) {
    const refusal = this.oauth?.refusalOf(token) ?? null;
    if (refusal !== null && refusal !== "invalid_auth") return refusal;
    const team = this.#teamOfToken.get(token) ?? this.oauth?.placeOf(token) ?? null;
    return team === null
      ? null
      : {
          workspace: new MemoryWorkspace(this.#held, team, token),
          takeCall: (...call: [Parameters<RateLimits["take"]>[1], string]) => this.rates?.take(team, ...call) ?? null,
        };
  }

  newTs(): string {
    return `${Math.floor(this.#nowMs() / 1000)}.${String((this.#count += 1)).padStart(6, "0")}`;
  }

  /** The next answers to response addresses fail, in this order. */
  failResponses(...failures: Failure[]): void {
    this.fail(this.#hooks, ...failures);
  }

  async #respond(request: Request): Promise<Response> {
    const meanwhile = this.whileResponding;
    this.whileResponding = null;
    await meanwhile?.();
    const failure = this.#failures.get(this.#hooks)?.shift();
    if (failure) return failureAnswer(failure);
    const found = this.#responseUrls.get(request.url);
    const refusal = responseUrlRefusal(found, this.#nowMs());
    if (!found || refusal) return Response.json(refuse(refusal ?? "invalid_url"), { status: 404 });
    found.uses += 1;
    const payload = parseUntrusted(await request.text());
    if (!isObject(payload)) return Response.json(refuse("invalid_payload"), { status: 400 });
    const problems = this.#problemsOf(payload, found.owner);
    this.problems.push(...problems);
    if (problems.length > 0) return Response.json(refuse("invalid_blocks"), { status: 400 });
    this.takeAnswer({ url: request.url, owner: found.owner, payload });
    return new Response("ok");
  }

  /** Why Slack would not show an answer. */
  #problemsOf(payload: JsonObject, owner: Interaction): string[] {
    const channel = owner?.channel ?? "";
    const workspace = new MemoryWorkspace(this.#held, this.workspaceOf(channel) ?? "", "");
    // Where a test does not say who clicked where, nobody can say whether the thread exists.
    const { thread_ts: threadTs, ...rest } = payload;
    const target = { channel, user: owner?.userId ?? "", sourceTs: null };
    const response = judgeResponse(workspace, target, owner === null ? rest : { ...rest, thread_ts: threadTs });
    return response.do === "refuse" ? [response.error, ...response.messages] : [];
  }

  /** A reply that only one person sees. */
  takeAnswer(answer: Answered): void {
    this.answers.push(answer);
  }

  workspaceOf(channel: string): string | undefined {
    return this.#held.teamOfChannel.get(channel);
  }

  isDeleted(channel: string, ts: string): boolean {
    return this.#held.deleted.has(`${channel}/${ts}`);
  }

  find(channel: string, ts: string): PostedMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts);
  }

  /** A message that is none of ours. @returns its ts */
  somebodyPosts(channel: string): string {
    const ts = this.newTs();
    this.#held.others.add(`${channel}/${ts}`);
    return ts;
  }

  /** A message of ours whose post Slack has not answered yet. */
  show(message: PostedMessage): void {
    this.#held.messages.push(message);
  }

  /** Somebody deletes the message in Slack. */
  delete({ channel, ts }: PostedMessage): void {
    const workspace = new MemoryWorkspace(this.#held, this.workspaceOf(channel) ?? "", "");
    const message = workspace.findMessage(channel, ts);
    if (message) workspace.remove(message);
  }

  /** A view as payloads carry it, without what is in its inputs. */
  apiView(team: string, shown: ShownView): JsonObject {
    return toApiView({ team: teamOf(team), app, statesOf: () => ({}) }, shown);
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
