/** Writes each Worker's binding types from its wrangler.toml; with `--check` it fails where they are out of date. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = join(import.meta.dirname, "../..");
const others = globSync("{consumers,targets/*,tools/playground,tools/playground/local-ai}/wrangler.toml", {
  cwd: root,
});
const configurations = [
  { config: "wrangler.toml", folder: "bot" },
  ...others.toSorted().map((config) => ({ config, folder: dirname(config) })),
];
const isCheck = process.argv.includes("--check");

let failed = false;
for (const { config, folder } of configurations) {
  const output = `${folder}/worker-configuration.d.ts`;
  const options = ["--include-runtime=false", "--strict-vars=false", ...(isCheck ? ["--check"] : [])];
  const run = spawnSync(
    process.execPath,
    [resolve(root, "node_modules/wrangler/bin/wrangler.js"), "types", "-c", config, output, ...options],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
    },
  );
  if (run.status !== 0) {
    failed = true;
    console.error(
      `${output}: ${isCheck ? "is out of date; run npm run types" : "could not be written"}\n${run.stdout}${run.stderr}`,
    );
  }
}
process.exitCode = failed ? 1 : 0;
if (!failed) console.log(`${configurations.length} type files ${isCheck ? "are up to date" : "written"}`);
