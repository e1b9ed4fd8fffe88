/**
 * `npm run doctor -- --url https://cv-ops.example.com`: asks a deployed bot what is wrong with it, and what to do. The
 * token of operators is in the environment, as METRICS_TOKEN. Exits with 1 where something is wrong.
 */
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { type CheckName, checks } from "../../shared/domain/operations/checks.ts";
import { verdictMessage } from "../../shared/messages/en/findings.ts";
import { findingMessage, remedyMessage } from "../../shared/messages/en/operations.ts";

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

const { values } = parseArgs({ options: { url: { type: "string" }, page: { type: "string", default: "0" } } });
const token = process.env["METRICS_TOKEN"] ?? "";

const ask = async (url: string): Promise<void> => {
  const asked = new URL(`/doctor?page=${values.page}`, url);
  const response = await fetch(asked, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
    signal: AbortSignal.timeout(60_000),
  });
  if (response.status === 404) throw new Error("The bot has no METRICS_TOKEN, or is older than doctor");
  if (response.status === 401) throw new Error("The bot has another METRICS_TOKEN");
  if (!response.ok) throw new Error(`The bot answered ${response.status}: see its log`);
  const { findings } = answer.parse(await response.json());
  for (const finding of findings) {
    console.log(findingMessage(finding));
    const remedy = remedyMessage(finding);
    if (remedy !== null) console.log(`  → ${remedy}`);
  }
  console.log(`\n${verdictMessage(findings)}`);
  if (findings.some(({ ok }) => ok === false)) process.exitCode = 1;
};

if (values.url === undefined || token === "") {
  console.error("Usage: METRICS_TOKEN=… npm run doctor -- --url https://cv-ops.example.com");
  process.exitCode = 2;
} else {
  await ask(values.url).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
