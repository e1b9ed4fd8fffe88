/**
 * The configurations that wrangler gets: `[env.production]` of each wrangler.toml with the names, ids and addresses of
 * production.json, written to `dist/production/`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { experimental_readRawConfig as readRawConfig } from "wrangler";
import { root } from "../scripts/tree.ts";
import type { Production } from "./production-file.ts";
import { type ProductionWorker, botDatabase, workers } from "./workers.ts";

type Json = Record<string, unknown>;

const folder = join(root, "dist/production");

/** Where a Worker's configuration is written, below the repository. */
export const configurationPath = (worker: ProductionWorker): string =>
  relative(root, join(folder, `${worker.name}.json`));

/** A name of the template as this production has it: `cv-ops-d1cv-production`, `cv-push-production`, `cv-ops`. */
export const nameIn = ({ name }: Pick<Production, "name">, template: string): string =>
  template.replace(/-production$/, "").replace(/^cv(?:-ops)?(?=-|$)/, name);

/** Of the keys at the top level, those that an environment inherits; it has the others of its own, or not at all. */
const inherited = ["compatibility_date", "compatibility_flags", "minify", "upload_source_maps", "observability"];
const inheritedOfBot = ["migrations", "triggers"];

/** Values under these keys are names that this production chooses. */
const named = new Set(["service", "script_name", "queue", "dead_letter_queue", "index_name", "bucket_name"]);

const withNames = (production: Production, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => withNames(production, item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      named.has(key) && typeof inner === "string" ? nameIn(production, inner) : withNames(production, inner),
    ]),
  );
};

interface Template {
  top: Json;
  environment: Json;
}

const templateOf = (worker: ProductionWorker): Template => {
  const { rawConfig } = readRawConfig({ config: join(root, worker.configuration) });
  const { env, ...top } = rawConfig;
  return { top: { ...top }, environment: { ...env?.["production"] } };
};

/** Paths of a configuration are relative to it. */
const moved = (worker: ProductionWorker, path: unknown): string =>
  relative(folder, resolve(root, dirname(worker.configuration), String(path)));

const list = (value: unknown): Json[] => (Array.isArray(value) ? value : []);

type Sizes = Pick<Production, "name" | "botDatabases">;

/** A template's databases with those that were added to the bot's: `DB_2` is `cv-ops-staging-2`. */
const withAdded = ({ botDatabases }: Sizes, databases: unknown): Json[] =>
  list(databases).flatMap((database) => {
    const { binding, database_name: name } = database;
    const added = name === botDatabase ? Array.from({ length: botDatabases - 1 }, (_, index) => index + 2) : [];
    return [
      database,
      ...added.map((number) => ({
        ...database,
        binding: `${String(binding)}_${number}`,
        database_name: `${botDatabase}-${number}`,
      })),
    ];
  });

const databasesOf = (production: Production, worker: ProductionWorker, databases: unknown): Json[] =>
  withAdded(production, databases).map((database) => ({
    ...database,
    database_name: nameIn(production, String(database["database_name"])),
    database_id: production.databases[String(database["database_name"])] ?? database["database_id"],
    migrations_dir: moved(worker, database["migrations_dir"]),
  }));

/** The names of a Worker's own databases, as D1 has them. */
export const ownDatabases = (production: Sizes, { database }: ProductionWorker): string[] =>
  database === null
    ? []
    : withAdded(production, [{ database_name: database }]).map((one) =>
        nameIn(production, String(one["database_name"])),
      );

/** R2 has fewer jurisdictions than D1, and a bucket is bound by its own; null where it has none. */
export const bucketJurisdiction = ({ jurisdiction }: Pick<Production, "jurisdiction">): "eu" | "fedramp" | null =>
  jurisdiction === "us" ? null : jurisdiction;

const bucketsOf = (production: Production, buckets: unknown): unknown => {
  const jurisdiction = bucketJurisdiction(production);
  return withNames(
    production,
    list(buckets).map((bucket) => ({ ...bucket, ...(jurisdiction === null ? {} : { jurisdiction }) })),
  );
};

