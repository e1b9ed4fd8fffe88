/** Makes what is missing of a production, gives its Workers their secrets, and deploys them. */
import { writeConfigurations } from "./configurations.ts";
import { build, createDeployer } from "./deployer.ts";
import { deploy } from "./deployment.ts";
import { print } from "./program.ts";
import type { Production } from "./production-file.ts";
import { putSecretsOf } from "./put-secrets.ts";
import { createResources } from "./resources.ts";
import { type SlackSecrets, createEncryptionKeys, createSecrets } from "./secrets.ts";
import { workers } from "./workers.ts";
import type { Wrangler } from "./wrangler.ts";

export interface Installing {
  wrangler: Wrangler;
  /** Called after each step, so that a run that is cut off can go on. */
  save: (production: Production) => void;
  /** Says what is done. */
  say: (line: string) => void;
  newSecrets: boolean;
  onResources: (production: Production) => void;
  /** Asked for only where the secrets are made. */
  slackSecrets: () => Promise<SlackSecrets>;
  /** Takes the new token of /metrics, which nothing here keeps. */
  onMetricsToken: (token: string) => void;
  /** Prints the commands of a dry run; null outside of one. */
  dry: ((line: string) => void) | null;
}

const putSecrets = async (production: Production, installing: Installing): Promise<void> => {
  const { wrangler, slackSecrets, onMetricsToken } = installing;
  const secrets = createSecrets(production, await slackSecrets());
  await Promise.all(workers.map((worker) => putSecretsOf(wrangler, worker, secrets[worker.name])));
  onMetricsToken(secrets.bot["METRICS_TOKEN"] ?? "");
};

/** Kept by new secrets, which would make what rows have encrypted unreadable. */
const putEncryptionKeys = async (wrangler: Wrangler): Promise<void> => {
  const keys = createEncryptionKeys();
  const readers = workers.filter(({ secrets }) => secrets.includes("ENCRYPTION_KEYS"));
  await Promise.all(readers.map((worker) => putSecretsOf(wrangler, worker, keys)));
};

/** Throws where a step fails: what exists is not made again by the next run. @returns what is there then */
export const install = async (began: Production, installing: Installing): Promise<Production> => {
  const { wrangler, save, say, dry } = installing;
  let production = await createResources(began, wrangler, save);
  say("✓ Databases, cache, queues, search index and the bucket for backups are there");
  writeConfigurations(production);
  installing.onResources(production);
  const step = (changed: Partial<Production>): void => {
    production = { ...production, ...changed };
    save(production);
  };
  if (!production.encryptionKeyIsSet) {
    await putEncryptionKeys(wrangler);
    say("✓ The key that encrypts stored secrets is set");
    step({ encryptionKeyIsSet: true });
  }
  if (!production.secretsAreSet || installing.newSecrets) {
    step({ secretsAreSet: false });
    await putSecrets(production, installing);
    say("✓ All Workers have their secrets");
    step({ secretsAreSet: true });
  }
  await build(dry);
  await deploy(createDeployer(production, wrangler, print, { hasVersions: false }));
  return production;
};
