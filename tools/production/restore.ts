/**
 * `npm run restore`: puts a backup into an environment that is empty: one that `npm run setup` has just made. It goes
 * on where it stopped. `--backup 2026-11-30` chooses one, `--list` shows them, `--dry-run` only checks.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import type { DatabaseManifest } from "../../shared/backups/manifest.ts";
import { smokePortfolio, smokeWorkspace } from "../../shared/domain/operations/smoke.ts";
import { root } from "../scripts/tree.ts";
import { type Bucket, openBucket } from "./backup-bucket.ts";
import { configurationPath, ownDatabases, writeConfigurations } from "./configurations.ts";
import { createDeployer } from "./deployer.ts";
import { migrate } from "./deployment.ts";
import { type Production, requireProduction } from "./production-file.ts";
import { type Schema, closingOf, followUps, insertsOf, openingOf, withNewSecrets } from "./restore-sql.ts";
import { smokeTest } from "./smoke-test.ts";
import { type ProductionWorker, workers } from "./workers.ts";
import { type Wrangler, createWrangler } from "./wrangler.ts";

const { values: flags } = parseArgs({
  options: {
    backup: { type: "string" },
    list: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
  },
});

const print = (line: string): void => console.log(line);

/** Whose rows a restored database replaces: those of the smoke test are in a new one. */
const emptiness: Record<string, string> = {
  bot: `SELECT workspace_id AS held FROM workspaces WHERE workspace_id <> '${smokeWorkspace}' LIMIT 5`,
  d1cv: `SELECT DISTINCT portfolio_id AS held FROM receipts WHERE portfolio_id <> '${smokePortfolio}' LIMIT 5`,
  "ai-agent": `SELECT DISTINCT portfolio_id AS held FROM receipts WHERE portfolio_id <> '${smokePortfolio}' LIMIT 5`,
};

/** Made by D1 and by migrations, or of the restored database itself. */
const keptTables = ["d1_migrations", "assertion", "operator_passes", "restores"];

interface Restored {
  worker: ProductionWorker;
  /** As D1 has it. */
  database: string;
  manifest: DatabaseManifest;
}

interface Place {
  production: Production;
  wrangler: Wrangler;
  bucket: Bucket;
}

/** Where a copy goes: `bot-2` is of the bot's second database. Null where there is no such one here. */
const placeOf = (production: Production, copy: string): Pick<Restored, "worker" | "database"> | null => {
  const [, name = copy, number = "1"] = /^(.*)-(\d+)$/.exec(copy) ?? [];
  const worker = workers.find((each) => each.name === name);
  const database = worker && ownDatabases(production, worker)[Number(number) - 1];
  return worker && database !== undefined ? { worker, database } : null;
};

const answered = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())) }));

/** The rows of each statement: wrangler takes seconds to start, however many there are. */
const select = async (
  { wrangler }: Place,
  { worker, database }: Pick<Restored, "worker" | "database">,
  statements: readonly string[],
) => {
  const args = ["d1", "execute", database, "--remote", "--json", "-c", configurationPath(worker)];
  const { out } = await wrangler.run([...args, "--command", statements.join("; ")]);
  return answered.parse(JSON.parse(out.slice(Math.max(0, out.search(/^\[/m))))).map(({ results }) => results);
};

const newestMigration = (worker: ProductionWorker): string =>
  globSync("migrations/*.sql", { cwd: join(root, dirname(worker.configuration)) })
    .map((path) => basename(path))
    .toSorted()
    .at(-1) ?? "";

/** Reads every part, so that nothing is changed for the sake of a backup that is not whole. */
const verify = async ({ bucket, production }: Place, backup: string): Promise<Restored[]> => {
  const { databases, isOneMoment, madeAt } = await bucket.manifest(backup);
  const all: Restored[] = [];
  for (const one of databases) {
    const place = placeOf(production, one.database);
    if (!place)
      throw new Error(
        `The backup has a database ${one.database}, which no Worker here has: for bot-2 and further ones, ` +
          "`npm run setup -- --add-database` makes it",
      );
    const { worker } = place;
    const manifest = await bucket.database(one);
    const schema = newestMigration(worker);
    if (manifest.schema !== schema)
      throw new Error(
        `${backup} has the schema ${manifest.schema} of ${one.database}, and this release has ${schema}. ` +
          `Check out the release that made it (${manifest.version ?? "its version is not noted"}), set up and restore ` +
          "with that, and then deploy the newer one",
      );
    for (const part of manifest.parts) {
      const lines = await bucket.lines(part);
      if (lines.length !== part.rows) throw new Error(`${part.key} has ${lines.length} rows, and not ${part.rows}`);
    }
    const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0);
    print(`✓ ${one.database}: ${rows} rows of ${one.takenAt}, each part as it was written`);
    all.push({ ...place, manifest });
  }
  print(
    isOneMoment
      ? `✓ Backup ${backup}, made at ${madeAt}, is of one moment`
      : `• Backup ${backup}, made at ${madeAt}: pushes moved meanwhile, and reconciliation compares the databases`,
  );
  return all;
};

