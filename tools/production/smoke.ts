/** `npm run smoke`: pushes a change of the smoke portfolio through what is deployed, and waits until it is verified. */
import { deployerOf, runProgram } from "./program.ts";

await runProgram("Smoke test", () => deployerOf({ dryRun: false }).smokeTest());
