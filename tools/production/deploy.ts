/**
 * `npm run deploy`: checks, builds, migrates, uploads, and replaces the Workers one after the other. Where the smoke
 * test fails, what was live before is put back. `--dry-run` prints each command; `--no-check` leaves the checks to CI.
 */
import { parseArgs } from "node:util";
import { build, runScript } from "./deployer.ts";
import { deploy } from "./deployment.ts";
import { deployerOf, print, runProgram } from "./program.ts";

const { values: flags } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false }, check: { type: "boolean", default: true } },
  allowNegative: true,
});

await runProgram("Deployment", async () => {
  const deployer = deployerOf({ dryRun: flags["dry-run"] });
  const dry = flags["dry-run"] ? print : null;
  if (flags.check) await runScript("check", dry);
  await build(dry);
  await deploy(deployer);
});
