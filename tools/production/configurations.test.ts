import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/tree.ts";
import { configurationOf, nameIn, ownDatabases, resourcesOf } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import { workers } from "./workers.ts";

const production: Production = {
  name: "noor",
  accountId: "0123456789abcdef0123456789abcdef",
  url: "https://noor.acme.workers.dev",
  location: "weur",
  jurisdiction: null,
  portfolio: "noor-vega",
  workspace: null,
  operatorsChannel: "T012AB3CD/C012AB3CD",
  botDatabases: 1,
  databases: { "cv-ops-staging": "id-1", "cv-ops-d1cv": "id-2", "cv-ops-ai-agent": "id-3" },
  cache: "id-4",
  secretsAreSet: true,
  encryptionKeyIsSet: true,
};

const valuesUnder = (value: unknown, keys: readonly string[]): string[] => {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    keys.includes(key) && typeof inner === "string" ? [inner] : valuesUnder(inner, keys),
  );
};

test("every name of a production begins with the production's own", () => {
  const keys = ["name", "service", "script_name", "queue", "dead_letter_queue", "database_name", "index_name"];
  for (const worker of workers) {
    const { durable_objects: objects, ...rest } = configurationOf(production, worker);
    const names = [...valuesUnder(rest, keys), ...valuesUnder(objects, ["script_name"])];
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !/^noor(?:-|$)/.test(name))).toEqual([]);
  }
});

test("no placeholder of the template is left in a production's configuration", () => {
  for (const worker of workers) {
    expect(JSON.stringify(configurationOf(production, worker))).not.toMatch(/0{8}|example\.com|cv-ops-|-production/);
  }
});

test("a production's configuration names files that are there", () => {
  for (const worker of workers) {
    const { main, d1_databases: databases } = configurationOf(production, worker);
    for (const path of [main, ...valuesUnder(databases, ["migrations_dir"])])
      expect({ path, exists: existsSync(join(root, "dist/production", String(path))) }).toEqual({ path, exists: true });
  }
});

test("only the bot has a public address", () => {
  const addresses = (url: string) =>
    workers.map((worker) => {
      const { workers_dev, preview_urls, routes } = configurationOf({ ...production, url }, worker);
      return [worker.name, { workers_dev, preview_urls, routes }];
    });
  const closed = { workers_dev: false, preview_urls: false, routes: undefined };
  const others = { d1cv: closed, "ai-agent": closed, consumers: closed };
  expect(Object.fromEntries(addresses("https://noor.acme.workers.dev"))).toEqual({
    ...others,
    bot: { ...closed, workers_dev: true },
  });
  expect(Object.fromEntries(addresses("https://cv.example.org"))).toEqual({
    ...others,
    bot: { ...closed, routes: [{ pattern: "cv.example.org", custom_domain: true }] },
  });
});

test("what is answered stands in the bot's variables", () => {
  const bot = workers.find(({ name }) => name === "bot");
  expect(bot && configurationOf(production, bot)["vars"]).toMatchObject({
    ENVIRONMENT: "production",
    PUBLIC_URL: production.url,
    BOOTSTRAP_ADMIN: "",
    OPERATORS_CHANNEL: "T012AB3CD/C012AB3CD",
    DEFAULT_TARGETS: expect.stringMatching(/"d1cv".*"portfolioId":"noor-vega".*"ai-agent".*"portfolioId":"noor-vega"/),
  });
  const earlier = bot && configurationOf({ ...production, admin: "U012AB3CD" }, bot);
  expect(earlier?.["vars"], "production.json of a release that asked for the admin").toMatchObject({
    BOOTSTRAP_ADMIN: "U012AB3CD",
  });
});

test("a production's resources are those that its Workers bind to", () => {
  expect(resourcesOf(production)).toEqual({
    databases: ["cv-ops-ai-agent", "cv-ops-d1cv", "cv-ops-staging"].map((key) => ({
      key,
      name: key.replace("cv-ops", "noor"),
    })),
    queues: ["deliveries-dead", "deliveries", "index-dead", "index", "push-dead", "push"].map((end) => `noor-${end}`),
    indexes: ["noor"],
    buckets: ["noor-backups", "noor-history"],
  });
});

test("a database that was added is bound by the bot and by the queue Worker, and by nobody else", () => {
  const added = { ...production, botDatabases: 2, databases: { ...production.databases, "cv-ops-staging-2": "id-5" } };
  const second = { binding: "DB_2", database_name: "noor-staging-2", database_id: "id-5" };
  for (const worker of workers) {
    const { d1_databases: databases } = configurationOf(added, worker) as { d1_databases: object[] };
    const isBound = worker.name === "bot" || worker.name === "consumers";
    expect(databases, worker.name).toHaveLength(isBound ? 2 : 1);
    if (isBound) expect(databases[1]).toMatchObject(second);
  }
  expect(resourcesOf(added).databases).toContainEqual({ key: "cv-ops-staging-2", name: "noor-staging-2" });
  // Each has its migrations applied once.
  expect(workers.flatMap((worker) => ownDatabases(added, worker))).toEqual([
    "noor-d1cv",
    "noor-ai-agent",
    "noor-staging",
    "noor-staging-2",
  ]);
});

test.each([
  ["cv-ops", "cv-ops", "cv-ops"],
  ["cv-ops-production", "a", "a"],
  ["cv-push-dead-production", "a", "a-push-dead"],
  ["cv-ops-d1cv-production", "cv-ops", "cv-ops-d1cv"],
])("the template's name %s is in the production %s the name %s", (template, name, expected) => {
  expect(nameIn({ name }, template)).toBe(expected);
});
