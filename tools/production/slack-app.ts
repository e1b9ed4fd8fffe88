/** The Slack app of one production: whether Slack knows its values, and whether its requests reach the bot. */
import { createHmac, randomUUID } from "node:crypto";

/**
 * Asks Slack with a code that nobody was given; the app's values are refused before it (docs.slack.dev,
 * oauth.v2.access).
 * @returns what is wrong with them; null where Slack refuses the code alone
 */
export const problemOfClient = async (clientId: string, clientSecret: string): Promise<string | null> => {
  const response = await fetch("https://slack.com/api/oauth.v2.access", {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "code=none",
    signal: AbortSignal.timeout(20_000),
  });
  const { error } = (await response.json()) as { error?: string };
  if (error === "invalid_client_id") return "Slack has no app with this Client ID";
  if (error === "bad_client_secret") return "This Client Secret is not of the app with that Client ID";
  return error === "invalid_code" ? null : `Slack does not say whose values these are: ${error ?? response.status}`;
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
