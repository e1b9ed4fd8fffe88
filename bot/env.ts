/** The Worker's bindings and variables, checked once, as what the rest of the bot works with. */
import * as z from "zod/mini";
import { targetNameShape } from "../shared/domain/pushes/target-name.ts";
import { signInCallbackPath } from "../shared/domain/workspace/sign-in.ts";
import type { Actor } from "../shared/domain/workspace/actor.ts";
import {
  type CommonDeps,
  commonVariables,
  createCommonDeps,
  parseVariables,
  requireAddress,
  targetAddresses,
} from "../shared/environment.ts";
import type { Effects } from "../shared/effects.ts";
import { newTraceId } from "../shared/ids.ts";
import { log } from "../shared/log.ts";
import { DatabaseOutage, jsonText } from "../shared/storage/database.ts";
import type { UseCaseContext } from "../shared/use-cases/context.ts";
import type { AccessPolicy } from "./api/access.ts";
import type { SlackSignIn } from "./api/sign-in/openid.ts";
import type { Caller } from "./api/caller.ts";
import type { Allowance, RatePolicy } from "./api/rate-limiter.ts";
import type { Ending } from "./live/client.ts";
import type { RenewToken } from "./slack/core/web-client.ts";
import type { PendingQueue } from "./slack/core/pending-command.ts";
import { type OwnWorkspace, learntWorkspace, ownWorkspace } from "./slack/core/own-workspace.ts";
import { type Installations, createInstallations } from "./install/installations.ts";
import type { OAuthClient } from "./install/oauth.ts";
import { type Counts, createCounts } from "./operations/counts.ts";
import { type Refusals, createRefusals } from "./refusals.ts";
import { type RowCache, createRowCache } from "./slack/core/row-cache.ts";

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

const installation = z.object({
  botToken: z.string().check(z.minLength(1)),
  /** The first admin: whoever installed the app. */
  admin: z.string(),
  targets: targetList,
});

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

const variables = z.object({
  ...commonVariables,
  SLACK_API_URL: z._default(z.string(), ""),
  SLACK_SIGNING_SECRET: z.string().check(z.minLength(1)),
  SLACK_BOT_TOKEN: z._default(z.string(), ""),
  BOOTSTRAP_ADMIN: z._default(z.string(), ""),
  DEFAULT_TARGETS: z._default(jsonText(targetList), []),
  WORKSPACES: z._default(z.nullable(jsonText(z.record(z.string(), installation))), null),
  SLACK_CLIENT_ID: z._default(z.string(), ""),
  SLACK_CLIENT_SECRET: z._default(z.string(), ""),
  ACCESS_TEAM_DOMAIN: z._default(z.union([z.literal(""), z.url()]), ""),
  ACCESS_AUD: z._default(z.string(), ""),
  API_ALLOWED_ORIGINS: z._default(originList, []),
  METRICS_TOKEN: z._default(z.union([z.literal(""), z.string().check(z.minLength(32))]), ""),
  OPERATORS_CHANNEL: z._default(operatorsChannel, null),
  BACKUP_DATABASES: z._default(databaseList, ["bot"]),
});

const slackApiUrl = "https://slack.com/api/";

export interface Installation {
  botToken: string;
  /** `unknown`: D1 has not said it; who needs the token asks again. */
  source: "row" | "variable" | "unknown";
}

