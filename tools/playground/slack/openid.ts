/** The local Slack's pages of Sign in with Slack: whoever signs in chooses who to be. */
import {
  type AuthorizeRequest,
  type Grant,
  type OpenIdApp,
  answerToken,
  backTo,
  codeLifetimeMs,
  readAuthorize,
} from "../../slack/openid.ts";
import { type Arguments, type Answer } from "../../slack/web-api/method.ts";
import { type SigningKeys, keySetOf } from "../../slack/signing-keys.ts";
import { findActor } from "../../slack/workspace.ts";
import { choicePage, escape } from "../choice-page.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";

const codeIn = (slack: Slack, request: AuthorizeRequest, userId: string): string => {
  const code = crypto.randomUUID();
  const grant: Grant = { ...request, userId, expiresMs: slack.now() + codeLifetimeMs };
  slack.sql.exec("INSERT INTO openid_codes (code, granted) VALUES (?, ?)", code, JSON.stringify(grant));
  return code;
};

const takeGrant = (slack: Slack, code: string): Grant | null => {
  const [found] = slack.sql
    .exec<{ granted: string }>("DELETE FROM openid_codes WHERE code = ? RETURNING granted", code)
    .toArray();
  return found ? (JSON.parse(found.granted) as Grant) : null;
};

const redirect = (to: string): Response => new Response(null, { status: 303, headers: { Location: to } });

/** `/playground/slack/openid/connect/authorize` */
const authorize = (slack: Slack, app: OpenIdApp, url: URL): Response => {
  const asked = readAuthorize(app, url.searchParams);
  if ("error" in asked)
    return choicePage(
      { title: "Slack cannot sign you in", lead: `Slack's error: ${escape(asked.error)}`, items: [] },
      400,
    );
  const chosen = url.searchParams.get("as");
  if (chosen === "nobody") return redirect(backTo(asked, null));
  const workspace = workspaceIn(slack);
  const person = chosen === null ? null : findActor(workspace, chosen);
  if (person) return redirect(backTo(asked, codeIn(slack, asked, person.id)));
  const choose = (as: string): string => {
    const to = new URL(url);
    to.searchParams.set("as", as);
    return to.pathname + to.search;
  };
  const people = workspace.people().filter(({ id }) => findActor(workspace, id) !== null);
  return choicePage({
    title: "Sign in to CV Ops with Slack",
    lead: `CV Ops would like to know who you are in ${escape(slack.own.team.name)}. On this machine you choose who to be.`,
    items: [
      ...people.map(({ id, real_name: name, title }) => ({ name, note: title, href: choose(id) })),
      { name: "Cancel", note: "", href: choose("nobody") },
    ],
  });
};

export const handleOpenId = (
  slack: Slack,
  app: OpenIdApp,
  keys: SigningKeys,
  page: string,
  request: Request,
): Response => {
  if (page === "keys") return Response.json(keySetOf([keys]));
  if (page === "authorize" && request.method === "GET") return authorize(slack, app, new URL(request.url));
  return Response.json({ error: "There is no such page." }, { status: 404 });
};

/** `openid.connect.token` of the local Slack. */
export const exchangeCode = (
  slack: Slack,
  app: OpenIdApp,
  keys: SigningKeys,
  url: URL,
  args: Arguments,
): Promise<Answer> =>
  answerToken(
    {
      app,
      keys,
      issuer: `${url.origin}${url.pathname.replace(/\/api\/[^/]*$/, "")}`,
      teamId: () => slack.own.team.id,
      nowMs: slack.now(),
      takeGrant: (code) => takeGrant(slack, code),
    },
    args,
  );
