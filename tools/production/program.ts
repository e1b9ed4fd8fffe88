/** What the commands of a production have in common. */
import type { Deployer } from "./deployment.ts";
import { createDeployer } from "./deployer.ts";
import { requireProduction } from "./production-file.ts";
import { createWrangler } from "./wrangler.ts";

export const print = (line: string): void => console.log(line);

/** Of the production that production.json names. Throws where there is none. */
export const deployerOf = ({ dryRun }: { dryRun: boolean }): Deployer => {
  const production = requireProduction();
  const wrangler = createWrangler({ accountId: production.accountId, dryRun, print });
  return createDeployer(production, wrangler, print, { hasVersions: true });
};

/** Runs a command; what it throws is said in words, and the program ends with 1. */
export const runProgram = async (program: () => Promise<void>): Promise<void> => {
  try {
    await program();
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
};