export interface Deps extends CommonDeps {
  refusals: Refusals;
  /** What the service counts about itself. */
  counts: Counts;
  /** Where alerts and the weekly digest go; null where nobody has set it. */
  operators: { workspaceId: string; channelId: string } | null;
  /** Of operators and their programs; null where nobody may ask. */
  metricsToken: string | null;
  /** Of what is deployed; null on one machine. */
  version: string | null;
  /** Where the daily backups are; null where there is no bucket. */
  backups: R2Bucket | null;
  /** The databases of a complete one. */
  backupDatabases: readonly string[];
  /** Targets that name a service binding which this Worker lacks. */
  unboundTargets: readonly string[];
  rowCache: RowCache;
  slack: { apiUrl: string; signingSecret: string; renew: RenewToken | null };
  /**
   * Null where the app is not installed. Workspaces that have installed it themselves have a row; WORKSPACES names
   * others. Without it SLACK_BOT_TOKEN is of whichever workspace the caller has found: `serves` says whether it is.
   */
  installation: (workspaceId: string, organisationId?: string | null) => Promise<Installation | null>;
  /** Whether it is this workspace's; null while Slack has not said to which one the only token belongs. */
  serves: (workspaceId: string, installed: Installation) => Promise<boolean | null>;
  /** False where no workspace of this id can have the app: nothing is looked up. */
  mayBeInstalled: (workspaceId: string) => boolean;
  installations: Installations;
  /** Who lets workspaces install the app themselves; null where nobody does. */
  oauth: OAuthClient | null;
  /** How the variables set a workspace up. */
  bootstrapOf: (workspaceId: string) => UseCaseContext["bootstrap"];
  /** What the workspace's token belongs to, as Slack says; null while it has not said so. */
  ownWorkspace: (installed: Pick<Installation, "botToken">) => Promise<OwnWorkspace | null>;
  pending: (workspaceId: string) => PendingQueue;
  /** Of the workspace: what publishes its events to those who follow it. */
  eventHub: (workspaceId: string) => Pick<Fetcher, "fetch"> & { closeFor: (ending: Ending) => Promise<void> };
  /** Cloudflare Access, where it signs people in at the portal. */
  access: AccessPolicy | null;
  /** Slack, where it signs people in at the portal: not where Access does. */
  signInWithSlack: SlackSignIn | null;
  publicOrigin: string;
  /** Where the portal is; null where nobody can sign in to it. */
  portal: string | null;
  allowedOrigins: readonly string[];
  assets: Pick<Fetcher, "fetch">;
  rateLimiter: (caller: Pick<Caller, "workspaceId" | "actor"> | { address: string }) => {
    take: (policy: RatePolicy, nowMs: number, cost: number) => Promise<Allowance>;
  };
  useCaseContext: (request: {
    workspaceId: string;
    actor: Actor;
    idempotencyKey: string | null;
    traceId?: string;
    effects: Effects;
  }) => UseCaseContext;
}

/** Throws an Error that names the variable which is missing or malformed; never its value. */
export const createDeps = (env: Env): Deps => {
  const vars = parseVariables(variables, env);
  const common = createCommonDeps(env, vars);
  requireTargetAddresses(env, vars);
  const access = accessOf(vars);
  const counts = createCounts({ ...common, points: env.OPS ?? null });
  const publicOrigin = new URL(vars.PUBLIC_URL).origin;
  const installing = installingOf(env, vars, common);
  const apiUrl = apiUrlOf(vars);
  const signInWithSlack = access === null ? slackSignInOf(vars, apiUrl, publicOrigin) : null;
  return {
    ...common,
    refusals: createRefusals({ ...common, counts }),
    counts,
    operators: vars.OPERATORS_CHANNEL,
    metricsToken: vars.METRICS_TOKEN || null,
    version: env.CF_VERSION_METADATA?.id || null,
    backups: env.BACKUPS ?? null,
    backupDatabases: vars.BACKUP_DATABASES,
    unboundTargets: unboundIn(env, vars),
    rowCache: createRowCache(env.CACHE),
    slack: {
      apiUrl: apiUrlOf(vars),
      signingSecret: vars.SLACK_SIGNING_SECRET,
      renew:
        installing.oauth === null ? null : (token) => installing.installations.renew(token, learntWorkspace(token)?.id),
    },
    ...installing,
    ownWorkspace: ({ botToken }) => ownWorkspace({ botToken, apiUrl: apiUrlOf(vars) }, env.CACHE),
    pending: (workspaceId) => env.PENDING_COMMANDS.getByName(workspaceId),
    eventHub: (workspaceId) => env.EVENT_HUB.getByName(workspaceId),
    access,
    signInWithSlack,
    publicOrigin,
    portal: access === null && signInWithSlack === null ? null : `${publicOrigin}/app`,
    allowedOrigins: vars.API_ALLOWED_ORIGINS,
    assets: env.ASSETS,
    rateLimiter: (of) =>
      // Of the person: more tokens are no more requests.
      env.RATE_LIMITER.getByName("address" in of ? `address/${of.address}` : `${of.workspaceId}/user/${of.actor.id}`),
    useCaseContext: ({ workspaceId, actor, idempotencyKey, traceId, effects }) => ({
      ...common,
      workspaceId,
      actor,
      idempotencyKey,
      effects,
      traceId: traceId ?? newTraceId(),
      services: vars.DEFAULT_TARGETS,
      bootstrap: installing.bootstrapOf(workspaceId),
    }),
  };
};

/** Only the local stack may talk to another Slack: elsewhere it would hand the token to whoever sets the variable. */
const apiUrlOf = ({ ENVIRONMENT, SLACK_API_URL }: z.infer<typeof variables>): string =>
  ENVIRONMENT === "local" && SLACK_API_URL !== "" ? SLACK_API_URL : slackApiUrl;

type Installing = Pick<Deps, "installation" | "installations" | "oauth" | "bootstrapOf" | "mayBeInstalled" | "serves">;

