import type { Hono } from "hono";
import { answer, answerPage, Refusal } from "../answers.ts";
import type { Cloud } from "../cloud.ts";

const accountName = "Stand-in account";
const email = "operator@example.com";
const userId = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";

/** Who asks, and what the account has been bought. */
export const addAccounts = (api: Hono, cloud: Cloud): void => {
  const account = { id: cloud.accountId, name: accountName, type: "standard", settings: {} };
  const plans = {
    free: [],
    paid: [{ id: "workers", state: "Paid", rate_plan: { id: "workers_paid", public_name: "Workers Paid" } }],
  };

  api.get("/user", () => answer({ id: userId, email }));
  api.get("/user/tokens/verify", () => answer({ id: userId, status: "active" }));
  api.get("/accounts", (c) => answerPage([account], new URL(c.req.url).searchParams));
  api.get("/memberships", (c) =>
    answerPage(
      [{ id: userId, account, roles: ["Administrator"], status: "accepted" }],
      new URL(c.req.url).searchParams,
    ),
  );
  api.get("/accounts/:account", () => answer(account));
  api.get("/accounts/:account/subscriptions", () => answer(plans[cloud.plan]));
  api.get("/accounts/:account/workers/account-settings", () =>
    answer({ default_usage_model: "standard", green_compute: false }),
  );
  api.get("/zones", (c) => {
    const name = c.req.query("name");
    const zones = cloud.zones.filter((zone) => name === undefined || zone.name === name);
    const shown = zones.map((zone) => ({ ...zone, status: "active", account: { id: cloud.accountId } }));
    return answerPage(shown, new URL(c.req.url).searchParams);
  });
};

/**
 * What a wrong token or another's account gets. wrangler knows the codes: 1000 for a token that
 * is none (whoami), 9109 for the user's own resources, 10000 for an account's, 7403 for D1's.
 */
export const refuseStrangers = (cloud: Cloud, request: Request, path: string): void => {
  // Assets are uploaded with the session's own token, and an upload address carries its permission itself.
  if (path.startsWith("/upload/") || /^\/accounts\/[^/]+\/workers\/assets\/upload/.test(path)) return;
  const authorization = request.headers.get("authorization");
  if (authorization === null) {
    throw new Refusal(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  if (authorization !== `Bearer ${cloud.token}`) {
    if (path === "/user/tokens/verify") throw new Refusal(401, 1000, "Invalid API Token");
    if (!path.startsWith("/accounts/")) throw new Refusal(403, 9109, "Invalid access token");
    throw new Refusal(403, 10000, "Authentication error");
  }
  const [, account, service] = /^\/accounts\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  if (account === undefined || account === cloud.accountId) return;
  if (!/^[0-9a-f]{32}$/.test(account)) {
    throw new Refusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
  }
  if (service === "d1") {
    throw new Refusal(403, 7403, "The given account is not valid or is not authorized to access this service");
  }
  throw new Refusal(403, 10000, "Authentication error");
};
