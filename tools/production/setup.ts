/**
 * `npm run setup`: from a Cloudflare account and a Slack workspace to a running bot. It asks what it must, and goes on
 * where it stopped: what exists is not made again. `--dry-run` prints each command, `--new-secrets` replaces all
 * secrets, `--destroy` takes everything down.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createManifest } from "../../bot/slack/manifest.ts";
import { root } from "../scripts/tree.ts";
import { accounts } from "./account.ts";
import { configurationPath, writeConfigurations } from "./configurations.ts";
import { build, createDeployer } from "./deployer.ts";
import { deploy } from "./deployment.ts";
import { destroy } from "./destroy.ts";
import { askSlackSecrets, interview } from "./interview.ts";
import { print, runProgram } from "./program.ts";
import { type Production, readProduction, writeProduction } from "./production-file.ts";
import { type Questions, createQuestions } from "./questions.ts";
import { createResources } from "./resources.ts";
import { createEncryptionKeys, createSecrets, type SlackSecrets } from "./secrets.ts";
import { appOf, verifyAddress } from "./slack-app.ts";
import { workers } from "./workers.ts";
import { type Wrangler, createWrangler } from "./wrangler.ts";

const { values: flags } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    "new-secrets": { type: "boolean", default: false },
    destroy: { type: "boolean", default: false },
  },
});

/** Says what is done: in a dry run, nothing is. */
const say = flags["dry-run"] ? () => undefined : print;
const manifestFile = "dist/production/slack-manifest.json";

/** What a dry run shows where nobody has answered yet. */
const example: Production = {
  name: "cv-ops",
  accountId: "0".repeat(32),
  url: "https://cv-ops.example.com",
  location: "weur",
  jurisdiction: null,
  admin: "U000000000",
  portfolio: "main",
  operatorsChannel: null,
  databases: {},
  cache: null,
  secretsAreSet: false,
  encryptionKeyIsSet: false,
};

const save = (production: Production): void => {
  if (!flags["dry-run"]) writeProduction(production);
};

const writeManifest = (production: Production): void => {
  mkdirSync(dirname(join(root, manifestFile)), { recursive: true });
  writeFileSync(join(root, manifestFile), `${JSON.stringify(createManifest(production.url), null, 2)}\n`);
};

/** Asks until Slack takes them, so that a mistake is found here and not by a bot that does not answer. */
const slackSecrets = async (questions: Questions): Promise<SlackSecrets> => {
  for (;;) {
    const secrets = await askSlackSecrets(questions, manifestFile);
    try {
      const { workspace, bot, missing } = await appOf(secrets.botToken);
      if (missing.length === 0) {
        print(`✓ The token is that of ${bot} in ${workspace}`);
        return secrets;
      }
      print(`✗ The app lacks the scopes ${missing.join(", ")}: paste the manifest again, and reinstall the app`);
    } catch (error) {
      print(`✗ ${error instanceof Error ? error.message : String(error)}`);
    }
  }
};

/** To a Worker that does not exist yet wrangler makes a placeholder, to which the others can bind. */
const putSecrets = async (production: Production, wrangler: Wrangler, slack: SlackSecrets): Promise<void> => {
  const secrets = createSecrets(production, slack);
  await Promise.all(
    workers.map((worker) =>
      wrangler.run(["secret", "bulk", "-c", configurationPath(worker)], {
        input: JSON.stringify(secrets[worker.name]),
      }),
    ),
  );
  say("✓ All Workers have their secrets");
};

/** Kept by new secrets, which would make what rows have encrypted unreadable. */
const putEncryptionKeys = async (wrangler: Wrangler): Promise<void> => {
  const input = JSON.stringify(createEncryptionKeys());
  const readers = workers.filter(({ secrets }) => secrets.includes("ENCRYPTION_KEYS"));
  await Promise.all(
    readers.map((worker) => wrangler.run(["secret", "bulk", "-c", configurationPath(worker)], { input })),
  );
  say("✓ The key that encrypts stored secrets is set");
};

const setUp = async (questions: Questions): Promise<void> => {
  const isDry = flags["dry-run"];
  const anyAccount = createWrangler({ accountId: null, dryRun: isDry, print });
  const found = await accounts(anyAccount);
  let production = readProduction() ?? (isDry ? example : await interview(questions, found ?? []));
  save(production);
  say(`\nproduction.json has what you answered: ${production.name} at ${production.url}`);

  const wrangler = createWrangler({ accountId: production.accountId, dryRun: isDry, print });
  production = await createResources(production, wrangler, save);
  say("✓ Databases, cache, queues, search index and the bucket for backups are there");
  writeConfigurations(production);
  writeManifest(production);

  if (!production.encryptionKeyIsSet) {
    await putEncryptionKeys(wrangler);
    production = { ...production, encryptionKeyIsSet: true };
    save(production);
  }
  let slack: SlackSecrets | null = null;
  if (!production.secretsAreSet || flags["new-secrets"]) {
    production = { ...production, secretsAreSet: false };
    save(production);
    slack = isDry ? { clientId: "", clientSecret: "", signingSecret: "", botToken: "" } : await slackSecrets(questions);
    await putSecrets(production, wrangler, slack);
    production = { ...production, secretsAreSet: true };
    save(production);
  }

  await build(isDry ? print : null);
  await deploy(createDeployer(production, wrangler, print, { hasVersions: false }));
  if (slack !== null && !isDry) {
    await verifyAddress(production.url, slack.signingSecret);
    print("✓ The bot answers Slack's verification of its address");
  }
  say(`
In Slack, under Event Subscriptions of the app, the address may still be unverified: press Retry. Then invite the bot
to the channel for its cards, and type /cv there. Other workspaces install the app at ${production.url}/slack/install.`);
};

const questions = createQuestions(print);
await runProgram(flags.destroy ? "Removal" : "Setup", () =>
  flags.destroy ? destroy(questions, { dryRun: flags["dry-run"], print }) : setUp(questions),
);
questions.close();
