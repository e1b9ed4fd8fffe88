/** `npm run setup` with an account of the free plan, by the real wrangler on a stand-in of Cloudflare. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cloudflare, startCloudflare } from "../cloudflare/index.ts";

let folder: string;
let cloudflare: Cloudflare;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cv-ops-plan-"));
  cloudflare = await startCloudflare({ stateDirectory: folder, subdomain: "acme", plan: "free" });
});
afterAll(async () => {
  await cloudflare.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("npm run setup makes nothing in an account of the free plan, says what to buy, and keeps the answers", async () => {
  const file = join(folder, "production.json");
  const child = spawn(process.execPath, [join(import.meta.dirname, "setup.ts")], {
    env: { ...process.env, ...cloudflare.environment, CV_OPS_PRODUCTION: file },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(["noor", "noor.acme.workers.dev", "", "", "noor-vega", "", ""].join("\n"));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  expect(out + err).toContain("Buy it at https://dash.cloudflare.com/");
  expect(code).toBe(1);
  const { scripts, databases, namespaces, queues, indexes } = cloudflare.state();
  expect([scripts, databases, namespaces, queues, indexes]).toEqual([[], [], [], [], []]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ name: "noor", portfolio: "noor-vega", cache: null });
});
