/**
 * `npm run doctor`: asks a deployed bot what is wrong with it, and what to do. `--metrics` prints its figures instead.
 * It asks the production of production.json, with a pass; or the one at `--url`, with the token that METRICS_TOKEN has.
 * Exits with 1 where something is wrong.
 */
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { type CheckName, checks } from "../../shared/domain/operations/checks.ts";
import { verdictMessage } from "../../shared/messages/en/findings.ts";
import { findingMessage, remedyMessage } from "../../shared/messages/en/operations.ts";
import { newPass } from "./operated-bot.ts";
import { readProduction } from "./production-file.ts";
import { remedyIn } from "./remedies.ts";
import { createWrangler } from "./wrangler.ts";

const usage = `Usage: npm run doctor                                             of the production of production.json
       METRICS_TOKEN=… npm run doctor -- --url https://cv-ops.example.com`;

const answer = z.object({
  findings: z.array(
    z.object({
      check: z.enum(Object.keys(checks) as [CheckName]),
      about: z.nullable(z.string()),
      ok: z.nullable(z.boolean()),
      detail: z.nullable(z.string()),
    }),
  ),
});

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    page: { type: "string", default: "0" },
    metrics: { type: "boolean", default: false },
  },
});

interface Asked {
  url: string;
  token: string;
  /** Of the production; null for an address that production.json does not have. */
  name: string | null;
}

/** Null where neither is named. */
const asked = async (): Promise<Asked | null> => {
  const token = process.env["METRICS_TOKEN"] ?? "";
  const production = readProduction();
  if (values.url !== undefined) {
    const name = production?.url === new URL(values.url).origin ? production.name : null;
    return token === "" ? null : { url: values.url, token, name };
  }
  if (production === null) return null;
  const wrangler = createWrangler({ accountId: production.accountId, dryRun: false, print: console.log });
  return { url: production.url, token: token || (await newPass({ production, wrangler })), name: production.name };
};

const get = async ({ url, token }: Asked, path: string): Promise<Response> => {
  const response = await fetch(new URL(path, url), {
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
    signal: AbortSignal.timeout(60_000),
  });
  if (response.status === 404) throw new Error("The bot has no METRICS_TOKEN, or is older than doctor");
  if (response.status === 401) throw new Error("The bot has another METRICS_TOKEN");
  if (!response.ok) throw new Error(`The bot answered ${response.status}: see its log`);
  return response;
};

const examine = async (bot: Asked): Promise<void> => {
  const { findings } = answer.parse(await (await get(bot, `/doctor?page=${values.page}`)).json());
  for (const finding of findings) {
    console.log(findingMessage(finding));
    const remedy = remedyMessage(finding);
    if (remedy !== null) console.log(`  → ${bot.name === null ? remedy : remedyIn(bot.name, remedy)}`);
  }
  console.log(`\n${verdictMessage(findings)}`);
  if (findings.some(({ ok }) => ok === false)) process.exitCode = 1;
};

const run = async (): Promise<void> => {
  const bot = await asked();
  if (bot === null) {
    console.error(usage);
    process.exitCode = 2;
  } else if (values.metrics) {
    console.log(await (await get(bot, "/metrics")).text());
  } else await examine(bot);
};

await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
