/** The bot's variables: their shapes, and what several of them say together. */
import * as z from "zod/mini";
import { targetNameShape } from "../shared/domain/pushes/target-name.ts";
import { signInCallbackPath } from "../shared/domain/workspace/sign-in.ts";
import { commonVariables, requireAddress, targetAddresses } from "../shared/environment.ts";
import { jsonText } from "../shared/storage/database.ts";
import type { ConfiguredTarget } from "../shared/storage/pushes/targets.ts";
import type { NamedWorkspace } from "../shared/use-cases/workspace/import-workspaces.ts";
import type { AccessPolicy } from "./api/access.ts";
import type { SlackSignIn } from "./api/sign-in/openid.ts";
import type { OAuthClient } from "./install/oauth.ts";

const targetName = z.string().check(z.regex(targetNameShape));

const targetList = z.array(
  z.object({
    name: targetName,
    alias: z._default(z.nullable(targetName), null),
    portfolioId: z.string().check(z.minLength(1)),
    binding: z._default(z.nullable(z.string()), null),
    url: z._default(z.nullable(z.string()), null),
    credentials: z.optional(z.string()),
  }),
);

/** Of releases in which a workspace was no row: only `importWorkspaces` reads it, which makes rows of it. */
const namedWorkspaces = z.record(
  z.string(),
  z.object({ botToken: z.string().check(z.minLength(1)), admin: z.string(), targets: targetList }),
);

const originList = z.pipe(
  z.string().check(z.regex(/^(?:https?:\/\/[a-z0-9.-]+(?::\d+)?(?:\s*,\s*|$))*$/i)),
  z.transform((text: string) => text.split(/[\s,]+/).filter((origin) => origin !== "")),
);

/** `<workspace id>/<channel id>`, or nothing. */
const operatorsChannel = z.pipe(
  z.string().check(z.regex(/^(?:|[TE][A-Z0-9]+\/[CG][A-Z0-9]+)$/)),
  z.transform((text: string) => {
    const [workspaceId, channelId] = text.split("/");
    return workspaceId && channelId ? { workspaceId, channelId } : null;
  }),
);

const databaseList = z.pipe(
  z.string().check(z.regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/)),
  z.transform((text: string) => text.split(",")),
);

export const variables = z.object({
  ...commonVariables,
  SLACK_API_URL: z._default(z.string(), ""),
  SLACK_SIGNING_SECRET: z.string().check(z.minLength(1)),
  SLACK_BOT_TOKEN: z._default(z.string(), ""),
  BOOTSTRAP_ADMIN: z._default(z.string(), ""),
  DEFAULT_TARGETS: z._default(jsonText(targetList), []),
  WORKSPACES: z._default(z.nullable(jsonText(namedWorkspaces)), null),
  SLACK_CLIENT_ID: z._default(z.string(), ""),
  SLACK_CLIENT_SECRET: z._default(z.string(), ""),
  ACCESS_TEAM_DOMAIN: z._default(z.union([z.literal(""), z.url()]), ""),
  ACCESS_AUD: z._default(z.string(), ""),
  API_ALLOWED_ORIGINS: z._default(originList, []),
  METRICS_TOKEN: z._default(z.union([z.literal(""), z.string().check(z.minLength(32))]), ""),
  OPERATORS_CHANNEL: z._default(operatorsChannel, null),
  BACKUP_DATABASES: z._default(databaseList, ["bot"]),
});

export type Variables = z.infer<typeof variables>;

const slackApiUrl = "https://slack.com/api/";

/** As rows have it: without a name of its own, a target's credentials have the target's. */
export const configuredTargets = (targets: Variables["DEFAULT_TARGETS"]): ConfiguredTarget[] =>
  targets.map((target) => ({ ...target, credentials: target.credentials ?? target.name }));

/** Null where the variable is not set. */
export const namedWorkspacesOf = ({ WORKSPACES }: Variables): NamedWorkspace[] | null =>
  WORKSPACES &&
  Object.entries(WORKSPACES).map(([workspaceId, { targets, ...named }]) => ({
    ...named,
    workspaceId,
    targets: configuredTargets(targets),
  }));

/** Only the local stack may talk to another Slack: elsewhere it would hand the token to whoever sets the variable. */
export const apiUrlOf = ({ ENVIRONMENT, SLACK_API_URL }: Variables): string =>
  ENVIRONMENT === "local" && SLACK_API_URL !== "" ? SLACK_API_URL : slackApiUrl;

/** Both or neither. */
export const oauthOf = (
  { SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret }: Variables,
  publicOrigin: string,
): OAuthClient | null => {
  if (id === "" && secret === "") return null;
  if (id === "" || secret === "") throw new Error("Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or neither");
  return { id, secret, redirectUri: `${publicOrigin}/slack/oauth_redirect` };
};

/** Both or neither, as for Access. */
export const slackSignInOf = (
  { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET }: Variables,
  apiUrl: string,
  publicOrigin: string,
): SlackSignIn | null => {
  if (SLACK_CLIENT_ID === "" && SLACK_CLIENT_SECRET === "") return null;
  if (SLACK_CLIENT_ID === "" || SLACK_CLIENT_SECRET === "")
    throw new Error("Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or neither");
  const redirectUri = `${publicOrigin}${signInCallbackPath}`;
  return { clientId: SLACK_CLIENT_ID, clientSecret: SLACK_CLIENT_SECRET, apiUrl, redirectUri };
};

/** Both or neither: half a policy would let everybody in, or nobody without a word. */
export const accessOf = ({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }: Variables): AccessPolicy | null => {
  if (ACCESS_TEAM_DOMAIN === "" && ACCESS_AUD === "") return null;
  if (ACCESS_TEAM_DOMAIN === "" || ACCESS_AUD === "")
    throw new Error("Set ACCESS_TEAM_DOMAIN and ACCESS_AUD, or neither");
  return { issuer: ACCESS_TEAM_DOMAIN.replace(/\/+$/, ""), audience: ACCESS_AUD };
};

export const unboundIn = (env: Env, vars: Variables): string[] => {
  const targets = [...vars.DEFAULT_TARGETS, ...Object.values(vars.WORKSPACES ?? {}).flatMap((one) => one.targets)];
  const bindings: Record<string, unknown> = { ...env };
  return targets.flatMap(({ name, url, binding }) => (url === null && !bindings[binding ?? ""] ? [name] : []));
};

/** An address that may not be called is found out when the Worker starts, not when somebody pushes. */
export const requireTargetAddresses = (env: Env, vars: Variables): void => {
  const lists = {
    DEFAULT_TARGETS: vars.DEFAULT_TARGETS,
    WORKSPACES: Object.values(vars.WORKSPACES ?? {}).flatMap(({ targets }) => targets),
  };
  for (const [variable, targets] of Object.entries(lists)) {
    for (const { url } of targets) if (url !== null) requireAddress(variable, url, targetAddresses(env, vars));
  }
};
