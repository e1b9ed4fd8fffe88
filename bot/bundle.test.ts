/** What would be uploaded, as wrangler builds it. */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
let folder: string;

beforeAll(() => {
  mkdirSync(join(root, "dist/bot"), { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "cv-ops-bundle-"));
  const wrangler = resolve(root, "node_modules/wrangler/bin/wrangler.js");
  const options = ["deploy", "--dry-run", "--env", "production", "-c", "wrangler.toml", "--outdir", folder];
  const run = spawnSync(process.execPath, [wrangler, ...options], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
  if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = (): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");

test("the bot's bundle stays under 330 KiB gzip", () => {
  const kib = gzipSync(code()).length / 1024;
  console.log(`bot bundle: ${kib.toFixed(1)} KiB gzip`);
  expect(kib).toBeLessThan(330);
});

test.each([
  "wrangler.toml",
  ...globSync("{consumers,targets/*,tools/playground,tools/playground/local-ai}/wrangler.toml", { cwd: root }),
])(
  "wrangler refuses to deploy the local stack of %s",
  (configuration) => {
    const wrangler = resolve(root, "node_modules/wrangler/bin/wrangler.js");
    const run = spawnSync(
      process.execPath,
      [wrangler, "deploy", "--dry-run", "-c", configuration, "--outdir", folder],
      {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
      },
    );
    expect(run.status).not.toBe(0);
    expect(`${run.stdout}${run.stderr}`).toContain("this is the local stack");
  },
  30_000,
);

test("the bot's bundle has nothing of the playground", () => {
  expect(code()).not.toMatch(/LocalSlack|playground_tick|WorkersAiStub|slack_look/);
});
