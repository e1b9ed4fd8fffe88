/** The real wrangler, asked to deploy what is for one machine alone. */
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../tools/scripts/tree.ts";

const configurations = globSync("**/wrangler.toml", { cwd: root, exclude: ["node_modules"] }).filter(
  (path) => !path.includes("fixture"),
);

const deploy = (path: string): Promise<{ failed: boolean; said: string }> =>
  new Promise((resolve) => {
    const argv = [join(root, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--config", path];
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_API_TOKEN: "none" };
    execFile(process.execPath, argv, { cwd: root, env }, (error, out, err) =>
      resolve({ failed: error !== null, said: `${out}\n${err}` }),
    );
  });

test("every Worker has a configuration of its own", () => {
  expect(configurations).toHaveLength(6);
});

test.each(configurations)("wrangler deploys nothing of the local stack in %s", { timeout: 60_000 }, async (path) => {
  const { failed, said } = await deploy(path);
  expect(failed).toBe(true);
  expect(said).toContain("this is the local stack");
});
