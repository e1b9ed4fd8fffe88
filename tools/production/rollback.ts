/** `npm run rollback`: each Worker goes back to the version that was live before its current one. The schema stays. */
import { parseArgs } from "node:util";
import { rollback } from "./deployment.ts";
import { deployerOf, runProgram } from "./program.ts";

const { values: flags } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });

await runProgram("Rollback", () => rollback(deployerOf({ dryRun: flags["dry-run"] })));
