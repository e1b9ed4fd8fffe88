/** What the commands of a production have in common. */
import { appendFileSync } from "node:fs";
import type { Deployer } from "./deployment.ts";
import { createDeployer } from "./deployer.ts";
import { requireProduction } from "./production-file.ts";
import { createWrangler } from "./wrangler.ts";

const printed: string[] = [];

export const print = (line: string): void => {
  printed.push(line);
  console.log(line);
};

/** Of the production that production.json names. Throws where there is none. */
export const deployerOf = ({ dryRun }: { dryRun: boolean }): Deployer => {
  const production = requireProduction();
  const wrangler = createWrangler({ accountId: production.accountId, dryRun, print });
  return createDeployer(production, wrangler, print, { hasVersions: true });
};

/** Four-space lines are a block of code in Markdown, where nothing is markup. */
const asCode = (text: string): string => text.replaceAll(/^/gm, "    ");

/** On the page of a GitHub workflow's run: what was done, and why it failed. */
const summarize = (title: string, error: string | null): void => {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (!file) return;
  const steps = printed.map((line) => asCode(line)).join("\n");
  const heading = `## ${error === null ? "✓" : "✗"} ${title}`;
  appendFileSync(file, `${[heading, steps, ...(error === null ? [] : [asCode(error)])].join("\n\n")}\n`);
};

/**
 * Runs a command; what it throws is said in words, and the program ends with 1.
 * @param title its heading on the page of a GitHub workflow's run
 */
export const runProgram = async (title: string, program: () => Promise<void>): Promise<void> => {
  let failure: string | null = null;
  try {
    await program();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    console.error(`\n${failure}`);
    process.exitCode = 1;
  }
  summarize(title, failure);
};
