/**
 * Publishes the events of one workspace to the clients that follow it. D1 has the events; the hub keeps the newest in
 * memory and the position of each client. D1 and the attachments of the WebSockets restore both, so the object may
 * leave memory whenever no delivery is pending.
 */
import { DurableObject } from "cloudflare:workers";
import { type Subject, closeCodes, pingEveryMs, pingText, pongText } from "../../shared/contract/live.ts";
import { inTrace, log } from "../../shared/log.ts";
import { read } from "../../shared/storage/database.ts";
import { revokedTokensQuery, unreachablePeopleQuery } from "../../shared/storage/events/live.ts";
import { endedSignInsQuery } from "../../shared/storage/workspace/sign-ins.ts";
import { nowOf } from "../../shared/use-cases/context.ts";
import { traceIdOf } from "../../shared/trace.ts";
import type { Caller } from "../api/caller.ts";
import { type Deps, createDeps } from "../env.ts";
import type { Client, Ending } from "./client.ts";
import { type Connect, readConnect } from "./connect.ts";
import { Conversation, unavailable } from "./conversation.ts";
import { Distribution } from "./distribution.ts";
import { maxConnections, maxConnectionsOfPerson } from "./limits.ts";
import { SocketClient, broken } from "./socket-client.ts";
import { StreamClient } from "./stream-client.ts";

const streamRetryMs = 2000;

const revoked = { code: closeCodes.unauthorized, reason: "Your access was revoked" };
const tooManyMessages = { code: closeCodes.policy, reason: "Too many messages: at most 10 a second" };

