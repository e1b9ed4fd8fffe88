/** Workspaces that have installed the app: their rows are made by what /slack/install and /cv targets call. */
import { env } from "cloudflare:test";
import { newTraceId } from "../../../shared/ids.ts";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import { nowOf } from "../../../shared/use-cases/context.ts";
import { addTarget } from "../../../shared/use-cases/targets/add-target.ts";
import { installApp } from "../../../shared/use-cases/workspace/install-app.ts";
import { createDeps } from "../../../bot/env.ts";
import { people } from "../people.ts";

/** With `botToken`, which Slack has to know by itself. */
export const install = async (workspaceId: string, botToken: string): Promise<void> => {
  const deps = createDeps(env);
  await deps.withEffects((effects) =>
    installApp(
      { ...deps, effects, now: nowOf(deps), traceId: newTraceId() },
      {
        workspaceId,
        name: `Team ${workspaceId}`,
        appId: "A0CVOPS",
        botUserId: "U0CVOPSBOT",
        scopes: "commands",
        organisationId: null,
        isOrgWide: false,
        installedBy: people.admin,
        expiresAt: null,
        botToken,
        refreshToken: null,
      },
    ),
  );
};

/** The operator's services, with a portfolio and secrets of the workspace's own: TARGET_CREDENTIALS has them. */
export const addTargets = async (workspaceId: string, portfolioId: string): Promise<void> => {
  const deps = createDeps(env);
  const actor = { kind: "slack", id: people.admin } as const;
  for (const service of ["d1cv", "ai-agent"]) {
    const entry = parseCredentials(env.TARGET_CREDENTIALS ?? "")[`${portfolioId}/${service}`];
    if (!entry) throw new Error(`no credentials for ${service}`);
    const secrets = { request: entry.request[0] ?? "", webhook: entry.webhook[0] ?? "", read: entry.read };
    const added = await deps.withEffects((effects) =>
      addTarget(deps.useCaseContext({ workspaceId, actor, idempotencyKey: null, effects }), {
        name: service,
        alias: null,
        portfolioId,
        service,
        url: null,
        secrets,
      }),
    );
    if (!added.ok) throw new Error(`${service} was not added: ${added.reason.code}`);
  }
};

/** TARGET_CREDENTIALS with those of the smoke portfolio, as `npm run setup` makes them. */
export const credentialsWithSmoke = (): string => {
  const given = parseCredentials(env.TARGET_CREDENTIALS ?? "");
  return JSON.stringify({ ...given, "smoke/d1cv": given["d1cv"], "smoke/ai-agent": given["ai-agent"] });
};