/** Which workspaces have the app: by rows, and by the variables. */
const installingOf = (env: Env, vars: z.infer<typeof variables>, common: CommonDeps): Installing => {
  const apiUrl = apiUrlOf(vars);
  const oauth = oauthOf(vars, new URL(vars.PUBLIC_URL).origin);
  const installations = createInstallations({ ...common, apiUrl, client: oauth });
  const only = vars.WORKSPACES
    ? null
    : { botToken: vars.SLACK_BOT_TOKEN, admin: vars.BOOTSTRAP_ADMIN, targets: vars.DEFAULT_TARGETS };
  if (only && only.botToken === "" && oauth === null)
    throw new Error(
      "Set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, as docs/reference/settings.md says",
    );
  const configuredFor = (workspaceId: string) =>
    only ?? (vars.WORKSPACES && Object.hasOwn(vars.WORKSPACES, workspaceId) ? vars.WORKSPACES[workspaceId] : null);
  const installation: Deps["installation"] = async (workspaceId, organisationId) => {
    // The variable's own workspace, where that is learnt already, needs no look at D1: where Slack refuses the token
    // because the app was installed again since, `renew` finds the new one.
    if (only && learntWorkspace(only.botToken)?.id === workspaceId)
      return { botToken: only.botToken, source: "variable" };
    const configured = configuredFor(workspaceId)?.botToken ?? "";
    const installed = await installations.of(workspaceId, organisationId).catch((error: unknown) => {
      // With a variable the request goes on, and meets what is wrong with D1 where it is answered.
      if (configured === "" || error instanceof DatabaseOutage) throw error;
      log("slack.installation_unknown", { workspaceId, error: String(error) });
      return null;
    });
    if (installed === "uninstalled") return null;
    if (installed !== null) return { botToken: installed.botToken, source: "row" };
    return configured === "" ? null : { botToken: configured, source: "variable" };
  };
  const bootstrapOf: Deps["bootstrapOf"] = (workspaceId) => {
    const found = configuredFor(workspaceId);
    const targets = (found?.targets ?? []).map((target) => ({
      ...target,
      credentials: target.credentials ?? target.name,
    }));
    return { admin: found?.admin || null, targets };
  };
  return {
    installation,
    installations,
    oauth,
    bootstrapOf,
    mayBeInstalled: (workspaceId) => oauth !== null || configuredFor(workspaceId) != null,
    serves: async (workspaceId, { source }) => {
      if (!only || source !== "variable") return true;
      const own = await ownWorkspace({ botToken: only.botToken, apiUrl }, env.CACHE);
      return own === null ? null : own.id === workspaceId;
    },
  };
};

/** Both or neither. */
const oauthOf = (
  { SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret }: z.infer<typeof variables>,
  publicOrigin: string,
): OAuthClient | null => {
  if (id === "" && secret === "") return null;
  if (id === "" || secret === "") throw new Error("Set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, or neither");
  return { id, secret, redirectUri: `${publicOrigin}/slack/oauth_redirect` };
};

const unboundIn = (env: Env, vars: z.infer<typeof variables>): string[] => {
  const targets = [...vars.DEFAULT_TARGETS, ...Object.values(vars.WORKSPACES ?? {}).flatMap((one) => one.targets)];
  const bindings: Record<string, unknown> = { ...env };
  return targets.flatMap(({ name, url, binding }) => (url === null && !bindings[binding ?? ""] ? [name] : []));
};

/** Both or neither, as for Access. */
const slackSignInOf = (
  { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET }: z.infer<typeof variables>,
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
const accessOf = ({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }: z.infer<typeof variables>): AccessPolicy | null => {
  if (ACCESS_TEAM_DOMAIN === "" && ACCESS_AUD === "") return null;
  if (ACCESS_TEAM_DOMAIN === "" || ACCESS_AUD === "")
    throw new Error("Set ACCESS_TEAM_DOMAIN and ACCESS_AUD, or neither");
  return { issuer: ACCESS_TEAM_DOMAIN.replace(/\/+$/, ""), audience: ACCESS_AUD };
};

/** An address that may not be called is found out when the Worker starts, not when somebody pushes. */
const requireTargetAddresses = (env: Env, vars: z.infer<typeof variables>): void => {
  const lists = {
    DEFAULT_TARGETS: vars.DEFAULT_TARGETS,
    WORKSPACES: Object.values(vars.WORKSPACES ?? {}).flatMap(({ targets }) => targets),
  };
  for (const [variable, targets] of Object.entries(lists)) {
    for (const { url } of targets) if (url !== null) requireAddress(variable, url, targetAddresses(env, vars));
  }
};
