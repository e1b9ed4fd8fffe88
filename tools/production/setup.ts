/**
 * `npm run setup`: from a Cloudflare account and a Slack workspace to a running bot. It asks what it must, and goes on
 * where it stopped: what exists is not made again. `--dry-run` prints each command, `--new-secrets` replaces all
 * secrets, `--add-database` gives the bot one database more, `--destroy` takes everything down.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createManifest } from "../../bot/slack/manifest.ts";
import { root } from "../scripts/tree.ts";
import { accounts } from "./account.ts";
import { destroy } from "./destroy.ts";
import { connectWorkspace } from "./first-workspace.ts";
import { install } from "./install.ts";
import { askSlackSecrets, interview } from "./interview.ts";
import { newPass } from "./operated-bot.ts";
import { hasPaidPlan } from "./plan.ts";
import { print, runProgram } from "./program.ts";
import { type Production, nothingMade, readProduction, writeProduction } from "./production-file.ts";
import { type Questions, createQuestions } from "./questions.ts";
import type { SlackSecrets } from "./secrets.ts";
import { problemOfClient, verifyAddress } from "./slack-app.ts";
import { type Wrangler, createWrangler } from "./wrangler.ts";

const { values: flags } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    "new-secrets": { type: "boolean", default: false },
    "add-database": { type: "boolean", default: false },
    destroy: { type: "boolean", default: false },
  },
});

/** Says what is done: in a dry run, nothing is. */
const say = flags["dry-run"] ? () => undefined : print;
const manifestFile = "dist/production/slack-manifest.json";

const noSlack: SlackSecrets = { clientId: "", clientSecret: "", signingSecret: "" };

/** What a dry run shows where nobody has answered yet. */
const example: Production = {
  name: "cv-ops",
  accountId: "0".repeat(32),
  url: "https://cv-ops.example.com",
  ...nothingMade,
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
    const problem = await problemOfClient(secrets.clientId, secrets.clientSecret).catch(
      (error: unknown) => `Slack gives no answer: ${String(error)}`,
    );
    print(problem === null ? "✓ Slack knows the app by these values" : `✗ ${problem}`);
    if (problem === null) return secrets;
  }
};

/** With one database more, where that is asked for: new workspaces go to the smallest. */
const withDatabase = (production: Production): Production =>
  flags["add-database"] ? { ...production, botDatabases: production.botDatabases + 1 } : production;

/** Before anything is made. */
const requirePaidPlan = async (wrangler: Wrangler, { name, accountId }: Production): Promise<void> => {
  if (!(await hasPaidPlan(wrangler, name)))
    throw new Error(`CV Ops needs Workers Paid: with the free plan a request has 10 ms of processor time, and reading a Slack
form takes longer. Buy it at https://dash.cloudflare.com/${accountId}/workers/plans, and type \`npm run setup\` again.
Nothing was made yet, and your answers are kept.`);
  say("✓ The account has Workers Paid");
};

const setUp = async (questions: Questions): Promise<void> => {
  const isDry = flags["dry-run"];
  const anyAccount = createWrangler({ accountId: null, dryRun: isDry, print });
  const found = await accounts(anyAccount);
  const production = withDatabase(readProduction() ?? (isDry ? example : await interview(questions, found ?? [])));
  save(production);
  say(`\nproduction.json has what you answered: ${production.name} at ${production.url}`);

  const wrangler = createWrangler({ accountId: production.accountId, dryRun: isDry, print });
  if (production.cache === null) await requirePaidPlan(wrangler, production);
  const asked: SlackSecrets[] = [];
  const metricsTokens: string[] = [];
  const installed = await install(production, {
    wrangler,
    save,
    say,
    newSecrets: flags["new-secrets"],
    onResources: writeManifest,
    slackSecrets: async () => {
      if (isDry) return noSlack;
      const slack = await slackSecrets(questions);
      asked.push(slack);
      return slack;
    },
    onMetricsToken: (token) => void metricsTokens.push(token),
    dry: isDry ? print : null,
  });
  for (const { signingSecret } of asked) {
    await verifyAddress(production.url, signingSecret);
    print("✓ The bot answers Slack's verification of its address");
  }
  for (const token of metricsTokens)
    say(`
Prometheus reads ${production.url}/metrics with this token, which is shown this once: ${token}`);
  if (isDry) print(`  open ${production.url}/slack/install   # and say which workspace gets the targets`);
  else if (installed.workspace === null) {
    const pass = await newPass({ production: installed, wrangler });
    const workspace = await connectWorkspace(installed, pass, questions, print);
    save({ ...installed, workspace });
  }
  say(`
In Slack, under Event Subscriptions of the app, the address may still be unverified: press Retry. Then invite the bot
to the channel for its cards, and type /cv there.`);
};

const questions = createQuestions(print);
await runProgram(flags.destroy ? "Removal" : "Setup", () =>
  flags.destroy ? destroy(questions, { dryRun: flags["dry-run"], print }) : setUp(questions),
);
questions.close();