export class EventHub extends DurableObject<Env> {
  readonly #deps: Deps;
  readonly #clients = new Map<string, Client>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #distribution: Distribution;
  #heartbeats: ReturnType<typeof setTimeout> | null = null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#deps = createDeps(env);
    this.#distribution = new Distribution({
      deps: this.#deps,
      workspaceId: () => this.#workspaceId(),
      clients: () => this.#clients.values(),
      isOpen: (client) => this.#clients.has(client.state.id),
      close: (client, why) => this.#close(client, why),
      isBlocked: (client) => this.ctx.waitUntil(this.#watch(client.deadlineMs())),
      onRevoked: () => this.#closeEnded(),
      onDisconnected: async (uninstalled) => this.#closeFor({ everybody: true, programs: uninstalled }),
      onLeft: async (userIds) => {
        for (const userId of userIds) this.#closeFor({ userId });
      },
    });
    for (const socket of state.getWebSockets()) {
      const client = SocketClient.restore(socket, this.#lastPingMs);
      if (client) this.#clients.set(client.state.id, client);
    }
    const served = [...this.#clients.values()].flatMap((client) => client.state.subscriptions);
    if (served.length > 0) inTrace(null, () => this.#startAt(Math.max(...served.map(({ at }) => at))));
  }

  /** Call this after each new event. It is cheap and may be called too often. */
  notify(): Promise<void> {
    return inTrace(null, () => this.#readNew());
  }

  /** Who follows nothing yet gets no events, but may not stay connected either once their access has ended. */
  async #readNew(): Promise<void> {
    if (this.#distribution.isReading) await this.#distribution.readNew();
    else await this.#closeEnded();
  }

  async closeFor(ending: Ending): Promise<void> {
    inTrace(null, () => this.#closeFor(ending));
  }

  #closeFor(ending: Ending): void {
    for (const client of this.#clients.values()) if (client.isOf(ending)) this.#close(client, revoked);
  }

  /** Called by bot/live/routes.ts alone, which has authenticated the caller. */
  override fetch(request: Request): Promise<Response> {
    return inTrace(traceIdOf(request.headers.get("traceparent")), () => this.#connect(request));
  }

  async #connect(request: Request): Promise<Response> {
    const connect = readConnect(request);
    if (this.#clients.size >= maxConnections) return new Response(null, { status: 503 });
    const { id: userId } = connect.caller.actor;
    const own = [...this.#clients.values()].filter((client) => client.isOf({ userId }));
    if (own.length >= maxConnectionsOfPerson) return new Response(null, { status: 429 });
    return connect.as === "socket" ? this.#openSocket(connect.caller) : this.#openStream(connect);
  }

  async #openSocket(caller: Caller): Promise<Response> {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pingText, pongText));
    this.ctx.acceptWebSocket(ours);
    const client = SocketClient.connect(ours, this.#newState(caller), this.#deps.nowMs(), this.#lastPingMs);
    client.say({ event: "connected", clientId: client.state.id, pingEveryMs, expiresAt: caller.expiresAt });
    await this.#add(client, "socket");
    return new Response(null, { status: 101, webSocket: theirs });
  }

  async #openStream({ caller, to, from, newest }: Extract<Connect, { as: "stream" }>): Promise<Response> {
    const { readable, writable } = new IdentityTransformStream();
    const client = new StreamClient(writable.getWriter(), this.#newState(caller), {
      onCapacity: (stream) => this.#distribution.serve(stream),
      ended: (stream) => this.#forget(stream),
    });
    await this.#add(client, "stream");
    client.open(streamRetryMs, from, this.#deps.nowMs());
    this.#follow(client, to, from, newest);
    this.#beat();
    return new Response(readable, {
      headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
    });
  }

  #newState(caller: Caller) {
    return { id: this.#deps.newId(), caller, subscriptions: [], liveFrom: 0 };
  }

  async #add(client: Client, as: Connect["as"]): Promise<void> {
    const { id, caller } = client.state;
    this.#clients.set(id, client);
    log("live.connected", { workspaceId: caller.workspaceId, clientId: id, as });
    await this.#watch(client.deadlineMs());
  }

  override webSocketMessage(socket: WebSocket, said: string | ArrayBuffer): Promise<void> {
    return inTrace(null, () => this.#receive(socket, said));
  }

  async #receive(socket: WebSocket, said: string | ArrayBuffer): Promise<void> {
    const client = this.#clientOf(socket);
    if (!client) return;
    const { id, caller } = client.state;
    const conversation = this.#conversations.get(id) ?? new Conversation(client, this.#hub);
    this.#conversations.set(id, conversation);
    if (!conversation.mayGoOn(this.#deps.nowMs())) return this.#close(client, tooManyMessages);
    try {
      // The first thing that somebody asks for is asked with the access of now, also where a wake-up was lost.
      if (client.state.subscriptions.length === 0) await this.#closeEnded();
      if (!this.#clients.has(id)) return;
      await conversation.receive(said);
    } catch (error) {
      log("live.not_answered", { workspaceId: caller.workspaceId, clientId: id, error: String(error) });
      client.say(unavailable);
    }
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    const client = this.#clientOf(socket);
    if (client) this.#forget(client);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    const client = this.#clientOf(socket);
    if (client) inTrace(null, () => this.#close(client, { code: closeCodes.broken, reason: broken }));
  }

  /** Closes clients that are silent or no longer authorised, and publishes events for which a wake-up was lost. */
  override alarm(): Promise<void> {
    return inTrace(null, () => this.#look());
  }

  async #look(): Promise<void> {
    const nowMs = this.#deps.nowMs();
    for (const client of this.#clients.values()) {
      const why = client.overdue(nowMs);
      if (why) this.#close(client, why);
    }
    if (this.#clients.size === 0) return;
    await this.#readNew();
    await this.#watch(Math.min(...[...this.#clients.values()].map((client) => client.deadlineMs())));
  }

  get #hub() {
    return {
      deps: this.#deps,
      follow: (client: Client, to: Subject[], from: number, newest: number) => this.#follow(client, to, from, newest),
      onCapacity: (client: Client) => this.#distribution.serve(client),
      close: (client: Client, why: { code: number; reason: string }) => this.#close(client, why),
    };
  }

  #follow(client: Client, to: Subject[], from: number, newest: number): void {
    client.follow(to, from, newest);
    this.#startAt(newest);
    this.#distribution.serve(client);
  }

  #startAt(newestId: number): void {
    this.ctx.waitUntil(this.#distribution.startAt(newestId));
  }

  /** Tokens that were revoked, and people whom Slack's directory does not have any more. Never throws. */
  async #closeEnded(): Promise<void> {
    const workspaceId = this.#workspaceId();
    const callers = [...this.#clients.values()].map(({ state: { caller } }) => caller);
    const tokenIds = new Set(callers.flatMap(({ actor }) => (actor.kind === "token" ? [actor.token.id] : [])));
    const signInIds = callers.flatMap(({ signInId }) => signInId ?? []);
    // Access names people by their address; a sign-in with Slack is a row of its own.
    const byAccess = callers.filter(({ actor, signInId }) => actor.kind === "access" && !signInId);
    const userIds = new Set(byAccess.map(({ actor }) => actor.id));
    if (workspaceId === null) return;
    try {
      const [revoked, gone, signedOut] = await read(
        this.#deps.databases.of(workspaceId),
        revokedTokensQuery(workspaceId, [...tokenIds]),
        unreachablePeopleQuery(workspaceId, [...userIds]),
        endedSignInsQuery(workspaceId, signInIds, nowOf(this.#deps)),
      );
      for (const tokenId of revoked) this.#closeFor({ tokenId });
      for (const userId of gone) this.#closeFor({ userId });
      for (const signInId of signedOut) this.#closeFor({ signInId });
    } catch (error) {
      log("live.access_not_read", { workspaceId, error: String(error) });
    }
  }

  #close(client: Client, { code, reason }: { code: number; reason: string }): void {
    const { id, caller } = client.state;
    log("live.closed", { workspaceId: caller.workspaceId, clientId: id, code, reason });
    this.#forget(client);
    client.close(code, reason);
  }

  #forget(client: Client): void {
    this.#clients.delete(client.state.id);
    this.#conversations.delete(client.state.id);
    if (this.#clients.size === 0) this.#distribution.stop();
  }

  #clientOf(socket: WebSocket): SocketClient | null {
    const state = socket.deserializeAttachment() as { id?: string } | null;
    const client = this.#clients.get(state?.id ?? "");
    return client instanceof SocketClient ? client : null;
  }

  /** The same for every client. */
  #workspaceId(): string | null {
    for (const { state } of this.#clients.values()) return state.caller.workspaceId;
    return null;
  }

  readonly #lastPingMs = (socket: WebSocket): number =>
    this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;

  async #watch(atMs: number): Promise<void> {
    if (atMs === Number.POSITIVE_INFINITY) return;
    const current = await this.ctx.storage.getAlarm();
    const nowMs = this.#deps.nowMs();
    if (current === null || current > atMs) await this.ctx.storage.setAlarm(Math.max(atMs, nowMs) + 1);
  }

  /** Sends heartbeats to streams, with one timer for all of them. */
  #beat(): void {
    if (this.#heartbeats !== null) return;
    const beat = (): void => {
      this.#heartbeats = null;
      const nowMs = this.#deps.nowMs();
      const streams = [...this.#clients.values()].filter((client) => client instanceof StreamClient);
      for (const stream of streams) {
        const why = stream.overdue(nowMs);
        if (why) this.#close(stream, why);
        else stream.heartbeat(nowMs);
      }
      if (streams.length > 0) this.#beat();
    };
    // Not in the trace of the stream that was opened first.
    this.#heartbeats = setTimeout(() => inTrace(null, beat), pingEveryMs);
  }
}
