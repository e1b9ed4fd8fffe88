/** The real wrangler against the stand-in. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Cloudflare } from "./index.ts";
import { ask, startAccount, temporaryFolder, wrangler } from "./testing/account.ts";

const slowMs = 120_000;

/** A project with one Worker. @param settings of its wrangler.json besides name, main and date */
const project = (code: string, settings: object = {}): string => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "index.js"), code);
  configure(folder, settings);
  return folder;
};

const configure = (folder: string, settings: object): void =>
  writeFileSync(
    join(folder, "wrangler.json"),
    JSON.stringify({ name: "worker", main: "index.js", compatibility_date: "2026-10-20", ...settings }),
  );

const succeed = async (cloudflare: Cloudflare, args: readonly string[], folder?: string, input?: string) => {
  const run = await wrangler(cloudflare, args, folder, input);
  expect(run.exitCode, run.output).toBe(0);
  return run.output;
};

const textOf = async (cloudflare: Cloudflare, worker: string, path = "/"): Promise<string> =>
  (await fetch(`${await cloudflare.urlOf(worker)}${path}`)).text();

describe("the real wrangler at the stand-in of Cloudflare", { timeout: slowMs }, () => {
  test("says who is logged in, and that a wrong token is none", async () => {
    const cloudflare = await startAccount();
    expect(await succeed(cloudflare, ["whoami"])).toContain(cloudflare.accountId);
    const wrong = { ...cloudflare, environment: { ...cloudflare.environment, CLOUDFLARE_API_TOKEN: "wrong" } };
    expect((await wrangler(wrong, ["d1", "list"])).output).toContain("Authentication error [code: 10000]");
  });

  test("makes, lists and deletes databases, namespaces, queues, indexes and buckets", async () => {
    const cloudflare = await startAccount();
    const folder = temporaryFolder();
    const run = (...args: string[]) => succeed(cloudflare, args, folder);
    await run("d1", "create", "rows", "--location", "weur");
    expect((await wrangler(cloudflare, ["d1", "create", "rows"], folder)).output).toContain("already exists");
    expect(await run("d1", "info", "rows")).toContain("WEUR");
    await run("kv", "namespace", "create", "cache");
    await run("queues", "create", "jobs");
    await run("vectorize", "create", "texts", "--dimensions", "768", "--metric", "cosine");
    await run("vectorize", "create-metadata-index", "texts", "--property-name", "owner", "--type", "string");
    await run("r2", "bucket", "create", "backup");
    const { databases, namespaces, queues, indexes, buckets } = cloudflare.state();
    expect([
      databases[0]?.name,
      namespaces[0]?.title,
      queues[0]?.queue_name,
      indexes[0]?.name,
      buckets[0]?.name,
    ]).toEqual(["rows", "cache", "jobs", "texts", "backup"]);
    await run("r2", "bucket", "delete", "backup");
    await run("vectorize", "delete", "texts", "--force");
    await run("queues", "delete", "jobs");
    await run("kv", "namespace", "delete", "--namespace-id", namespaces[0]?.id ?? "", "-y");
    await run("d1", "delete", "rows", "-y");
    const left = cloudflare.state();
    expect([left.databases, left.namespaces, left.queues, left.indexes, left.buckets].flat()).toEqual([]);
  });

  test("applies a migration whole, and refuses one whose trigger has a CASE, which a file's import takes", async () => {
    const cloudflare = await startAccount();
    const { result } = await ask(cloudflare, "POST", "d1/database", { name: "rows" });
    const database = { binding: "DB", database_name: "rows", database_id: (result as { uuid: string }).uuid };
    const folder = project("export default {}", { d1_databases: [database] });
    mkdirSync(join(folder, "migrations"));
    writeFileSync(join(folder, "migrations/0001_rows.sql"), "CREATE TABLE a (b);\nINSERT INTO a VALUES (1);\n");
    await succeed(cloudflare, ["d1", "migrations", "apply", "rows", "--remote"], folder);
    const trigger =
      "CREATE TABLE c (d);\nCREATE TRIGGER t BEFORE INSERT ON a BEGIN\n" +
      "  SELECT CASE WHEN NEW.b = 2 THEN RAISE(ABORT, 'two') END;\nEND;\n";
    writeFileSync(join(folder, "migrations/0002_trigger.sql"), trigger);
    const refused = await wrangler(cloudflare, ["d1", "migrations", "apply", "rows", "--remote"], folder);
    expect(refused.output).toContain("incomplete input: SQLITE_ERROR [code: 7500]");
    const tables = ["d1", "execute", "rows", "--remote", "--json", "--command", "SELECT name FROM sqlite_master"];
    expect(await succeed(cloudflare, tables, folder)).not.toContain('"c"');
    await succeed(
      cloudflare,
      ["d1", "execute", "rows", "--remote", "-y", "--file", "migrations/0002_trigger.sql"],
      folder,
    );
    expect(await succeed(cloudflare, tables, folder)).toContain('"t"');
  });

  test("sets the secrets of a Worker that is not there yet, and runs it after its deployment", async () => {
    const cloudflare = await startAccount();
    const folder = project("export default { fetch: (request, env) => new Response(env.A + env.B) }");
    writeFileSync(join(folder, "secrets.json"), JSON.stringify({ A: "one", B: "two" }));
    await succeed(cloudflare, ["secret", "bulk", "secrets.json"], folder);
    await succeed(cloudflare, ["deploy"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("onetwo");
    await succeed(cloudflare, ["secret", "put", "B"], folder, "three");
    expect(await textOf(cloudflare, "worker")).toBe("onethree");
    expect(JSON.stringify(cloudflare.requests())).not.toContain("three");
    expect((await succeed(cloudflare, ["secret", "list"], folder)).replaceAll(/\s/g, "")).toContain('"name":"A"');
  });
});
