/// <reference types="@cloudflare/vitest-plugin/types" />
/** What tests use to act as a person, as the bot, and to script the bot. */
import { env, SELF } from "cloudflare:test";
import type { ClientState, Delivery, Exchange } from "../../client-protocol.ts";
import type { LocalSlack } from "../local-slack.ts";

export const avery = "U0AVERY01";
export const priya = "U0PRIYA01";
export const portfolio = "C0PORTFOL1";
export const archive = "C0ARCHIVE1";
export const base = "http://localhost:8787";

export const stub = (): DurableObjectStub<LocalSlack> => env.LOCAL_SLACK.get(env.LOCAL_SLACK.idFromName("workspace"));

interface Answer {
  status?: number;
  body?: unknown;
  contentType?: string;
  delayMs?: number;
  echoChallenge?: boolean;
}

/** Sets what the bot answers to the next requests, and forgets the earlier ones. */
export const script = async (...answers: Answer[]): Promise<void> => {
  await env.BOT.fetch("http://bot/script", { method: "POST", body: JSON.stringify(answers) });
};

export const received = async (): Promise<{
  received: { headers: Record<string, string>; body: string; url: string }[];
  ticks: number;
}> => (await env.BOT.fetch("http://bot/received")).json();

/** The last interaction payload that the bot got. */
export const lastPayload = async (): Promise<Record<string, unknown>> => {
  const { received: all } = await received();
  return JSON.parse(new URLSearchParams(all.at(-1)?.body ?? "").get("payload") ?? "{}") as Record<string, unknown>;
};

export const ask = async <T = Delivery>(name: string, body: unknown): Promise<T> =>
  (await SELF.fetch(`${base}/playground/client/${name}`, { method: "POST", body: JSON.stringify(body) })).json();

export const command = (text: string, as = avery, channel = portfolio): Promise<Delivery> =>
  ask("command", { as, channel, text });

export const state = async (as = avery): Promise<ClientState> =>
  (await SELF.fetch(`${base}/playground/client/state?as=${as}`)).json();

export const exchanges = async (): Promise<Exchange[]> =>
  (await (await SELF.fetch(`${base}/playground/client/exchanges`)).json<{ exchanges: Exchange[] }>()).exchanges;

type ApiAnswer = { ok: boolean; error?: string } & Record<string, unknown>;

const token = "Bearer xoxb-local-cv-ops";

export const apiResponse = (
  method: string,
  args: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  SELF.fetch(`${base}/playground/slack/api/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: token, ...headers },
    body: JSON.stringify(args),
  });

export const api = async (method: string, args: Record<string, unknown>): Promise<ApiAnswer> =>
  (await apiResponse(method, args)).json();

/** The same call as @slack/web-api makes it: a form whose objects are JSON text. */
export const apiForm = async (method: string, args: Record<string, unknown>): Promise<ApiAnswer> => {
  const body = new URLSearchParams(
    Object.entries(args).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return (
    await SELF.fetch(`${base}/playground/slack/api/${method}`, {
      method: "POST",
      headers: { Authorization: token },
      body,
    })
  ).json();
};

export const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });

export const button = (actionId: string, value: string) => ({
  type: "button",
  action_id: actionId,
  value,
  text: { type: "plain_text", text: "Press" },
});
