/** What a deployment needs from this machine: the built pages, wrangler, and the smoke test. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../scripts/tree.ts";
import type { Deployer } from "./deployment.ts";
import type { Production } from "./production-file.ts";
import { smokeTest } from "./smoke-test.ts";
import type { Wrangler } from "./wrangler.ts";

/** Runs an npm script of the project; its output is this program's. Throws when it fails. */
export const runScript = async (script: string, dry: ((line: string) => void) | null): Promise<void> => {
  if (dry !== null) {
    dry(`  npm run ${script}`);
    return;
  }
  const child = spawn("npm", ["run", "--silent", script], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`npm run ${script} failed`);
};

/** The pages that the bot serves. */
export const build = (dry: ((line: string) => void) | null): Promise<void> => runScript("build", dry);

export const createDeployer = (
  production: Production,
  wrangler: Wrangler,
  print: (line: string) => void,
  { hasVersions }: { hasVersions: boolean },
): Deployer => ({
  production,
  wrangler,
  hasVersions,
  print: wrangler.isDry ? () => undefined : print,
  smokeTest: () => smokeTest({ production, wrangler, print }),
});
