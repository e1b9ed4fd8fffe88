/**
 * Sign in with Slack, as Slack documents it (docs.slack.dev/authentication/sign-in-with-slack and the methods'
 * reference): what its page refuses, how its code is exchanged, what its identity token says. Whoever uses it keeps the
 * codes.
 */
import { stringOf } from "./json.ts";
import { type SigningKeys, signedJwt } from "./signing-keys.ts";
import { type Answer, type Arguments, refuse } from "./web-api/method.ts";

/** Of the app's settings. */
export interface OpenIdApp {
  clientId: string;
  clientSecret: string;
  /** An address below one of them will do. */
  redirectUrls: readonly string[];
}

/** What an app asks for, once it is found in order. */
export interface AuthorizeRequest {
  redirectUri: string;
  state: string;
  nonce: string | null;
}

/** What a code stands for. */
export interface Grant {
  redirectUri: string;
  nonce: string | null;
  userId: string;
  expiresMs: number;
}

/** A code is good for ten minutes, and once. */
export const codeLifetimeMs = 10 * 60_000;
const idTokenSeconds = 300;
const scopes = new Set(["openid", "email", "profile"]);

const isRegistered = ({ redirectUrls }: OpenIdApp, redirectUri: string): boolean =>
  redirectUrls.some((registered) => redirectUri === registered || redirectUri.startsWith(`${registered}/`));

/** The error that Slack's page shows, and does not send back: the address may be anybody's. */
export const readAuthorize = (app: OpenIdApp, query: URLSearchParams): AuthorizeRequest | { error: string } => {
  if (query.get("response_type") !== "code") return { error: "unsupported_response_type" };
  if (query.get("client_id") !== app.clientId) return { error: "invalid_client_id" };
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!isRegistered(app, redirectUri)) return { error: "bad_redirect_uri" };
  const asked = (query.get("scope") ?? "").split(/[\s,]+/);
  if (!asked.includes("openid") || asked.some((scope) => !scopes.has(scope))) return { error: "invalid_scope" };
  // Slack marks an app that sends it as a public client, for good: ours is none.
  if (query.has("code_challenge")) return { error: "pkce_not_enabled" };
  return { redirectUri, state: query.get("state") ?? "", nonce: query.get("nonce") };
};

/** Where Slack sends the person back to: with a code, or without where they declined. */
export const backTo = ({ redirectUri, state }: AuthorizeRequest, code: string | null): string => {
  const url = new URL(redirectUri);
  if (code === null) url.searchParams.set("error", "access_denied");
  else url.searchParams.set("code", code);
  url.searchParams.set("state", state);
  return url.href;
};

export interface TokenCall {
  app: OpenIdApp;
  /** Of Slack, such as `https://slack.com`. */
  issuer: string;
  /** Of the person, once the code is taken. */
  teamId: () => string;
  keys: SigningKeys;
  nowMs: number;
  /** Takes the code away: null where there is none. */
  takeGrant: (code: string) => Grant | null;
}

/** `openid.connect.token` */
export const answerToken = async (call: TokenCall, args: Arguments): Promise<Answer> => {
  const { app, issuer, teamId, keys, nowMs } = call;
  if (stringOf(args["grant_type"]) !== "authorization_code") return refuse("invalid_grant_type");
  if (stringOf(args["client_id"]) !== app.clientId) return refuse("invalid_client_id");
  if (stringOf(args["client_secret"]) !== app.clientSecret) return refuse("bad_client_secret");
  const grant = call.takeGrant(stringOf(args["code"]));
  if (grant === null || grant.expiresMs <= nowMs) return refuse("invalid_code");
  if (stringOf(args["redirect_uri"]) !== grant.redirectUri) return refuse("bad_redirect_uri");
  const now = Math.floor(nowMs / 1000);
  const idToken = await signedJwt(keys, {
    iss: issuer,
    sub: grant.userId,
    aud: app.clientId,
    iat: now,
    exp: now + idTokenSeconds,
    auth_time: now,
    ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    "https://slack.com/team_id": teamId(),
    "https://slack.com/user_id": grant.userId,
  });
  return { ok: true, access_token: `xoxp-${crypto.randomUUID()}`, token_type: "Bearer", id_token: idToken };
};
