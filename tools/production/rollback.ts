/** `npm run rollback`: each Worker goes back to the version that was live before its current one. The schema stays. */
import { parseArgs } from "node:util";
import { createDeployer } from "./deployer.ts";
import { rollback } from "./deployment.ts";
import { requireProduction } from "./production-file.ts";
import { createWrangler } from "./wrangler.ts";

const { values: flags } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });

const print = (line: string): void => console.log(line);

try {
  const production = requireProduction();
  const wrangler = createWrangler({ accountId: production.accountId, dryRun: flags["dry-run"], print });
  await rollback(createDeployer(production, wrangler, print, { hasVersions: true }));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
