/**
 * Sign in with Slack: OpenID Connect's authorization code flow (docs.slack.dev/authentication/sign-in-with-slack). The
 * client secret, `state` and `nonce` protect it. PKCE is left out: Slack takes it only from an app that is marked as a
 * public client, which cannot be undone (docs.slack.dev/authentication/using-pkce).
 */
import { errors, jwtVerify } from "jose";
import * as z from "zod/mini";
import { fetchWithin } from "../../../shared/fetch-within.ts";
import { jsonIn } from "../../../shared/json.ts";
import { log } from "../../../shared/log.ts";
import { type Result, fail, ok } from "../../../shared/result.ts";
import { KeysUnavailable, keyGetter } from "../signing-keys.ts";

export interface SlackSignIn {
  clientId: string;
  clientSecret: string;
  /** Of the Web API, such as `https://slack.com/api/`; the other addresses stand beside it. */
  apiUrl: string;
  /** Where Slack sends people back to, as the app's manifest has it. */
  redirectUri: string;
}

/** As Slack's discovery document has them (slack.com/.well-known/openid-configuration). */
const addressesOf = ({ apiUrl }: Pick<SlackSignIn, "apiUrl">) => ({
  issuer: new URL("..", apiUrl).href.replace(/\/$/, ""),
  authorize: new URL("../openid/connect/authorize", apiUrl).href,
  token: new URL("openid.connect.token", apiUrl).href,
  keys: new URL("../openid/connect/keys", apiUrl).href,
});

const timeoutMs = 10_000;
const clockToleranceSeconds = 30;

export interface Begun {
  state: string;
  nonce: string;
  /** The workspace that Slack suggests; null: the person chooses. */
  team: string | null;
}

/** The page of Slack on which a person agrees. */
export const authorizeUrl = (slack: SlackSignIn, { state, nonce, team }: Begun): string => {
  const url = new URL(addressesOf(slack).authorize);
  const parameters = {
    response_type: "code",
    scope: "openid profile",
    client_id: slack.clientId,
    redirect_uri: slack.redirectUri,
    state,
    nonce,
    ...(team === null ? {} : { team }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

const tokenAnswer = z.object({ ok: z.literal(true), id_token: z.string() });
const refusedAnswer = z.object({ ok: z.literal(false), error: z.string() });

const claims = z.object({
  nonce: z.string(),
  "https://slack.com/user_id": z.string().check(z.minLength(1)),
  "https://slack.com/team_id": z.string().check(z.minLength(1)),
});

export interface Identity {
  workspaceId: string;
  userId: string;
}

type Refused = { code: "not_valid" | "unavailable" };

const notValid = (reason: string): Result<never, Refused> => {
  log("sign_in.not_valid", { reason });
  return fail({ code: "not_valid" });
};

/** Whose code it is, as Slack says and signs. @param code of the redirect; it is good once */
export const identityOf = async (
  slack: SlackSignIn,
  code: string,
  nonce: string,
  nowMs: number,
): Promise<Result<Identity, Refused>> => {
  const idToken = await exchange(slack, code);
  return idToken.ok ? verify(slack, idToken.value, nonce, nowMs) : idToken;
};

const exchange = async (slack: SlackSignIn, code: string): Promise<Result<string, Refused>> => {
  const { clientId, clientSecret, redirectUri } = slack;
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    code,
  });
  let text: string;
  try {
    const request = new Request(addressesOf(slack).token, { method: "POST", body, redirect: "manual" });
    text = await (await fetchWithin((each) => fetch(each), request, timeoutMs)).text();
  } catch (error) {
    log("sign_in.no_answer", { error: String(error) });
    return fail({ code: "unavailable" });
  }
  const answer = jsonIn(text);
  const given = tokenAnswer.safeParse(answer);
  if (given.success) return ok(given.data.id_token);
  const refused = refusedAnswer.safeParse(answer);
  if (refused.success && refused.data.error !== "ratelimited") return notValid(refused.data.error);
  log("sign_in.no_answer", { error: refused.data?.error ?? "not an answer of Slack" });
  return fail({ code: "unavailable" });
};

const verify = async (
  slack: SlackSignIn,
  idToken: string,
  nonce: string,
  nowMs: number,
): Promise<Result<Identity, Refused>> => {
  const { issuer, keys } = addressesOf(slack);
  try {
    const { payload } = await jwtVerify(idToken, keyGetter(keys, nowMs), {
      issuer,
      audience: slack.clientId,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat", "nonce"],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) return notValid("claims");
    if (parsed.data.nonce !== nonce) return notValid("nonce");
    return ok({
      workspaceId: parsed.data["https://slack.com/team_id"],
      userId: parsed.data["https://slack.com/user_id"],
    });
  } catch (error) {
    if (error instanceof KeysUnavailable) return fail({ code: "unavailable" });
    if (!(error instanceof errors.JOSEError)) throw error;
    return notValid(error.code);
  }
};
