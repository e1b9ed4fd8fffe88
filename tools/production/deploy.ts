/**
 * `npm run deploy`: checks, builds, migrates, uploads, and replaces the Workers one after the other. Where the smoke
 * test fails, what was live before is put back. `--dry-run` prints each command; `--no-check` leaves the checks to CI.
 */
import { parseArgs } from "node:util";
import { build, createDeployer, runScript } from "./deployer.ts";
import { deploy } from "./deployment.ts";
import { requireProduction } from "./production-file.ts";
import { createWrangler } from "./wrangler.ts";

const { values: flags } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false }, check: { type: "boolean", default: true } },
  allowNegative: true,
});

const print = (line: string): void => console.log(line);

try {
  const production = requireProduction();
  const dry = flags["dry-run"] ? print : null;
  if (flags.check) await runScript("check", dry);
  await build(dry);
  const wrangler = createWrangler({ accountId: production.accountId, dryRun: flags["dry-run"], print });
  await deploy(createDeployer(production, wrangler, print, { hasVersions: true }));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
