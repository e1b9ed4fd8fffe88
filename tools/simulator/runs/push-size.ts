/** What a push leaves in the three databases. */
import type { DatabaseSync } from "node:sqlite";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { createScene, runUntil } from "../world/scene.ts";
import { prepare } from "./load.ts";

/** What cron deletes after days, with its indexes: `docs/guides/operate.md`, "Retention". */
const passing = new Set(["idempotency_records", "api_replies", "outbox"]);

/** Bytes of the pages, without the simulator's own tables. */
export interface Size {
  /** Of tables that keep what they have, with their indexes. */
  kept: number;
  passing: number;
  /** Of what is kept: the events, which move to R2. */
  events: number;
}

const sizeOf = (db: DatabaseSync): Size => {
  const rows = db
    .prepare(
      `SELECT m.tbl_name AS "table", SUM(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_master m ON m.name = d.name
       WHERE m.tbl_name NOT GLOB 'sim_*' GROUP BY m.tbl_name`,
    )
    .all();
  const sum = (isPassing: boolean): number =>
    rows
      .filter(({ table }) => passing.has(String(table)) === isPassing)
      .reduce((bytes, row) => bytes + Number(row["bytes"]), 0);
  const events = rows.find(({ table }) => table === "job_events");
  return { kept: sum(false), passing: sum(true), events: Number(events?.["bytes"] ?? 0) };
};

type Measured = Exclude<keyof Databases, "directory">;
type Sizes = Record<Measured, Size>;

const sizesAfter = async (product: Product, databases: Databases, pushes: number): Promise<Sizes> => {
  const scene = createScene(product, databases, { seed: `size ${pushes}`, faults: {}, webhooks: [] });
  await prepare(scene, pushes);
  await runUntil(scene, scene.world.runtime.nowMs + 20 * 60_000);
  const applied = scene.world.staging.rows("SELECT 1 FROM commits WHERE status = 'applied_all'").length;
  if (applied !== pushes) throw new Error(`${applied} of ${pushes} pushes were applied`);
  return { staging: sizeOf(databases.staging), d1cv: sizeOf(databases.d1cv), aiAgent: sizeOf(databases.aiAgent) };
};

/**
 * By database, bytes that one push adds: of one change to two targets, with its review, its cards and its events. The
 * difference between many pushes and a few, because a table takes whole pages.
 */
export const sizeOfPush = async (product: Product, open: () => Databases): Promise<Sizes> => {
  const [few, many] = [10, 60];
  const before = await sizesAfter(product, open(), few);
  const after = await sizesAfter(product, open(), many);
  const added = (name: Measured): Size => ({
    kept: (after[name].kept - before[name].kept) / (many - few),
    passing: (after[name].passing - before[name].passing) / (many - few),
    events: (after[name].events - before[name].events) / (many - few),
  });
  return { staging: added("staging"), d1cv: added("d1cv"), aiAgent: added("aiAgent") };
};
