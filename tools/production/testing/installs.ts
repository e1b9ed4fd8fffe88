/** Somebody installs the app: a browser opens the bot's address, agrees on Slack's page, and comes back. */
import type { OAuthServer } from "../../slack/oauth.ts";

interface Installing {
  oauth: OAuthServer;
  /** The public address of the stand-in of Cloudflare, and the host that a request has to name there. */
  url: string;
  host: string;
  team: { id: string; name: string };
  userId: string;
}

/** @returns the page at the end */
export const installs = async ({ oauth, url, host, team, userId }: Installing): Promise<string> => {
  const get = (path: string, cookie: string): Promise<Response> =>
    fetch(new URL(path, url), { redirect: "manual", headers: { "x-forwarded-host": host, cookie } });
  const begun = await get("/slack/install", "");
  const agreed = oauth.authorize(new URL(begun.headers.get("location") ?? ""), { team, enterprise: null, userId });
  if ("error" in agreed) throw new Error(`Slack's page says ${agreed.error}`);
  const back = new URL(agreed.location);
  const [cookie = ""] = (begun.headers.get("set-cookie") ?? "").split(";");
  const ended = await get(back.pathname + back.search, cookie);
  if (!ended.ok) throw new Error(`The bot answered ${ended.status} to ${back.pathname}`);
  return ended.text();
};
