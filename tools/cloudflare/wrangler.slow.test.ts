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

  test("uploads, deploys and rolls back versions, and asks when secrets have changed meanwhile", async () => {
    const cloudflare = await startAccount();
    const code = (word: string) => `export default { fetch: () => new Response("${word}") }`;
    const folder = project(code("first"));
    const change = (word: string) => writeFileSync(join(folder, "index.js"), code(word));
    expect((await wrangler(cloudflare, ["versions", "upload"], folder)).output).toContain("does not yet exist");
    await succeed(cloudflare, ["deploy"], folder);
    change("second");
    await succeed(cloudflare, ["versions", "upload", "--tag", "v2", "--message", "the second"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("first");
    const [first, second] = cloudflare.state().scripts[0]?.versions ?? [];
    await succeed(cloudflare, ["versions", "deploy", `${second?.id}@100%`, "-y"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("second");
    expect(await succeed(cloudflare, ["versions", "list"], folder)).toContain("the second");
    expect(await succeed(cloudflare, ["versions", "view", second?.id ?? ""], folder)).toContain("v2");
    expect(await succeed(cloudflare, ["deployments", "status"], folder)).toContain(second?.id ?? "");
    await succeed(cloudflare, ["rollback", "--message", "it was broken"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("first");
    expect(await succeed(cloudflare, ["deployments", "list"], folder)).toContain("it was broken");
    await succeed(cloudflare, ["versions", "deploy", `${second?.id}@100%`, "-y"], folder);
    await succeed(cloudflare, ["secret", "put", "TOKEN"], folder, "new");
    const output = await succeed(cloudflare, ["rollback", first?.id ?? "", "-y"], folder);
    expect(output).toContain("TOKEN");
    expect(cloudflare.requests().filter(({ code: refused }) => refused === 10220)).toHaveLength(1);
    expect(await textOf(cloudflare, "worker")).toBe("first");
  });

  test("migrates Durable Object classes by a deployment alone, and does not roll back over it", async () => {
    const cloudflare = await startAccount();
    const folder = project("export class Counter {} export default { fetch: () => new Response('one') }");
    await succeed(cloudflare, ["deploy"], folder);
    configure(folder, {
      durable_objects: { bindings: [{ name: "COUNTER", class_name: "Counter" }] },
      migrations: [{ tag: "v1", new_sqlite_classes: ["Counter"] }],
    });
    expect((await wrangler(cloudflare, ["versions", "upload"], folder)).exitCode).toBe(1);
    await succeed(cloudflare, ["deploy"], folder);
    await succeed(cloudflare, ["versions", "upload"], folder);
    const first = cloudflare.state().scripts[0]?.versions[0]?.id ?? "";
    const refused = await wrangler(cloudflare, ["rollback", first, "-y"], folder);
    expect([refused.exitCode, refused.output]).toEqual([1, expect.stringContaining("Durable Object migration")]);
  });

  test("requires the secrets that the configuration names, and takes them from a file", async () => {
    const cloudflare = await startAccount();
    const folder = project("export default { fetch: (request, env) => new Response(env.TOKEN) }", {
      secrets: { required: ["TOKEN"] },
    });
    expect((await wrangler(cloudflare, ["deploy"], folder)).output).toContain("TOKEN");
    writeFileSync(join(folder, "secrets.json"), JSON.stringify({ TOKEN: "one" }));
    await succeed(cloudflare, ["deploy", "--secrets-file", "secrets.json"], folder);
    await succeed(cloudflare, ["deploy"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("one");
    await succeed(cloudflare, ["secret", "delete", "TOKEN"], folder);
    const refused = await wrangler(cloudflare, ["deploy"], folder);
    expect(refused.output).toContain("The following required secrets have not been set: TOKEN");
  });

  test("deploys assets, a custom domain, cron schedules and consumers, and takes all of it down", async () => {
    const cloudflare = await startAccount();
    for (const queue_name of ["jobs", "dead"]) await ask(cloudflare, "POST", "queues", { queue_name });
    const settings = {
      assets: { directory: "assets", binding: "ASSETS", run_worker_first: true },
      routes: [{ pattern: "cv.example.com", custom_domain: true }],
      triggers: { crons: ["*/10 * * * *"] },
      queues: {
        producers: [{ binding: "JOBS", queue: "jobs" }],
        consumers: [{ queue: "jobs", max_batch_timeout: 0, dead_letter_queue: "dead" }],
      },
      workers_dev: false,
    };
    const code = "export default { fetch: (request, env) => env.ASSETS.fetch(request), queue() {}, scheduled() {} }";
    const folder = project(code, settings);
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "assets/page.html"), "<p>a page</p>");
    await succeed(cloudflare, ["deploy"], folder);
    expect(await textOf(cloudflare, "worker", "/page.html")).toContain("a page");
    const [script] = cloudflare.state().scripts;
    expect([script?.domains[0]?.hostname, script?.crons[0]?.cron, script?.workers_dev]).toEqual([
      "cv.example.com",
      "*/10 * * * *",
      false,
    ]);
    expect((await fetch(`${cloudflare.publicUrl}/page.html`)).status).toBe(200);
    configure(folder, { ...settings, triggers: { crons: ["0 22 * * 0"] } });
    expect((await wrangler(cloudflare, ["triggers", "deploy"], folder)).output).toContain("invalid cron string");
    configure(folder, settings);
    await succeed(cloudflare, ["triggers", "deploy"], folder);
    expect((await wrangler(cloudflare, ["delete", "--force"], folder)).output).toContain("[code: 10064]");
    await succeed(cloudflare, ["queues", "consumer", "remove", "jobs", "worker"], folder);
    await succeed(cloudflare, ["delete", "--force"], folder);
    for (const queue of ["dead", "jobs"]) await succeed(cloudflare, ["queues", "delete", queue], folder);
    expect([cloudflare.state().scripts, cloudflare.state().queues]).toEqual([[], []]);
  });

  test("shows in what order Workers that call each other can come into being", async () => {
    const cloudflare = await startAccount();
    const code = "export default { fetch: () => new Response('hi') }";
    const [one, other] = [project(code), project(code)];
    configure(one, { name: "one", services: [{ binding: "OTHER", service: "other" }] });
    configure(other, { name: "other", services: [{ binding: "ONE", service: "one" }] });
    expect((await wrangler(cloudflare, ["deploy"], one)).output).toContain("[code: 10143]");
    await succeed(cloudflare, ["secret", "put", "TOKEN", "--name", "other"], other, "x");
    await succeed(cloudflare, ["deploy"], one);
    await succeed(cloudflare, ["deploy"], other);
    expect(cloudflare.state().scripts.map(({ name }) => name)).toEqual(["other", "one"]);
  });

  test("gives Workers the local stack's models and vectors", async () => {
    const cloudflare = await startAccount();
    await ask(cloudflare, "POST", "vectorize/v2/indexes", {
      name: "texts",
      config: { dimensions: 768, metric: "cosine" },
    });
    const code = `export default { async fetch(request, env) {
      const { shape, data } = await env.AI.run("@cf/baai/bge-base-en-v1.5", { text: ["a text"] });
      await env.TEXTS.upsert([{ id: "one", values: data[0] }]);
      return Response.json(shape);
    } }`;
    const folder = project(code, { ai: { binding: "AI" }, vectorize: [{ binding: "TEXTS", index_name: "texts" }] });
    await succeed(cloudflare, ["deploy"], folder);
    expect(await textOf(cloudflare, "worker")).toBe("[1,768]");
  });
});
