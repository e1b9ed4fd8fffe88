/** Slack's OAuth (docs.slack.dev, "Installing with OAuth" and "Using token rotation"): codes and tokens. */
import * as z from "zod/mini";
import { type Result, fail, ok } from "../../shared/result.ts";
import { jsonIn } from "../../shared/json.ts";
import { slackFetch } from "../slack/core/web-client.ts";

export interface OAuthClient {
  id: string;
  secret: string;
  redirectUri: string;
}

const named = z.object({ id: z.string(), name: z.optional(z.nullable(z.string())) });

const accessAnswer = z.object({
  ok: z.literal(true),
  access_token: z.string().check(z.minLength(1)),
  scope: z.string(),
  bot_user_id: z.string(),
  app_id: z.string(),
  /** Null where it is installed for a whole organisation. */
  team: z.nullable(named),
  enterprise: z.optional(z.nullable(named)),
  is_enterprise_install: z.optional(z.boolean()),
  authed_user: z.object({ id: z.string() }),
  refresh_token: z.optional(z.string()),
  expires_in: z.optional(z.number()),
});
export type Access = z.infer<typeof accessAnswer>;

const refreshAnswer = z.object({
  ok: z.literal(true),
  access_token: z.string().check(z.minLength(1)),
  refresh_token: z.optional(z.string()),
  expires_in: z.optional(z.number()),
});

const errorAnswer = z.object({ ok: z.literal(false), error: z.string() });

/** Slack's code where it refuses; `unavailable` where it gives no answer of its protocol. */
interface OAuthFailure {
  code: string;
}

const ask = async <S extends z.ZodMiniType>(
  { id, secret }: OAuthClient,
  apiUrl: string,
  fields: Record<string, string>,
  schema: S,
): Promise<Result<z.infer<S>, OAuthFailure>> => {
  try {
    const response = await slackFetch(apiUrl)(new URL("oauth.v2.access", apiUrl).href, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${id}:${secret}`)}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(fields).toString(),
    });
    const body = jsonIn(await response.text());
    const parsed = schema.safeParse(body);
    if (parsed.success) return ok(parsed.data);
    return fail({ code: errorAnswer.safeParse(body).data?.error ?? "unavailable" });
  } catch {
    return fail({ code: "unavailable" });
  }
};

/** A code is good once, for ten minutes. */
export const exchangeCode = (
  client: OAuthClient,
  apiUrl: string,
  code: string,
): Promise<Result<Access, OAuthFailure>> =>
  ask(client, apiUrl, { code, redirect_uri: client.redirectUri }, accessAnswer);

export interface Refreshed {
  botToken: string;
  refreshToken: string | null;
  expiresInSeconds: number | null;
}

export const refreshTokens = async (
  client: OAuthClient,
  apiUrl: string,
  refreshToken: string,
): Promise<Result<Refreshed, OAuthFailure>> => {
  const fields = { grant_type: "refresh_token", refresh_token: refreshToken };
  const answer = await ask(client, apiUrl, fields, refreshAnswer);
  if (!answer.ok) return answer;
  const { access_token: botToken, refresh_token: next, expires_in: expiresIn } = answer.value;
  return ok({ botToken, refreshToken: next ?? null, expiresInSeconds: expiresIn ?? null });
};

/** Where people agree to it: `…/oauth/v2/authorize` beside `…/api/`. */
export const authorizeUrl = (
  { id, redirectUri }: OAuthClient,
  apiUrl: string,
  scopes: readonly string[],
  state: string,
): string => {
  const url = new URL("../oauth/v2/authorize", apiUrl);
  url.search = new URLSearchParams({
    client_id: id,
    scope: scopes.join(","),
    redirect_uri: redirectUri,
    state,
  }).toString();
  return url.href;
};
