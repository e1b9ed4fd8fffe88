/** `/slack/install` and `/slack/oauth_redirect`: a workspace, or a whole organisation, installs the app. */
import type { Context, Hono } from "hono";
import { sha256Hex } from "../../shared/digest.ts";
import { currentTraceId, log } from "../../shared/log.ts";
import { changed } from "../../shared/storage/changed.ts";
import { useInstallState } from "../../shared/storage/workspace/installations.ts";
import { nowOf } from "../../shared/use-cases/context.ts";
import { installApp } from "../../shared/use-cases/workspace/install-app.ts";
import { welcome } from "../../shared/use-cases/workspace/open-home.ts";
import type { Deps } from "../env.ts";
import { botScopes } from "../slack/core/scopes.ts";
import { type Access, type OAuthClient, authorizeUrl, exchangeCode } from "./oauth.ts";
import { installationPage } from "./page.ts";
import { checkState, createState, newBrowser } from "./state.ts";

const installPath = "/slack/install";
const cookieSeconds = 600;

/** `__Host-` keeps it to this host and to https, where there is https. */
const cookieName = ({ publicOrigin }: Deps): string =>
  publicOrigin.startsWith("https:") ? "__Host-cv-ops-install" : "cv-ops-install";

const browserOf = (deps: Deps, c: Context): string => {
  const pairs = (c.req.header("cookie") ?? "").split(/;\s*/).map((pair) => pair.split("="));
  const value = pairs.find(([name]) => name === cookieName(deps))?.[1] ?? "";
  return /^[A-Za-z0-9_-]{32}$/.test(value) ? value : "";
};

const cookieOf = (deps: Deps, browser: string): string => {
  const secure = deps.publicOrigin.startsWith("https:") ? "; Secure" : "";
  // Lax: Slack's redirect brings it along, another site's form does not.
  return `${cookieName(deps)}=${browser}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax${secure}`;
};

export const mountInstallation = (app: Hono, deps: Deps): void => {
  const { oauth } = deps;
  if (oauth === null) return;
  app.get(installPath, async (c) => {
    // A second tab keeps the first one's state good.
    const browser = browserOf(deps, c) || newBrowser();
    const state = await createState(oauth.secret, browser, deps.nowMs());
    return new Response(null, {
      status: 302,
      headers: {
        Location: authorizeUrl(oauth, deps.slack.apiUrl, botScopes, state),
        "Set-Cookie": cookieOf(deps, browser),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
      },
    });
  });
  app.get("/slack/oauth_redirect", (c) => finish(deps, oauth, c));
};

const finish = async (deps: Deps, oauth: OAuthClient, c: Context): Promise<Response> => {
  const refused = (because: string): void =>
    deps.refusals.record({
      via: "api",
      operation: "install",
      code: "unauthorized",
      because,
      traceId: null,
      workspaceId: null,
      token: null,
    });
  const { code = "", state = "", error } = c.req.query();
  const checked = await checkState(oauth.secret, browserOf(deps, c), state, deps.nowMs());
  if (!checked) {
    refused("bad_state");
    return installationPage("state", installPath, 400);
  }
  if (!(await changed(deps.databases.first, useInstallState(await sha256Hex(state), checked.endsAt)))) {
    refused("used_state");
    return installationPage("state", installPath, 400);
  }
  if (error !== undefined) return installationPage("denied", installPath, 200);
  const answer = await exchangeCode(oauth, deps.slack.apiUrl, code);
  if (!answer.ok) {
    log("installation.refused", { error: answer.reason.code });
    return installationPage("failed", installPath, answer.reason.code === "unavailable" ? 503 : 400);
  }
  return store(deps, c, answer.value);
};

const store = async (deps: Deps, c: Context, access: Access): Promise<Response> => {
  const isOrgWide = access.is_enterprise_install === true;
  const place = isOrgWide ? access.enterprise : access.team;
  if (!place) {
    log("installation.refused", { error: "no_team" });
    return installationPage("failed", installPath, 400);
  }
  const { id: workspaceId, name } = place;
  const traceId = currentTraceId();
  const installedBy = access.authed_user.id;
  const { expires_in: expiresIn } = access;
  await deps.withEffects(
    async (effects) => {
      await installApp(
        { ...deps, effects, now: nowOf(deps), traceId },
        {
          workspaceId,
          name: name ?? workspaceId,
          appId: access.app_id,
          botUserId: access.bot_user_id,
          scopes: access.scope,
          organisationId: access.enterprise?.id ?? null,
          isOrgWide,
          installedBy,
          expiresAt: expiresIn === undefined ? null : new Date(deps.nowMs() + expiresIn * 1000).toISOString(),
          botToken: access.access_token,
          refreshToken: access.refresh_token ?? null,
        },
      );
      deps.installations.forget(workspaceId);
      const actor = { kind: "slack", id: installedBy } as const;
      if (!isOrgWide)
        await welcome(deps.useCaseContext({ workspaceId, actor, idempotencyKey: null, traceId, effects }));
    },
    (work) => c.executionCtx.waitUntil(work),
  );
  log("installation.stored", { workspaceId, isOrgWide, traceId });
  const inSlack = new URL("../app_redirect", deps.slack.apiUrl);
  inSlack.search = new URLSearchParams({ app: access.app_id, team: workspaceId }).toString();
  return installationPage(isOrgWide ? "installedForOrganisation" : "installed", inSlack.href, 200);
};
