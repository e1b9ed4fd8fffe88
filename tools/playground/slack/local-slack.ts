import { DurableObject } from "cloudflare:workers";
import type { Exchange } from "../client-protocol.ts";
import type { FaultName } from "../faults.ts";
import { handleClientRequest } from "./client-api.ts";
import { tickIntervalMs, tickWorkers } from "./cron.ts";
import { retryEvents } from "./events-api.ts";
import { listExchanges, toShownExchange } from "./exchanges.ts";
import { takeFault } from "./faults.ts";
import { isObject, stringOf } from "../../slack/json.ts";
import { type Budget, slackBudget } from "../../slack/budget.ts";
import type { OpenIdApp } from "../../slack/openid.ts";
import { type SigningKeys, newSigningKeys } from "../../slack/signing-keys.ts";
import { OAuthServer, type OAuthApp } from "../../slack/oauth.ts";
import { agree, installBySettings, secretsIn } from "./installation.ts";
import { exchangeCode, handleOpenId } from "./openid.ts";
import { handleResponseUrl } from "./respond.ts";
import { createTables, emptyTables } from "./schema.ts";
import type { NewEvent, Slack } from "./slack.ts";
import { appendEvent, eventsAfter, lastSequence } from "./stream.ts";
import { handleWebApi } from "./web-api.ts";
import { postWelcome } from "./welcome.ts";
import { type LocalWorkspace, app, findActor, team, workspaces } from "./workspace.ts";

/** Which sockets receive what happens, and which see what goes back and forth. */
const personTag = "person";
const exchangeTag = "exchanges";

/** A workspace's object. The first one is called by what it was called when it was the only one. */
export const objectNameOf = ({ team: { id } }: LocalWorkspace): string => (id === team.id ? "workspace" : id);

export const oauthAppOf = ({
  SLACK_CLIENT_ID: clientId,
  SLACK_CLIENT_SECRET: clientSecret,
  PUBLIC_URL: publicUrl,
  SLACK_TOKEN_ROTATION: rotation,
}: Pick<Env, "SLACK_CLIENT_ID" | "SLACK_CLIENT_SECRET" | "PUBLIC_URL" | "SLACK_TOKEN_ROTATION">): OAuthApp => ({
  clientId,
  clientSecret,
  appId: app.id,
  redirectUrls: [new URL("/slack/oauth_redirect", publicUrl).href],
  rotatesTokens: rotation === "true",
});

