/** One workspace with its people and a bot that is spoken to as Slack and the targets speak to it: over signed HTTP. */
import {
  createExecutionContext,
  env,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import type { KnownBlock } from "@slack/types";
import { expect, vi } from "vitest";
import { describe, validateMessage } from "../../../tools/slack/validate-blocks.ts";
import { sign } from "../../../shared/signing.ts";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import type { PingWebhook, TargetWebhook } from "../../../shared/targets/protocol.ts";
import { createApp } from "../../../bot/app.ts";
import { createDeps } from "../../../bot/env.ts";
import { forgetOwnWorkspaces, ownWorkspacePrefix } from "../../../bot/slack/core/own-workspace.ts";
import worker from "../../../bot/index.ts";
import { people } from "../people.ts";
import { type Person, clickPayload, commandFields } from "../slack/requests.ts";
import { clock } from "./clock.ts";
import { actionOf, type Clickable, clickablesOf } from "./clickables.ts";
import type { PostedMessage } from "../slack/fake-slack.ts";
import { type SlackRequestOptions, signedSlackRequest } from "./slack-request.ts";
import { queued, slack, targets } from "./stand-ins.ts";
import { textsOf } from "./texts.ts";

/** The admin is the BOOTSTRAP_ADMIN of wrangler.toml; nobody has granted the viewer a role. */
export { people };

export interface Reply {
  status: number;
  text: string;
  blocks: KnownBlock[];
  /** Every text of the reply, fallback included. */
  said: string;
}

export interface Clicked {
  status: number;
  /** What the person was sent, in the order of time. */
  answers: Reply[];
  /** All of it as one text. */
  said: string;
}

/** A webhook without what says which job it is about. */
type Reported = TargetWebhook extends infer Webhook
  ? Webhook extends TargetWebhook
    ? Omit<Webhook, "jobId" | "attempt" | "target" | "portfolioId" | "occurredAt">
    : never
  : never;

export type Send = (request: Request) => Promise<Response>;

/** The Worker itself, with everything that it does after its answer. */
const sendToWorker: Send = async (request) => {
  const ctx = createExecutionContext();
  const response = await worker.fetch(request, env, ctx);
  await waitOnExecutionContext(ctx);
  return response;
};

/** The same Worker with other bindings or variables. */
export const botWith =
  (overrides: Partial<Record<keyof Env | "WORKSPACES" | "DB_2", unknown>>): Send =>
  async (request) => {
    const app = createApp(createDeps({ ...env, ...overrides } as Env));
    const ctx = createExecutionContext();
    const response = await app.fetch(request, env, ctx);
    await waitOnExecutionContext(ctx);
    return response;
  };

/** As if Slack had never been asked whose the token is. */
const forgetWorkspaces = async (): Promise<void> => {
  forgetOwnWorkspaces();
  const { keys } = await env.CACHE.list({ prefix: ownWorkspacePrefix });
  await Promise.all(keys.map(({ name }) => env.CACHE.delete(name)));
};

let worlds = 0;
let installing = Promise.resolve();

export interface WorldOptions {
  team?: string;
  token?: string;
  /** Portfolio of its targets. */
  portfolioId?: string;
  /** In which its rows are looked for. */
  db?: D1Database;
}

export class World {
  readonly team: string;
  readonly channel: string;
  readonly portfolioId: string;
  readonly db: D1Database;
  send: Send = sendToWorker;

  constructor({ team, token, portfolioId, db = env.DB }: WorldOptions = {}) {
    worlds += 1;
    this.db = db;
    this.team = team ?? `T${String(worlds).padStart(8, "0")}`;
    this.channel = `C${this.team.slice(1)}`;
    this.portfolioId = portfolioId ?? "noor-vega";
    slack.addChannels(this.team, this.channel);
    if (token !== undefined) slack.addWorkspace(this.team, token);
    this.putRow("python-1", { name: "Python", category: "Backend", experience_years: 5 });
    this.putRow("jquery-1", { name: "jQuery", category: "Frontend", experience_years: 9 });
  }

  /** A technology, in both targets. */
  putRow(id: string, values: Parameters<(typeof targets)["d1cv"]["put"]>[3]): void {
    for (const target of Object.values(targets)) target.put(this.portfolioId, "technology", id, values);
  }

  grant(userId: string, role: string): Promise<void> {
    return this.grantAll([[userId, role]]);
  }

  /** In one round trip. */
  async grantAll(roles: readonly [userId: string, role: string][]): Promise<void> {
    const statement = this.db.prepare(
      `INSERT INTO members (workspace_id, user_id, role, granted_by, created_at, updated_at) VALUES (?1, ?2, ?3, 'test', ?4, ?4)
       ON CONFLICT DO UPDATE SET role = ?3`,
    );
    await this.db.batch(roles.map(([userId, role]) => statement.bind(this.team, userId, role, clock.iso())));
  }

  /** What Slack sends when `userId` types `/cv text`. */
  commandBody(userId: string, text: string, triggerId = slack.newTrigger(this.#place(userId))): Record<string, string> {
    const responseUrl = slack.newResponseUrl(this.#place(userId));
    return commandFields(this.#person(userId), { text, channel: this.channel, triggerId, responseUrl });
  }

  #place(userId: string) {
    return { ...this.#person(userId), channel: this.channel };
  }

  #person(userId: string): Person {
    return { workspaceId: this.team, userId };
  }

  async post(body: Record<string, string>, options?: SlackRequestOptions): Promise<Response> {
    await this.install();
    return this.send(signedSlackRequest(body, options));
  }

  /** Worlds share the bot's token, and a token has one workspace: it is that of the world spoken to last. */
  async install(): Promise<void> {
    const before = installing;
    installing = before.then(async () => {
      const token = env.SLACK_BOT_TOKEN ?? "";
      if (token === "" || slack.teamOf(token) === this.team) return;
      slack.addWorkspace(this.team, token);
      await forgetWorkspaces();
    });
    await installing;
  }

  /** The workspace belongs to an Enterprise Grid organisation. */
  async joinOrganisation(id: string): Promise<void> {
    await this.install();
    slack.organisations.set(this.team, id);
    await forgetWorkspaces();
  }

  /** The reply to `/cv text`; it is for nobody else, and within Slack's limits. */
  async command(userId: string, text: string): Promise<Reply> {
    const response = await this.post(this.commandBody(userId, text));
    const payload = await response.json<Record<string, unknown>>();
    expect(payload["response_type"], "every reply is ephemeral").toBe("ephemeral");
    return replyOf(response.status, payload);
  }

  /** Types lines one after the other; each must be done, not refused. */
  async run(...lines: [userId: string, text: string][]): Promise<void> {
    for (const [userId, text] of lines) {
      const { said } = await this.command(userId, text);
      expect(said, `/cv ${text}`).not.toContain(":warning:");
    }
  }

  /** Does what every test but the one about it takes for granted. */
  async mustSay(userId: string, text: string, expected: RegExp): Promise<Reply> {
    const reply = await this.command(userId, text);
    expect(reply.said).toMatch(expected);
    return reply;
  }

  /** A click on the button of `message` with this label, or on one that Slack was made to send. */
  async click(
    userId: string,
    message: PostedMessage,
    button: string | { action_id: string; value: string },
  ): Promise<Clicked> {
    const { payload, responseUrl } = this.clickPayload(userId, message, button);
    const response = await this.post({ payload: JSON.stringify(payload) });
    const answers = slack.answers
      .filter(({ url }) => url === responseUrl)
      .map((answer) => replyOf(200, answer.payload));
    for (const { payload: answer } of slack.answers.filter(({ url }) => url === responseUrl)) {
      expect(answer).toMatchObject({ response_type: "ephemeral", replace_original: false });
      expect(answer["thread_ts"] ?? null, "a reply stands in the thread that was clicked in").toBe(message.threadTs);
    }
    return { status: response.status, answers, said: answers.map(({ said }) => said).join("\n") };
  }

  clickPayload(
    userId: string,
    message: Omit<PostedMessage, "broadcast" | "token" | "edits">,
    button: string | Clickable | { action_id: string; value: string },
  ) {
    const responseUrl = slack.newResponseUrl(this.#place(userId));
    const { channel, ts, threadTs, text: said, blocks, ephemeralFor } = message;
    const isEphemeral = ephemeralFor !== null;
    const at = { on: "message", channel, ts, threadTs, isEphemeral, responseUrl, text: said, blocks } as const;
    const clicked = typeof button === "string" ? buttonOf(message, button) : clickableOf(button);
    const payload = clickPayload(this.#person(userId), at, actionOf(clicked), slack.newTrigger(this.#place(userId)));
    return { payload, responseUrl };
  }

  /** A signed webhook of a target; `secretOf` picks whose secret. */
  async webhook(
    target: string,
    body: TargetWebhook | PingWebhook,
    options: { path?: string; id?: string; secretOf?: string; secret?: string; nowMs?: number } = {},
  ): Promise<Response> {
    const text = JSON.stringify(body);
    const own = parseCredentials(env.TARGET_CREDENTIALS ?? "")[options.secretOf ?? target]?.webhook[0] ?? "";
    const secret = options.secret ?? own;
    const signed = await sign(secret, options.id ?? crypto.randomUUID(), text, options.nowMs ?? clock.nowMs());
    const headers = { "content-type": "application/json", ...signed };
    return this.send(
      new Request(`https://cv-ops.internal/v2/webhook/${options.path ?? target}`, {
        method: "POST",
        headers,
        body: text,
      }),
    );
  }

  /** What the target of the newest job of its name reports about it. */
  async report(
    target: string,
    said: Reported,
    options: Parameters<World["webhook"]>[2] & { attempt?: number } = {},
  ): Promise<Response> {
    const job = (await this.rows("jobs")).findLast((each) => each["target"] === target);
    if (!job) throw new Error(`no job for ${target}`);
    const attempt = options.attempt ?? Number(job["attempt"]);
    const about = { jobId: String(job["id"]), attempt, target, portfolioId: this.portfolioId, occurredAt: clock.iso() };
    return this.webhook(target, { ...about, ...said }, options);
  }

  /** The messages that came out of the queue for this workspace, once there are `count` of them. */
  async queued(count = 1): Promise<unknown[]> {
    const own = () => queued.filter((body) => (body as { workspaceId?: unknown }).workspaceId === this.team);
    await vi.waitFor(() => expect(own().length).toBeGreaterThanOrEqual(count), { timeout: 5000, interval: 10 });
    return own();
  }

  async setApprovalsNeeded(count: number): Promise<void> {
    await this.db
      .prepare("UPDATE workspaces SET approvals_needed = ?2 WHERE workspace_id = ?1")
      .bind(this.team, count)
      .run();
  }

  /** Ends the object's life in memory, and keeps its storage and alarm. A set alarm would keep the eviction waiting. */
  async evictOutbox(): Promise<void> {
    const outbox = env.SLACK_OUTBOX.getByName(this.team);
    const alarmMs = await runInDurableObject(outbox, async (_object, { storage }) => {
      const atMs = await storage.getAlarm();
      await storage.deleteAlarm();
      return atMs;
    });
    await evictDurableObject(outbox);
    if (alarmMs !== null) await runInDurableObject(outbox, (_object, { storage }) => storage.setAlarm(alarmMs));
  }

  /** Lets the virtual clock run until Slack shows everything. @returns how many rounds that took */
  async settle(maxRounds = 60): Promise<number> {
    const outbox = env.SLACK_OUTBOX.getByName(this.team);
    for (let round = 0; round < maxRounds; round += 1) {
      const atMs = await runInDurableObject(outbox, (_object, state) => state.storage.getAlarm());
      if (atMs === null) return round;
      clock.to(atMs);
      await runDurableObjectAlarm(outbox);
    }
    throw new Error(`Slack is not up to date after ${maxRounds} rounds`);
  }

  /** The messages of the channel, oldest first. */
  get messages(): PostedMessage[] {
    return slack.messages.filter(({ channel }) => channel === this.channel);
  }

  message(pattern: RegExp): PostedMessage {
    const found = this.messages.findLast((message) => pattern.test(textsOf(message)));
    if (!found) throw new Error(`no message like ${pattern} among:\n${this.messages.map(textsOf).join("\n---\n")}`);
    return found;
  }

  /** Rows of a table of this workspace, in the order of their making. */
  async rows(table: string): Promise<Record<string, unknown>[]> {
    return (
      await this.db.prepare(`SELECT * FROM ${table} WHERE workspace_id = ?1 ORDER BY rowid`).bind(this.team).all()
    ).results;
  }

  /** Everything the database holds of this workspace, apart from cards' bookkeeping: to compare before and after. */
  async facts(): Promise<string> {
    const tables = [
      "workspaces",
      "members",
      "staged_changes",
      "commits",
      "approvals",
      "commit_targets",
      "pushes",
      "jobs",
      "job_events",
      "outbox",
    ];
    return JSON.stringify(await Promise.all(tables.map(async (table) => [table, await this.rows(table)])));
  }
}

/** A workspace with an author, approvers and an admin. */
export const createWorld = async (options?: WorldOptions): Promise<World> => {
  const world = new World(options);
  await world.mustSay(people.admin, "status", /Where things stand/);
  await world.grantAll([
    [people.author, "editor"],
    [people.otherAuthor, "editor"],
    [people.approver, "approver"],
    [people.otherApprover, "approver"],
  ]);
  return world;
};

const buttonOf = (message: Pick<PostedMessage, "text" | "blocks">, label: string): Clickable => {
  const found = clickablesOf(message.blocks).find((each) => each.type === "button" && each.label === label);
  if (!found) throw new Error(`no button ${label} on: ${textsOf(message)}`);
  return found;
};

/** A button that Slack is made to send. */
const clickableOf = (button: Clickable | { action_id: string; value: string }): Clickable =>
  "actionId" in button
    ? button
    : { type: "button", blockId: "b1", actionId: button.action_id, value: button.value, label: "x" };

const replyOf = (status: number, payload: Record<string, unknown>): Reply => {
  expect(validateMessage(payload).map(describe)).toEqual([]);
  const text = String(payload["text"] ?? "");
  const blocks = (payload["blocks"] ?? []) as KnownBlock[];
  expect(text.trim(), "a reply has a fallback text").not.toBe("");
  return { status, text, blocks, said: textsOf({ text, blocks }) };
};
