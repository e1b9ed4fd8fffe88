/** What Slack says about a token: whether it is good, whose, with which scopes, and what time it is there. */
import * as z from "zod/mini";
import { jsonIn } from "../../../shared/json.ts";
import { slackFetch } from "./web-client.ts";

const answer = z.object({
  ok: z.boolean(),
  error: z.optional(z.string()),
  team_id: z.optional(z.string()),
});

export interface TokenReport {
  /** Slack's code; null where the token is good. */
  error: string | null;
  workspaceId: string | null;
  /** Null where Slack names none (docs.slack.dev, "Web API": `x-oauth-scopes`). */
  scopes: string[] | null;
  date: string | null;
}

/** Throws where Slack gives no answer. */
export const inspectToken = async (botToken: string, apiUrl: string): Promise<TokenReport> => {
  const response = await slackFetch(apiUrl)(`${apiUrl}auth.test`, {
    method: "POST",
    headers: { authorization: `Bearer ${botToken}`, "content-type": "application/x-www-form-urlencoded" },
  });
  const said = answer.safeParse(jsonIn(await response.text())).data;
  const scopes = response.headers.get("x-oauth-scopes");
  return {
    error: said?.ok ? null : (said?.error ?? `an answer ${response.status} that is no JSON`),
    workspaceId: said?.team_id ?? null,
    scopes: scopes === null ? null : scopes.split(",").map((scope) => scope.trim()),
    date: response.headers.get("date"),
  };
};