/** A local workspace: one object holds all of it, so that everything happens in one order. */
export class LocalSlack extends DurableObject<Env> {
  readonly slack: Slack;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    const own = workspaces.find((each) => ctx.id.equals(env.LOCAL_SLACK.idFromName(objectNameOf(each))));
    if (!own) throw new Error("There is no such workspace");
    this.slack = {
      own,
      oauth: new OAuthServer(oauthAppOf(env), () => this.slack.now(), secretsIn(sql)),
      sql,
      now: () => Date.now(),
      bot: env.BOT,
      signingSecret: env.SLACK_SIGNING_SECRET,
      ackTimeoutMs: 3_000,
      budget: slackBudget,
      sendPoison: () => env.PUSH_QUEUE.send({ workspaceId: own.team.id, jobId: "a-job-that-nobody-knows", attempt: 1 }),
      publish: (audience, event) => this.#publish(audience, event),
      publishExchange: (exchange) => this.#publishExchange(exchange),
    };
    createTables(sql);
    void ctx.blockConcurrencyWhile(async () => {
      installBySettings(this.slack, env.SLACK_BOT_TOKEN);
      if (lastSequence(sql) === 0) postWelcome(this.slack);
      if ((await ctx.storage.getAlarm()) === null) await ctx.storage.setAlarm(Date.now() + tickIntervalMs);
    });
  }

  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const [, , area, name = "", more = "", page = ""] = url.pathname.split("/");
    if (area === "slack" && name === "openid")
      return handleOpenId(this.slack, this.#openIdApp, await this.signingKeys(), page, request);
    if (area === "slack" && name === "api" && more === "openid.connect.token") {
      const keys = await this.signingKeys();
      return handleWebApi(this.slack, more, request, (args) =>
        exchangeCode(this.slack, this.#openIdApp, keys, url, args),
      );
    }
    if (area === "slack" && name === "api" && more.startsWith("oauth.v2."))
      return handleWebApi(this.slack, more, request, (args) =>
        this.slack.oauth.answer(more, args, request.headers.get("authorization")),
      );
    if (area === "slack" && name === "api") return handleWebApi(this.slack, more, request);
    if (area === "slack" && name === "response") return handleResponseUrl(this.slack, more, request);
    if (area === "client" && name === "socket") return this.#connect(request);
    if (area === "client" && name === "exchange-socket") return this.#showExchanges(request);
    if (area === "client") return handleClientRequest(this.slack, name, request);
    return Response.json({ error: "There is no such page." }, { status: 404 });
  }

  /** Cron's minute: arms the next one first, so that nothing can end the ticking. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + tickIntervalMs);
    // Cron is of the machine, not of a workspace.
    const ticked = this.slack.own === workspaces[0] ? [this.tick()] : [];
    await Promise.all([...ticked, retryEvents(this.slack)]);
  }

  /** Runs every Worker's cron now; the outcome by Worker. */
  tick(): Promise<Record<string, string>> {
    const { BOT, D1CV, AI_AGENT } = this.env;
    return tickWorkers({ BOT, D1CV, AI_AGENT }, this.slack.now());
  }

  /** Somebody lets the app in. @param href of Slack's page @returns where the browser goes, or what the page says */
  agree(href: string, who: { userId: string; orgWide: boolean }): { location: string } | { error: string } {
    return agree(this.slack, new URL(href), who);
  }

  /** With which whoever signs people in signs; they outlive a restart. */
  async signingKeys(): Promise<SigningKeys> {
    const kept = await this.ctx.storage.get<SigningKeys>("access-keys");
    if (kept) return kept;
    const made = await newSigningKeys();
    await this.ctx.storage.put("access-keys", made);
    return made;
  }

  get #openIdApp(): OpenIdApp {
    const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, PUBLIC_URL: publicUrl } = this.env;
    return { clientId, clientSecret, redirectUrls: [new URL("/slack/sign-in/callback", publicUrl).href] };
  }

  /** Empties the workspace; pages learn it by a `reset` event. */
  reset(): void {
    emptyTables(this.slack.sql);
    this.slack.publish(null, { type: "reset" });
    for (const socket of this.ctx.getWebSockets(exchangeTag)) socket.close(1000, "reset");
    installBySettings(this.slack, this.env.SLACK_BOT_TOKEN);
    postWelcome(this.slack);
  }

  /** Replaces the rate limits, for tests of what the bot does when it is limited. */
  setBudget(budget: Partial<Budget>): void {
    this.slack.budget = { ...slackBudget, ...budget };
  }

  /** Whether a fault is on; one that happens once is used up by the question. */
  takeFault(name: FaultName): boolean {
    return takeFault(this.slack, name);
  }

  #connect(request: Request): Response {
    const { searchParams } = new URL(request.url);
    const as = searchParams.get("as") ?? "";
    if (request.headers.get("Upgrade") !== "websocket")
      return Response.json({ error: "Use a WebSocket." }, { status: 426 });
    if (!findActor(as)) return Response.json({ error: "There is no such person." }, { status: 404 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [personTag]);
    server.serializeAttachment({ as });
    const after = searchParams.get("after");
    const position = after !== null && /^\d{1,15}$/.test(after) ? Number(after) : lastSequence(this.slack.sql);
    // No await since the socket was accepted: nothing can come between the replay and what follows.
    for (const event of eventsAfter(this.slack.sql, as, position, this.slack.now())) server.send(JSON.stringify(event));
    return new Response(null, { status: 101, webSocket: client });
  }

  #showExchanges(request: Request): Response {
    if (request.headers.get("Upgrade") !== "websocket")
      return Response.json({ error: "Use a WebSocket." }, { status: 426 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [exchangeTag]);
    for (const exchange of listExchanges(this.slack).toReversed()) server.send(toShownExchange(exchange));
    return new Response(null, { status: 101, webSocket: client });
  }

  #publishExchange(exchange: Exchange): void {
    const sockets = this.ctx.getWebSockets(exchangeTag);
    if (sockets.length === 0) return;
    const shown = toShownExchange(exchange);
    for (const socket of sockets) socket.send(shown);
  }

  #publish(audience: string | null, event: NewEvent): void {
    const numbered = JSON.stringify(appendEvent(this.slack.sql, this.slack.now(), audience, event));
    for (const socket of this.ctx.getWebSockets(personTag)) {
      const attachment: unknown = socket.deserializeAttachment();
      const as = isObject(attachment) ? stringOf(attachment["as"]) : "";
      if (audience === null || audience === as) socket.send(numbered);
    }
  }

  override webSocketMessage(): void {
    // Pages only listen.
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }
}
