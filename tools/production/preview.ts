/**
 * `npm run preview -- up --pull-request 12 --subdomain acme`: the production of a pull request, made or brought up to
 * date and proved by a push. `down --pull-request 12` takes it down with its data; `sweep --open open.txt` does so for
 * all whose numbers are not in that file, one a line. `--comment FILE` writes what the pull request should say.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { accounts } from "./account.ts";
import { configurationPath, writeConfigurations } from "./configurations.ts";
import { takeDown } from "./destroy.ts";
import { install } from "./install.ts";
import { commentOf, orphans, previewOf } from "./previews.ts";
import { print, runProgram } from "./program.ts";
import type { Production } from "./production-file.ts";
import { databaseNames } from "./resources.ts";
import type { SlackSecrets } from "./secrets.ts";
import { workers } from "./workers.ts";
import { type Wrangler, createWrangler } from "./wrangler.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "pull-request": { type: "string" },
    subdomain: { type: "string", default: "" },
    open: { type: "string" },
    comment: { type: "string" },
  },
});

const wranglerIn = (accountId: string): Wrangler => createWrangler({ accountId, dryRun: false, print });

const accountId = async (): Promise<string> => {
  const [only, ...others] = (await accounts(createWrangler({ accountId: null, dryRun: false, print }))) ?? [];
  const named = process.env["CLOUDFLARE_ACCOUNT_ID"];
  if (named) return named;
  if (!only || others.length > 0) throw new Error("Set CLOUDFLARE_ACCOUNT_ID: the token sees several accounts");
  return only.id;
};

const number = (): number => {
  const given = flags["pull-request"] ?? "";
  if (!/^[1-9]\d*$/.test(given)) throw new Error("--pull-request is the number of a pull request, such as 12");
  return Number(given);
};

/** A preview belongs to no Slack: nobody has these. */
const nobodysSlack = (): SlackSecrets => ({
  clientId: "",
  clientSecret: "",
  signingSecret: randomBytes(16).toString("hex"),
});

/** Whether every Worker has all of its secrets from an earlier run: they cannot be read, and are kept. */
const hasSecrets = async (production: Production, wrangler: Wrangler): Promise<boolean> => {
  writeConfigurations(production);
  const complete = await Promise.all(
    workers.map(async (worker) => {
      const ran = await wrangler.look(["secret", "list", "-c", configurationPath(worker)]);
      if (ran === null || ran.code !== 0) return false;
      return worker.secrets.every((name) => ran.out.includes(`"${name}"`));
    }),
  );
  return complete.every(Boolean);
};

const comment = (text: string): void => {
  if (flags.comment !== undefined) writeFileSync(flags.comment, text);
};

const up = async (): Promise<void> => {
  const account = await accountId();
  const began = previewOf(number(), { accountId: account, subdomain: flags.subdomain });
  const wrangler = wranglerIn(account);
  const isSet = await hasSecrets(began, wrangler);
  try {
    await install(
      { ...began, secretsAreSet: isSet, encryptionKeyIsSet: isSet },
      {
        wrangler,
        save: () => undefined,
        say: print,
        newSecrets: false,
        onResources: () => undefined,
        slackSecrets: () => Promise.resolve(nobodysSlack()),
        onMetricsToken: () => undefined,
        dry: null,
      },
    );
  } catch (error) {
    comment(commentOf(began.url, { failed: error instanceof Error ? error.message : String(error) }));
    throw error;
  }
  comment(commentOf(began.url, "up"));
};

const down = async (account: string, pullRequest: number): Promise<void> => {
  const production = previewOf(pullRequest, { accountId: account, subdomain: "gone" });
  await takeDown(production, wranglerIn(account), print);
  comment(commentOf(production.url, "down"));
};

const sweep = async (): Promise<void> => {
  if (flags.open === undefined) throw new Error("--open names the file with the numbers of the open pull requests");
  const open = new Set(readFileSync(flags.open, "utf8").split("\n").filter(Boolean).map(Number));
  const account = await accountId();
  const left = orphans(await databaseNames(wranglerIn(account)), open);
  print(left.length === 0 ? "✓ Nothing is left of closed pull requests" : `Left of closed ones: ${left.join(", ")}`);
  for (const pullRequest of left) await down(account, pullRequest);
};

const actions: Record<string, () => Promise<void>> = {
  up,
  down: async () => down(await accountId(), number()),
  sweep,
};

await runProgram("Preview", async () => {
  const [name = ""] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new Error("Say what to do: up, down or sweep");
  await action();
});