/** How people reach it: the bot at its address, the others through bindings alone. */
const addressOf = (production: Production, worker: ProductionWorker): Json => {
  const { host } = new URL(production.url);
  const closed = { workers_dev: false, preview_urls: false };
  if (worker.name !== "bot") return closed;
  return host.endsWith(".workers.dev")
    ? { ...closed, workers_dev: true }
    : { ...closed, routes: [{ pattern: host, custom_domain: true }] };
};

const varsOf = (production: Production, vars: Json): Json => ({
  ...vars,
  ...("PUBLIC_URL" in vars ? { PUBLIC_URL: production.url } : {}),
  ...("BOOTSTRAP_ADMIN" in vars ? { BOOTSTRAP_ADMIN: production.admin ?? "" } : {}),
  ...("OPERATORS_CHANNEL" in vars ? { OPERATORS_CHANNEL: production.operatorsChannel ?? "" } : {}),
  ...("DEFAULT_TARGETS" in vars
    ? { DEFAULT_TARGETS: String(vars["DEFAULT_TARGETS"]).replaceAll('"main"', JSON.stringify(production.portfolio)) }
    : {}),
});

/** What wrangler gets for one Worker. */
export const configurationOf = (production: Production, worker: ProductionWorker): Json => {
  const { top, environment } = templateOf(worker);
  const {
    build: _none,
    vars,
    d1_databases: databases,
    kv_namespaces: namespaces,
    assets,
    r2_buckets: buckets,
    ...rest
  } = environment;
  const keys = worker.name === "consumers" ? inherited : [...inherited, ...inheritedOfBot];
  const alias = Object.entries({ ...(top["alias"] as Json | undefined) });
  return {
    name: nameIn(production, String(top["name"])),
    account_id: production.accountId,
    main: moved(worker, top["main"]),
    ...Object.fromEntries(keys.filter((key) => key in top).map((key) => [key, top[key]])),
    ...(alias.length > 0 ? { alias: Object.fromEntries(alias.map(([from, to]) => [from, moved(worker, to)])) } : {}),
    ...addressOf(production, worker),
    vars: varsOf(production, { ...(vars as Json) }),
    secrets: { required: worker.secrets },
    d1_databases: databasesOf(production, worker, databases),
    ...(namespaces === undefined
      ? {}
      : { kv_namespaces: list(namespaces).map((one) => ({ ...one, id: production.cache ?? one["id"] })) }),
    ...(assets === undefined
      ? {}
      : { assets: { ...(assets as Json), directory: moved(worker, (assets as Json)["directory"]) } }),
    ...(buckets === undefined ? {} : { r2_buckets: bucketsOf(production, buckets) }),
    ...(withNames(production, rest) as Json),
  };
};

/** Every queue, database, index and bucket that the Workers name, as this production calls them. */
export interface Resources {
  /** By the name in `[env.production]`, which is the key in production.json. */
  databases: { key: string; name: string }[];
  queues: string[];
  indexes: string[];
  buckets: string[];
}

const valuesOf = (value: unknown, key: string): string[] => {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([at, inner]) =>
    at === key && typeof inner === "string" ? [inner] : valuesOf(inner, key),
  );
};

export const resourcesOf = (production: Sizes): Resources => {
  const environments = workers.map((worker) => templateOf(worker).environment);
  const all = (key: string): string[] => [...new Set(environments.flatMap((one) => valuesOf(one, key)))].toSorted();
  const keys = withAdded(
    production,
    all("database_name").map((name) => ({ database_name: name })),
  ).map((database) => String(database["database_name"]));
  return {
    databases: keys.map((key) => ({ key, name: nameIn(production, key) })),
    queues: [...new Set([...all("queue"), ...all("dead_letter_queue")])].map((queue) => nameIn(production, queue)),
    indexes: all("index_name").map((index) => nameIn(production, index)),
    buckets: all("bucket_name").map((bucket) => nameIn(production, bucket)),
  };
};

/** The bucket that a restore reads; the other one has what D1 has moved away. */
export const backupBucketOf = (production: Pick<Production, "name">): string => nameIn(production, "cv-ops-backups");

/** Writes all of them. */
export const writeConfigurations = (production: Production): void => {
  mkdirSync(folder, { recursive: true });
  for (const worker of workers) {
    const text = `${JSON.stringify(configurationOf(production, worker), null, 2)}\n`;
    writeFileSync(join(root, configurationPath(worker)), text);
  }
};
