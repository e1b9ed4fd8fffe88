/**
 * `/slack/sign-in`: a person signs in at the portal with Slack, and out again. Where Cloudflare Access signs people in
 * it leads there. A refusal leads to the portal, which says it.
 */
import type { Context, Hono } from "hono";
import {
  type SignInRefusal,
  returnPath,
  signInCallbackPath,
  signInPath,
} from "../../../shared/domain/workspace/sign-in.ts";
import { currentTraceId, log } from "../../../shared/log.ts";
import { randomSecret } from "../../../shared/random-secret.ts";
import { type Result, fail, ok } from "../../../shared/result.ts";
import { read } from "../../../shared/storage/database.ts";
import { workspaceQuery } from "../../../shared/storage/workspace/workspaces.ts";
import {
  type SignedInPerson,
  beginSignIn,
  signIn,
  signOut,
  takeSignInAttempt,
} from "../../../shared/use-cases/workspace/sign-in.ts";
import type { Deps } from "../../env.ts";
import { personIn } from "../../slack/core/directory.ts";
import { addressOf } from "../address-of.ts";
import { readCookie, setCookie } from "./cookies.ts";
import { type Identity, type SlackSignIn, authorizeUrl, identityOf } from "./openid.ts";

/** Where Access ends a sign-in, on the host of the application. */
const accessLogout = "/cdn-cgi/access/logout";

type Refused = SignInRefusal | "unavailable" | "rate_limited";

const redirect = (to: string, ...cookies: string[]): Response => {
  const headers = new Headers({ Location: to, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return new Response(null, { status: 303, headers });
};

/** Back to the portal, which says why. */
const refuseTo = (deps: Deps, returnTo: string, because: Refused): Response => {
  const code = because === "unavailable" || because === "rate_limited" ? because : "sign_in_refused";
  deps.refusals.record({
    via: "api",
    operation: "signIn",
    code,
    because,
    traceId: currentTraceId(),
    workspaceId: null,
    token: null,
  });
  const to = new URL(returnTo, deps.publicOrigin);
  to.searchParams.set("signIn", because);
  return redirect(to.pathname + to.search);
};

const isTooOften = async (deps: Deps, c: Context): Promise<boolean> =>
  !(await deps.rateLimiter({ address: addressOf(c.req.raw) }).take("login", deps.nowMs(), 1)).allowed;

/** As Slack's ids are; anything else is left out. */
const workspaceIn = (typed: string | undefined): string | null =>
  typed !== undefined && /^T[A-Z0-9]{2,20}$/.test(typed) ? typed : null;

const begin = async (deps: Deps, slack: SlackSignIn, c: Context): Promise<Response> => {
  const returnTo = returnPath(c.req.query("to") ?? null, deps.publicOrigin);
  if (await isTooOften(deps, c)) return refuseTo(deps, returnTo, "rate_limited");
  const [state, nonce] = [randomSecret(), randomSecret()];
  // Two tabs may be at Slack's page at once: they have the browser's cookie in common.
  const browser = readCookie(c.req.raw.headers, "attempt", deps.publicOrigin) ?? randomSecret();
  await beginSignIn(deps, { state, nonce, browser, returnTo });
  const to = authorizeUrl(slack, { state, nonce, team: workspaceIn(c.req.query("workspace")) });
  return redirect(to, setCookie("attempt", browser, deps.publicOrigin));
};

const comeBack = async (deps: Deps, slack: SlackSignIn, c: Context): Promise<Response> => {
  if (await isTooOften(deps, c)) return refuseTo(deps, "/app", "rate_limited");
  const { publicOrigin } = deps;
  const browser = readCookie(c.req.raw.headers, "attempt", publicOrigin);
  const state = c.req.query("state") ?? "";
  const attempt = browser === null || state === "" ? null : await takeSignInAttempt(deps, state, browser);
  if (attempt === null) return refuseTo(deps, "/app", "expired");
  const { returnTo, nonce } = attempt;

  const code = c.req.query("code") ?? "";
  if (code === "") {
    const because = c.req.query("error") === "access_denied" ? "declined" : "not_valid";
    return refuseTo(deps, returnTo, because);
  }
  const identity = await identityOf(slack, code, nonce, deps.nowMs());
  const person = identity.ok ? await personOf(deps, identity.value) : identity;
  if (!person.ok) return refuseTo(deps, returnTo, person.reason.code);
  const secret = randomSecret();
  await signIn(deps, person.value, secret, readCookie(c.req.raw.headers, "signIn", publicOrigin));
  log("sign_in.done", { workspaceId: person.value.workspaceId });
  const to = new URL(returnTo, publicOrigin);
  to.searchParams.set("workspace", person.value.workspaceId);
  return redirect(to.pathname + to.search, setCookie("signIn", secret, publicOrigin));
};

/** Slack's directory has the last word: an identity token proves who somebody was at Slack's page. */
const personOf = async (
  deps: Deps,
  { workspaceId, userId }: Identity,
): Promise<Result<SignedInPerson, { code: SignInRefusal | "unavailable" }>> => {
  const installed = await deps.installation(workspaceId);
  const serves = installed === null ? false : await deps.serves(workspaceId, installed);
  if (serves === null) return fail({ code: "unavailable" });
  const [workspace] = serves ? await read(deps.databases.of(workspaceId), workspaceQuery(workspaceId)) : [null];
  if (!serves || (workspace && workspace.disconnectedAt !== null)) return fail({ code: "not_installed" });
  const person = await personIn(deps, workspaceId, userId);
  if (person === "unavailable") return fail({ code: "unavailable" });
  return person === null ? fail({ code: "left" }) : ok({ workspaceId, ...person });
};

/** Ends a sign-in: this browser's, or with `?everywhere` all of the person. The portal asks for it. */
const end = async (deps: Deps, c: Context): Promise<Response> => {
  const { publicOrigin, access } = deps;
  if (c.req.header("Origin") !== publicOrigin) {
    const refused = { via: "api", operation: "signOut", code: "cross_origin", traceId: currentTraceId() } as const;
    deps.refusals.record({ ...refused, workspaceId: null, token: null });
    return c.json({ error: "cross_origin" }, 403);
  }
  const isEverywhere = c.req.query("everywhere") !== undefined;
  if (access !== null) return c.json({ next: isEverywhere ? `${access.issuer}${accessLogout}` : accessLogout });
  const secret = readCookie(c.req.raw.headers, "signIn", publicOrigin);
  const out = secret === null ? null : await signOut(deps, secret, isEverywhere);
  if (out !== null) {
    const hub = deps.eventHub(out.signIn.workspaceId);
    await Promise.all(out.ended.map((signInId) => hub.closeFor({ signInId })));
    log("sign_in.ended", { workspaceId: out.signIn.workspaceId, count: out.ended.length });
  }
  const headers = { "Set-Cookie": setCookie("signIn", null, publicOrigin), "Cache-Control": "no-store" };
  return c.json({ next: "/app" }, 200, headers);
};

export const mountSignIn = (app: Hono, deps: Deps): void => {
  const { signInWithSlack: slack, access } = deps;
  app.get(signInPath, (c) => {
    if (access !== null) return redirect(returnPath(c.req.query("to") ?? null, deps.publicOrigin));
    return slack === null ? c.notFound() : begin(deps, slack, c);
  });
  app.get(signInCallbackPath, (c) => (slack === null ? c.notFound() : comeBack(deps, slack, c)));
  app.post(`${signInPath}/end`, (c) => (access === null && slack === null ? c.notFound() : end(deps, c)));
};
