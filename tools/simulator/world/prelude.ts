/** The state before a seed: commits ready to push. The product makes them once, and each seed copies the rows. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import { createScene, runUntil, startMs } from "./scene.ts";
import type { Contributions, Remembered } from "./contributions.ts";
import { workspaces } from "./workspaces.ts";

/** Rows by table. */
type Rows = Map<string, Record<string, SQLInputValue>[]>;

const tables = ["counters", "commits", "staged_changes", "approvals", "commit_targets", "job_events"];
const stepMs = 2000;
/** Webhooks are registered after the prelude. */
const earlierMs = 600_000;
/** What a seed begins with. */
interface Prelude {
  rows: Rows;
  remembered: Remembered;
}

const cached = new WeakMap<Databases, Prelude>();

const commitsOf = ["update technology python-1 summary=older", 'create technology name="Base" category=Backend'];

const make = async (product: Product, databases: Databases): Promise<Prelude> => {
  const scene = createScene(product, databases, { seed: "prelude", faults: {}, startMs: startMs - earlierMs });
  for (const { id: workspaceId, channel, people } of workspaces) {
    const say = async (role: string, text: string): Promise<void> => {
      const userId = people.find((person) => person.role === role)?.userId ?? "";
      scene.people.type({ workspaceId, userId }, text, channel);
      await runUntil(scene, scene.world.runtime.nowMs + stepMs);
    };
    for (const [index, change] of commitsOf.entries()) {
      await say("editor", `stage ${change}`);
      await say("editor", `commit -m "before ${index + 1}"`);
      await say("approver", `approve ${index + 1}`);
    }
  }
  const { staging } = databases;
  const rows = new Map(
    tables.map((table) => [table, staging.prepare(`SELECT * FROM ${table}`).all() as Record<string, SQLInputValue>[]]),
  );
  return { rows, remembered: scene.world.contributions.remembered };
};

const put = (staging: DatabaseSync, rows: Rows): void => {
  staging.exec("BEGIN");
  for (const [table, list] of rows) {
    const columns = Object.keys(list[0] ?? {});
    if (columns.length === 0) continue;
    const insert = staging.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
    for (const row of list) insert.run(...Object.values(row));
  }
  staging.exec("COMMIT");
};

/** @returns a function that inserts the commits into emptied databases; the first call makes them */
export const preludeOf = async (
  product: Product,
  databases: Databases,
): Promise<(contributions: Contributions) => void> => {
  const { rows, remembered } = cached.get(databases) ?? (await make(product, databases));
  cached.set(databases, { rows, remembered });
  return (contributions) => {
    put(databases.staging, rows);
    contributions.recall(remembered);
  };
};
