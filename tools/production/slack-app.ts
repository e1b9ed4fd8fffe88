/** The Slack app of one production: what its secrets are worth, and whether its requests reach the bot. */
import { createHmac, randomUUID } from "node:crypto";
import { botScopes } from "../../bot/slack/core/scopes.ts";

export interface App {
  workspace: string;
  bot: string;
  /** Scopes of the manifest that the token lacks. */
  missing: string[];
}

/** Asks Slack what a token is. Throws with Slack's own error code where it is none. */
export const appOf = async (botToken: string): Promise<App> => {
  const response = await fetch("https://slack.com/api/auth.test", {
    method: "POST",
    headers: { authorization: `Bearer ${botToken}` },
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { ok?: boolean; error?: string; team?: string; user?: string };
  if (answer.ok !== true) throw new Error(`Slack does not take this bot token: ${answer.error ?? response.status}`);
  const granted = (response.headers.get("x-oauth-scopes") ?? "").split(",").map((scope) => scope.trim());
  return {
    workspace: answer.team ?? "",
    bot: answer.user ?? "",
    missing: botScopes.filter((scope) => !granted.includes(scope)),
  };
};

/** Sends what Slack sends to verify an address, signed with the app's secret. Throws with what is wrong. */
export const verifyAddress = async (url: string, signingSecret: string): Promise<void> => {
  const challenge = randomUUID();
  const body = JSON.stringify({ type: "url_verification", challenge });
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  const response = await fetch(new URL("/slack/events", url), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": String(timestamp),
      "x-slack-signature": `v0=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes(challenge))
    throw new Error(`${url}/slack/events answered ${response.status} to Slack's verification: ${answer.slice(0, 200)}`);
};
