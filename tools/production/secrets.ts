/** The secrets of one production: what Slack gave, and what the bot and its targets share. */
import { randomBytes } from "node:crypto";
import { smokePortfolio, smokeWorkspace } from "../../shared/domain/operations/smoke.ts";
import type { Production } from "./production-file.ts";
import type { ProductionWorker } from "./workers.ts";

export interface SlackSecrets {
  clientId: string;
  clientSecret: string;
  signingSecret: string;
}

/** A secret of Standard Webhooks: 24 to 64 random bytes (spec/standard-webhooks.md, "Signature scheme"). */
const signingKey = (): string => `whsec_${randomBytes(32).toString("base64")}`;

const pair = (): { request: string[]; webhook: string[]; read: string } => ({
  request: [signingKey()],
  webhook: [signingKey()],
  read: randomBytes(32).toString("base64url"),
});

/** Made once: what rows have encrypted needs it, and Cloudflare shows it to nobody. */
export const createEncryptionKeys = (): { ENCRYPTION_KEYS: string } => ({
  ENCRYPTION_KEYS: JSON.stringify({ current: "1", keys: { 1: randomBytes(32).toString("base64") } }),
});

/** By Worker: the values of its secrets. Both sides of each pair get the same in one run. */
export const createSecrets = (
  production: Pick<Production, "portfolio">,
  slack: SlackSecrets,
): Record<ProductionWorker["name"], Record<string, string>> => {
  const d1cv = { own: pair(), smoke: pair() };
  const aiAgent = { own: pair(), smoke: pair() };
  const ofTargets = {
    TARGET_CREDENTIALS: JSON.stringify({
      d1cv: d1cv.own,
      "ai-agent": aiAgent.own,
      [`${smokeWorkspace}/d1cv`]: d1cv.smoke,
      [`${smokeWorkspace}/ai-agent`]: aiAgent.smoke,
    }),
  };
  const ofPortfolios = ({ own, smoke }: typeof d1cv): { PORTFOLIO_CREDENTIALS: string } => ({
    PORTFOLIO_CREDENTIALS: JSON.stringify({ [production.portfolio]: own, [smokePortfolio]: smoke }),
  });
  return {
    d1cv: ofPortfolios(d1cv),
    "ai-agent": ofPortfolios(aiAgent),
    bot: {
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_CLIENT_ID: slack.clientId,
      SLACK_CLIENT_SECRET: slack.clientSecret,
      METRICS_TOKEN: randomBytes(32).toString("base64url"),
      ...ofTargets,
    },
    consumers: ofTargets,
  };
};
