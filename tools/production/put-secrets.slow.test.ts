/** Secrets of a Worker that was rolled back: the real wrangler, on the stand-in of Cloudflare. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAccount, wrangler } from "../cloudflare/testing/account.ts";
import { putSecretsOf } from "./put-secrets.ts";
import type { ProductionWorker } from "./workers.ts";
import type { Wrangler } from "./wrangler.ts";

const code = (release: number): string =>
  `export default { fetch: (_request, env) => new Response(\`${release} \${env.SECRET}\`) };`;

test("new secrets after a rollback wait for the deployment that follows, and are refused nowhere", async () => {
  const cloudflare = await startAccount();
  const folder = mkdtempSync(join(tmpdir(), "cv-ops-secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const configuration = join(folder, "wrangler.json");
  writeFileSync(
    configuration,
    JSON.stringify({ name: "worker", main: "index.js", compatibility_date: "2026-10-20", workers_dev: true }),
  );
  const ran: string[] = [];
  const run: Wrangler["run"] = async (args, { input } = {}) => {
    const pinned = args.map((arg, index) => (args[index - 1] === "-c" ? configuration : arg));
    const { exitCode, output } = await wrangler(cloudflare, pinned, folder, input);
    ran.push(`${exitCode} ${args.slice(0, args.indexOf("-c")).join(" ")}`);
    if (exitCode !== 0) throw new Error(output);
    return { code: 0, out: output, err: "", did: [] };
  };
  const release = async (number: number): Promise<void> => {
    writeFileSync(join(folder, "index.js"), code(number));
    await run(["deploy", "-c", ""]);
  };
  const said = async (): Promise<string> => (await fetch(`${await cloudflare.urlOf("worker")}/`)).text();
  const worker = { configuration: "wrangler.toml" } as ProductionWorker;
  const put = (value: string): Promise<void> => putSecretsOf({ run }, worker, { SECRET: value });

  await release(1);
  await put("first");
  await release(2);
  expect(await said()).toBe("2 first");
  await run(["rollback", "--message", "it was broken", "-c", ""]);
  ran.length = 0;
  await put("second");
  expect(ran).toEqual(["1 secret bulk", "0 versions secret bulk"]);
  expect(await said()).toMatch(/first$/);
  await release(3);
  expect(await said()).toBe("3 second");
  ran.length = 0;
  await put("third");
  expect(ran).toEqual(["0 secret bulk"]);
  expect(await said()).toBe("3 third");
});

test("what refuses a secret for another reason is said, and nothing else is tried", async () => {
  const tried: string[] = [];
  const run: Wrangler["run"] = (args) => {
    tried.push(args.join(" "));
    return Promise.reject(new Error("Authentication error [code: 10000]"));
  };
  const worker = { configuration: "wrangler.toml" } as ProductionWorker;
  await expect(putSecretsOf({ run }, worker, {})).rejects.toThrow("Authentication error");
  expect(tried).toHaveLength(1);
});
