import { isAccessPath, serveAccess, throughAccess } from "./access.ts";
import { isServed } from "./local-only.ts";
import { isPagePath, servePage } from "./page-assets.ts";
import { readPortfolio, searchPortfolio } from "./targets.ts";
import type { LocalSlack } from "./slack/local-slack.ts";

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

const slackOf = (env: Env): DurableObjectStub<LocalSlack> =>
  env.LOCAL_SLACK.get(env.LOCAL_SLACK.idFromName("workspace"));

const handleClient = async (env: Env, seed: SeedParts, request: Request): Promise<Response> => {
  const url = new URL(request.url);
  switch (`${request.method} ${url.pathname.replace("/playground/client/", "")}`) {
    case "GET portfolio":
      return readPortfolio(env, url);
    case "GET search":
      return searchPortfolio(env, url);
    case "POST reset":
      await slackOf(env).reset();
      await seed.resetStack(env);
      return Response.json({ ok: true });
    case "POST seed":
      return Response.json({ ok: true, ...(await seed.seedStackIfEmpty(env)) });
    case "POST change-row":
      return Response.json({ ok: true, ...(await seed.changeRow(env)) });
    case "POST tick":
      return Response.json({ ok: true, workers: await slackOf(env).tick() });
    default:
      return slackOf(env).fetch(request);
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
    if (pathname.startsWith("/playground/slack/")) return slackOf(env).fetch(request);
    if (pathname.startsWith("/playground/client/")) return handleClient(env, seed, request);
    if (pathname === "/playground/sink") return seed.receiveSeedWebhook(env, request);
    if (isAccessPath(pathname)) return serveAccess(request, await slackOf(env).signingKeys());
    const { ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: audience } = env;
    const passed = await throughAccess(request, () => slackOf(env).signingKeys(), { issuer, audience });
    return passed instanceof Response ? passed : env.BOT.fetch(passed);
  },
});
