/** The Worker's bindings and variables, checked once, as what the rest of the bot works with. */
import type { Actor } from "../shared/domain/workspace/actor.ts";
import { type CommonDeps, createCommonDeps, parseVariables } from "../shared/environment.ts";
import type { Effects } from "../shared/effects.ts";
import { currentTraceId } from "../shared/log.ts";
import type { UseCaseContext } from "../shared/use-cases/context.ts";
import type { AccessPolicy } from "./api/access.ts";
import type { SlackSignIn } from "./api/sign-in/openid.ts";
import type { Caller } from "./api/caller.ts";
import type { Allowance, RatePolicy } from "./api/rate-limiter.ts";
import type { Ending } from "./live/client.ts";
import type { RenewToken } from "./slack/core/web-client.ts";
import type { PendingQueue } from "./slack/core/pending-command.ts";
import { type OwnWorkspace, learntWorkspace, ownWorkspace } from "./slack/core/own-workspace.ts";
import { type Installation, type Installing, installingOf } from "./install/installing.ts";
import { type Counts, createCounts } from "./operations/counts.ts";
import { type Refusals, createRefusals } from "./refusals.ts";
import { type RowCache, createRowCache } from "./slack/core/row-cache.ts";
import { accessOf, apiUrlOf, requireTargetAddresses, slackSignInOf, unboundIn, variables } from "./variables.ts";

export type { Installation };

export interface Deps extends CommonDeps, Installing {
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
  /** Where old events go; null where there is no bucket, and all stay in D1. */
  history: R2Bucket | null;
  /** The databases of a complete one. */
  backupDatabases: readonly string[];
  /** Targets that name a service binding which this Worker lacks. */
  unboundTargets: readonly string[];
  rowCache: RowCache;
  slack: { apiUrl: string; signingSecret: string; renew: RenewToken };
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
  const { first } = common.databases;
  const counts = createCounts({ db: first, nowMs: common.nowMs, points: env.OPS ?? null });
  const publicOrigin = new URL(vars.PUBLIC_URL).origin;
  const installing = installingOf(env, vars, common);
  const apiUrl = apiUrlOf(vars);
  const signInWithSlack = access === null ? slackSignInOf(vars, apiUrl, publicOrigin) : null;
  return {
    ...common,
    refusals: createRefusals({ db: first, nowMs: common.nowMs, counts }),
    counts,
    operators: vars.OPERATORS_CHANNEL,
    metricsToken: vars.METRICS_TOKEN || null,
    version: env.CF_VERSION_METADATA?.id || null,
    backups: env.BACKUPS ?? null,
    history: env.HISTORY ?? null,
    backupDatabases: vars.BACKUP_DATABASES,
    unboundTargets: unboundIn(env, vars),
    rowCache: createRowCache(env.CACHE),
    slack: {
      apiUrl,
      signingSecret: vars.SLACK_SIGNING_SECRET,
      renew: (token) => installing.installations.renew(token, learntWorkspace(token)?.id),
    },
    ...installing,
    ownWorkspace: ({ botToken }) => ownWorkspace({ botToken, apiUrl }, env.CACHE),
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
      history: env.HISTORY ?? null,
      db: common.databases.of(workspaceId),
      workspaceId,
      actor,
      idempotencyKey,
      effects,
      traceId: traceId ?? currentTraceId(),
      services: vars.DEFAULT_TARGETS,
      bootstrap: installing.bootstrapOf(workspaceId),
    }),
  };
};