/** @returns whether this backup is already in it. Throws where it holds anything else. */
const isRestored = async (place: Place, one: Restored): Promise<boolean> => {
  const { worker, database, manifest } = one;
  const [restored = [], held = []] = await select(place, one, [
    "SELECT backup FROM restores ORDER BY restored_at DESC LIMIT 1",
    emptiness[worker.name] ?? "",
  ]);
  if (restored[0]?.["backup"] === manifest.backup) return true;
  if (held.length === 0) return false;
  const names = held.map((row) => String(row["held"])).join(", ");
  throw new Error(
    `${database} is not empty: it has ${names}. A backup goes only into a new environment: ` +
      "set one up under another name. To put a database back in time use D1's Time Travel (docs/guides/runbooks.md)",
  );
};

const schemaOf = async (place: Place, one: Restored): Promise<Schema> => {
  const [triggers = [], columns = []] = await select(place, one, [
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    `SELECT m.name AS tableName, c.name AS columnName FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.pk > 0 AND m.name NOT GLOB 'sqlite_*' AND m.name NOT GLOB '_cf_*'
      ORDER BY m.name, c.pk`,
  ]);
  const byTable = Map.groupBy(columns, (row) => String(row["tableName"]));
  return {
    triggers: triggers.map((row) => ({ name: String(row["name"]), sql: String(row["sql"]) })),
    keys: Object.fromEntries(
      [...byTable]
        .filter(([name]) => !keptTables.includes(name))
        .map(([name, own]) => [name, own.map((row) => String(row["columnName"]))]),
    ),
  };
};

const load = async (place: Place, one: Restored): Promise<void> => {
  const { worker, database, manifest } = one;
  const schema = await schemaOf(place, one);
  const now = new Date().toISOString();
  const statements = openingOf(schema);
  for (const part of manifest.parts) {
    for (const { table, row } of await place.bucket.lines(part))
      statements.push(...insertsOf(table, schema.keys[table] ?? [], withNewSecrets(table, row)));
  }
  statements.push(
    ...(followUps[worker.name]?.(manifest.backup, now) ?? []),
    ...closingOf(schema, manifest.backup, now),
  );
  const folder = mkdtempSync(join(root, "dist/production/restore-"));
  const file = join(folder, `${worker.name}.sql`);
  writeFileSync(file, `${statements.join("\n")}\n`);
  try {
    // Whole or not at all: "if the import fails, your database returns to its original state" (D1, import and export).
    const args = ["d1", "execute", database, "--remote", "-y", "-c", configurationPath(worker), "--file", file];
    await place.wrangler.run(args);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What is bigger than its backup has been written to since: each row of the backup is there all the same. */
const count = async (place: Place, one: Restored): Promise<void> => {
  const { database, manifest } = one;
  const tables = Object.keys(manifest.tables);
  const counts = tables.map((name) => `SELECT '${name}' AS name, COUNT(*) AS rows FROM "${name}"`);
  const found = (await select(place, one, counts)).flat();
  const rows = new Map(found.map((row) => [String(row["name"]), Number(row["rows"])]));
  const isShort = (name: string): boolean => (rows.get(name) ?? 0) < (manifest.tables[name] ?? 0);
  const short = tables.filter((name) => !passing.has(name) && isShort(name));
  if (short.length > 0) throw new Error(`${database} has fewer rows than its backup in ${short.join(", ")}`);
};

/** Cron works on what is restored at once: these lose rows as it does. */
const passing = new Set(
  (
    "outbox idempotency_records api_replies logins webhook_deliveries callbacks index_tasks verifications " +
    "operation_counts refusal_counts addresses backups vectors sign_ins sign_in_attempts install_states"
  ).split(" "),
);

const restore = async (place: Place): Promise<void> => {
  const backups = await place.bucket.backups();
  if (flags.list) {
    for (const backup of backups) print(backup);
    return;
  }
  const backup = flags.backup ?? backups[0];
  if (backup === undefined || !backups.includes(backup))
    throw new Error(`There is no backup ${backup ?? "yet"}: ${backups.join(", ") || "the bucket has none"}`);
  const all = await verify(place, backup);
  const deployer = createDeployer(place.production, place.wrangler, print, { hasVersions: true });
  if (!flags["dry-run"]) await migrate(deployer);
  const done = new Map<Restored, boolean>();
  for (const one of all) done.set(one, await isRestored(place, one));
  if (flags["dry-run"]) {
    print("✓ The databases are empty: without --dry-run the backup goes into them");
    return;
  }
  for (const one of all) {
    if (done.get(one) === true) {
      print(`• ${one.database} has this backup already`);
      continue;
    }
    await load(place, one);
    await count(place, one);
    print(`✓ ${one.database} is restored`);
  }
  await smokeTest({ production: place.production, wrangler: place.wrangler, print });
  print(`✓ Backup ${backup} is restored at ${place.production.url}`);
};

try {
  const production = requireProduction();
  const wrangler = createWrangler({ accountId: production.accountId, dryRun: false, print });
  writeConfigurations(production);
  await restore({ production, wrangler, bucket: openBucket(production, wrangler) });
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
