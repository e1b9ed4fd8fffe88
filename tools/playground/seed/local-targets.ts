import { newTraceId } from "../../../shared/ids.ts";
import { type TargetClient, createTargetClient } from "../../../shared/targets/client.ts";
import { type TargetCredentials, parseCredentials } from "../../../shared/targets/credentials.ts";
import { portfolioId } from "./portfolio.ts";

export const localTargets = ["d1cv", "ai-agent"] as const;
export type LocalTarget = (typeof localTargets)[number];

export const isLocalTarget = (name: string | null): name is LocalTarget => name === "d1cv" || name === "ai-agent";

/** What the seed needs of the playground's bindings. */
export interface SeedEnv {
  STAGING_DB: D1Database;
  D1CV_DB: D1Database;
  AI_AGENT_DB: D1Database;
  D1CV: Pick<Fetcher, "fetch">;
  AI_AGENT: Pick<Fetcher, "fetch">;
  LOCAL_AI: Pick<Fetcher, "fetch">;
  LOCAL_TARGET_CREDENTIALS: string;
}

/** Throws when LOCAL_TARGET_CREDENTIALS is malformed or does not name the target. */
export const credentialsOf = (
  env: Pick<SeedEnv, "LOCAL_TARGET_CREDENTIALS">,
  target: LocalTarget,
): TargetCredentials => {
  const credentials = parseCredentials(env.LOCAL_TARGET_CREDENTIALS)[target];
  if (!credentials) throw new Error(`LOCAL_TARGET_CREDENTIALS has no entry "${target}"`);
  return credentials;
};

/** The client that the bot uses as well, with webhooks that come back to the playground. */
export const clientOf = (env: SeedEnv, target: LocalTarget): TargetClient => {
  const service = target === "d1cv" ? env.D1CV : env.AI_AGENT;
  return createTargetClient({
    fetch: (request) => service.fetch(request),
    baseUrl: `https://${target}.internal`,
    // The origin that the targets' CALLBACK_ORIGINS map to their PLAYGROUND binding.
    callbackUrl: `https://playground.internal/playground/sink?target=${target}`,
    portfolioId,
    credentials: async () => credentialsOf(env, target),
    nowMs: () => Date.now(),
    newId: () => `msg_${crypto.randomUUID()}`,
    traceId: newTraceId(),
  });
};
