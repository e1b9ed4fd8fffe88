import { isAccessPath, serveAccess, throughAccess } from "./access.ts";
import { isServed } from "./local-only.ts";
import { isPagePath, servePage } from "./page-assets.ts";
import { readPortfolio, searchPortfolio } from "./targets.ts";
import { isObject, parseUntrusted, stringOf } from "../slack/json.ts";
import { type LocalSlack, oauthAppOf, objectNameOf } from "./slack/local-slack.ts";
import { handleAuthorize } from "./slack/oauth-page.ts";
import { type LocalWorkspace, workspaceNamed, workspaceOfPerson, workspaces } from "./slack/workspace.ts";

/** What the seed adds to the playground. */
export interface SeedParts {
  /** Empties the databases and vectors of the stack and seeds them again. */
  resetStack: (env: Env) => Promise<void>;
  /** Seeds a stack that was never seeded. */
  seedStackIfEmpty: (env: Env) => Promise<{ seeded: boolean }>;
  /** Somebody else changes a row at the targets. */
  changeRow: (env: Env) => Promise<{ years: number }>;
  receiveSeedWebhook: (env: Env, request: Request) => Promise<Response>;
}

const slackOf = (env: Env, workspace: LocalWorkspace = workspaces[0]): DurableObjectStub<LocalSlack> =>
  env.LOCAL_SLACK.get(env.LOCAL_SLACK.idFromName(objectNameOf(workspace)));

/** Whose workspace a page's request is about: of who acts; the first one where nobody is named. */
const ofActor = async (request: Request): Promise<LocalWorkspace | undefined> => {
  const as = new URL(request.url).searchParams.get("as");
  if (as !== null || request.method !== "POST") return workspaceOfPerson(as ?? "") ?? undefined;
  const body = parseUntrusted(await request.clone().text());
  return workspaceOfPerson(isObject(body) ? stringOf(body["as"]) : "") ?? undefined;
};

/** Whose workspace a call of the app is about: tokens, codes and addresses to answer to have its id in them. */
const ofSecret = async (request: Request): Promise<LocalWorkspace | undefined> => {
  const named = workspaceNamed(request.url) ?? workspaceNamed(request.headers.get("authorization") ?? "");
  if (named || request.method !== "POST" || request.headers.get("authorization")?.startsWith("Bearer"))
    return named ?? undefined;
  // Not text(): workerd warns of it for forms.
  const form = new URLSearchParams(new TextDecoder().decode(await request.clone().arrayBuffer()));
  const secrets = ["token", "code", "refresh_token"].map((name) => form.get(name) ?? "");
  return workspaceNamed(secrets.join(" ")) ?? undefined;
};

const handleSlack = async (env: Env, request: Request): Promise<Response> => {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/playground/slack/oauth/v2/authorize":
      return handleAuthorize(oauthAppOf(env), (workspace) => slackOf(env, workspace), request);
    case "/playground/slack/app_redirect": {
      // As Slack opens the app's messages in the workspace that is named.
      const { people } = workspaceNamed(searchParams.get("team") ?? "") ?? workspaces[0];
      return Response.redirect(new URL(`/#as=${people[0]?.id ?? ""}&at=home`, request.url).href, 303);
    }
    default:
      return slackOf(env, await ofSecret(request)).fetch(request);
  }
};

const handleClient = async (env: Env, seed: SeedParts, request: Request): Promise<Response> => {
  const url = new URL(request.url);
  switch (`${request.method} ${url.pathname.replace("/playground/client/", "")}`) {
    case "GET portfolio":
      return readPortfolio(env, url);
    case "GET search":
      return searchPortfolio(env, url);
    case "POST reset":
      await Promise.all(workspaces.map((each) => slackOf(env, each).reset()));
      await seed.resetStack(env);
      return Response.json({ ok: true });
    case "POST seed":
      return Response.json({ ok: true, ...(await seed.seedStackIfEmpty(env)) });
    case "POST change-row":
      return Response.json({ ok: true, ...(await seed.changeRow(env)) });
    case "POST tick":
      return Response.json({ ok: true, workers: await slackOf(env).tick() });
    default:
      return slackOf(env, await ofActor(request)).fetch(request);
  }
};

/** The Worker with the port: the page, the local Slack and its client protocol; everything else is the bot's. */
export const createPlayground = (seed: SeedParts) => ({
  async fetch(request: Request, env: Env): Promise<Response> {
    if (!isServed(request, env)) {
      const error = "The local stack serves this machine. LOCAL_STACK_HOSTS names other hosts that may have all of it.";
      return Response.json({ error }, { status: 403 });
    }
    const { pathname } = new URL(request.url);
    if (isPagePath(pathname)) return servePage(env.ASSETS, request);
    if (pathname.startsWith("/playground/slack/")) return handleSlack(env, request);
    if (pathname.startsWith("/playground/client/")) return handleClient(env, seed, request);
    if (pathname === "/playground/sink") return seed.receiveSeedWebhook(env, request);
    if (isAccessPath(pathname)) return serveAccess(request, await slackOf(env).signingKeys());
    const { ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: audience } = env;
    const passed = await throughAccess(request, () => slackOf(env).signingKeys(), { issuer, audience });
    return passed instanceof Response ? passed : env.BOT.fetch(passed);
  },
});
