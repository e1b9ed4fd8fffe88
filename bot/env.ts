/** The Worker's bindings and variables, checked once, as what the rest of the bot works with. */
import * as z from "zod/mini";
import type { Actor } from "../shared/domain/actor.ts";
import { type CommonDeps, commonVariables, createCommonDeps, parseVariables } from "../shared/environment.ts";
import { newTraceId } from "../shared/ids.ts";
import type { NamedSecret } from "../shared/signing.ts";
import { parseCredentials } from "../shared/targets/credentials.ts";
import { jsonColumn } from "../shared/storage/database.ts";
import type { VerbContext } from "../shared/verbs/context.ts";

const variables = z.object({
  ...commonVariables,
  SLACK_API_URL: z._default(z.string(), ""),
  SLACK_SIGNING_SECRET: z.string().check(z.minLength(1)),
  SLACK_BOT_TOKEN: z.string().check(z.minLength(1)),
  BOOTSTRAP_ADMIN: z._default(z.string(), ""),
  DEFAULT_TARGETS: jsonColumn(
    z.array(
      z.object({
        name: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
        portfolioId: z.string().check(z.minLength(1)),
        binding: z._default(z.nullable(z.string()), null),
        url: z._default(z.nullable(z.url()), null),
        credentials: z.optional(z.string()),
      }),
    ),
  ),
});

const slackApiUrl = "https://slack.com/api/";

export interface Deps extends CommonDeps {
  slack: { apiUrl: string; signingSecret: string; botToken: string };
  /** Secrets with which the targets of this name sign their webhooks; the key's name is the credentials entry. */
  webhookSecrets: (target: string) => NamedSecret[];
  verbContext: (request: {
    workspaceId: string;
    actor: Actor;
    inboxKey: string | null;
    traceId?: string;
  }) => VerbContext;
}

/** Throws an Error that names the variable which is missing or malformed; never its value. */
export const createDeps = (env: Env): Deps => {
  const vars = parseVariables(variables, env);
  const common = createCommonDeps(env, vars);
  const credentials = parseCredentials(vars.TARGET_CREDENTIALS);
  const bootstrap = {
    admin: vars.BOOTSTRAP_ADMIN || null,
    targets: vars.DEFAULT_TARGETS.map((target) => ({ ...target, credentials: target.credentials ?? target.name })),
  };
  return {
    ...common,
    slack: {
      // Only the local stack may talk to another Slack: elsewhere it would hand the token to whoever sets the variable.
      apiUrl: vars.ENVIRONMENT === "local" && vars.SLACK_API_URL !== "" ? vars.SLACK_API_URL : slackApiUrl,
      signingSecret: vars.SLACK_SIGNING_SECRET,
      botToken: vars.SLACK_BOT_TOKEN,
    },
    webhookSecrets: (target) =>
      Object.entries(credentials)
        .filter(([name]) => name === target || name.endsWith(`/${target}`))
        .flatMap(([name, { webhook }]) => webhook.map((secret) => ({ name, secret }))),
    verbContext: ({ workspaceId, actor, inboxKey, traceId }) => ({
      ...common,
      workspaceId,
      actor,
      inboxKey,
      traceId: traceId ?? newTraceId(),
      bootstrap,
    }),
  };
};
