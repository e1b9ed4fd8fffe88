/** A database is put back in time, as D1's Time Travel does it, under the whole product: docs/guides/runbooks.md. */
import type { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, test } from "vitest";
import { type Drills, openDrills } from "./runs/drill.ts";

let drills: Drills;
beforeAll(async () => {
  drills = await openDrills();
});
const rows: Drills["rows"] = (...args) => drills.rows(...args);
const drill: Drills["drill"] = (...args) => drills.drill(...args);

/** Every row of a database, at this moment. */
const copyOf = (sqlite: DatabaseSync): Map<string, Record<string, unknown>[]> =>
  new Map(
    sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'")
      .all()
      .map(({ name }) => [
        String(name),
        sqlite.prepare(`SELECT * FROM ${String(name)}`).all() as Record<string, unknown>[],
      ]),
  );

/** Puts them back. Triggers are for the product's own writes. */
const putBack = (sqlite: DatabaseSync, copy: ReturnType<typeof copyOf>): void => {
  const triggers = sqlite.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  sqlite.exec("BEGIN; PRAGMA defer_foreign_keys = ON");
  for (const { name } of triggers) sqlite.exec(`DROP TRIGGER ${String(name)}`);
  for (const [table, before] of copy) {
    sqlite.exec(`DELETE FROM ${table}`);
    for (const row of before) {
      const columns = Object.keys(row);
      const values = columns.map((_, index) => `?${index + 1}`);
      sqlite
        .prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values.join(", ")})`)
        .run(...(Object.values(row) as (string | number | null)[]));
    }
  }
  for (const { sql } of triggers) sqlite.exec(String(sql));
  sqlite.exec("COMMIT");
};

const portfolio = "SELECT portfolio_id, id, version, name, category, experience_years, deleted_at IS NULL AS is_live";
const heldBy = (target: "d1cv" | "aiAgent") => ({
  rows: rows(
    target,
    `${target === "d1cv" ? portfolio : portfolio.replace("deleted_at IS NULL", "1")} FROM technology ORDER BY id`,
  ),
  receipts: rows(
    target,
    "SELECT job_id, attempt, state, revision, commit_number, commit_hash, verified_at IS NULL AS open FROM receipts WHERE commit_number > 0 ORDER BY revision",
  ),
});
const vectors = () =>
  rows("aiAgent", "SELECT id, desired_version, indexed_version, content_hash, name FROM vectors ORDER BY id");

test("reconciling sends rewound targets again what they lost: rows, receipts and vectors are as before", async () => {
  const { type, commit, push } = drill("targets put back");
  await type("admin", "reindex", 120_000);
  await push(await commit("update technology python-1 experience_years=6"));
  const copies = { d1cv: copyOf(drills.databases.d1cv), aiAgent: copyOf(drills.databases.aiAgent) };
  await push(
    await commit("update technology python-1 experience_years=9", 'create technology name="Tool 1" category=Backend'),
  );
  await push(await commit("update technology python-1 experience_years=10", "delete technology jquery-1"));
  const before = { d1cv: heldBy("d1cv"), aiAgent: heldBy("aiAgent"), vectors: vectors() };
  expect(before.d1cv.receipts).toMatchObject([{ commit_number: 1 }, { commit_number: 2 }, { commit_number: 3 }]);

  putBack(drills.databases.d1cv, copies.d1cv);
  putBack(drills.databases.aiAgent, copies.aiAgent);
  expect(heldBy("d1cv")).not.toEqual(before.d1cv);
  expect(await type("admin", "doctor")).toContain("it lacks 2 jobs: #3, #2");
  const counters = rows("staging", "SELECT * FROM counters ORDER BY name");
  const said = await type("admin", "reconcile", 180_000);
  expect(said).toContain("got again what it had lost: #2 and #3");
  expect({ d1cv: heldBy("d1cv"), aiAgent: heldBy("aiAgent"), vectors: vectors() }).toEqual(before);
  expect(await type("approver", "verify")).toContain("Every row is as it was pushed, and the same at all targets.");
  expect(await type("admin", "doctor")).not.toContain("it lacks");
  expect(rows("staging", "SELECT * FROM counters ORDER BY name")).toEqual(counters);
  expect(await type("admin", "reconcile")).toContain("have the same jobs");

  await push(await commit("update technology python-1 experience_years=11"));
  expect(rows("staging", "SELECT DISTINCT status FROM commits")).toEqual([{ status: "applied_all" }]);
});

test("what a rewound target has got since is not overwritten by what it lost", async () => {
  const { type, commit, push } = drill("a target that went on");
  await push(await commit("update technology python-1 experience_years=6"));
  const copy = copyOf(drills.databases.d1cv);
  await push(await commit("update technology python-1 experience_years=9"));
  await push(await commit("update technology go-1 experience_years=3"));
  putBack(drills.databases.d1cv, copy);
  drills.databases.d1cv.exec("UPDATE technology SET experience_years = 7, version = version + 1 WHERE id = 'python-1'");
  const said = await type("admin", "reconcile d1", 120_000);
  expect(said).toContain("d1cv got again what it had lost: #3");
  expect(said).toContain("d1cv did not get #2 again");
  const years = "SELECT experience_years AS years FROM technology WHERE portfolio_id = 'ours' AND id = ";
  expect(rows("d1cv", `${years}'python-1'`)).toEqual([{ years: 7 }]);
  expect(rows("d1cv", `${years}'go-1'`)).toEqual([{ years: 3 }]);
});

test("reconciling a rewound bot reads back what targets have, and gives no number twice", async () => {
  const { type, commit, push } = drill("the bot put back");
  await push(await commit("update technology python-1 experience_years=6"));
  const pushedLater = await commit(
    "update technology rust-1 experience_years=2",
    'create technology name="Tool 1" category=Backend',
  );
  const neverPushed = await commit("update technology go-1 experience_years=7");
  const copy = copyOf(drills.databases.staging);
  await push(pushedLater);
  const lost = await commit(
    "update technology go-1 experience_years=12",
    "update technology python-1 experience_years=20",
  );
  await push(lost);
  const jobs = rows(
    "staging",
    "SELECT id, target, commit_id, state FROM jobs WHERE commit_id = (SELECT id FROM commits WHERE number = 2) ORDER BY id",
  );
  const held = { d1cv: heldBy("d1cv"), aiAgent: heldBy("aiAgent"), vectors: vectors() };

  putBack(drills.databases.staging, copy);
  expect(await type("admin", "doctor")).toContain("the bot lacks 2 jobs: #4, #2");
  const said = await type("admin", "reconcile", 60_000);
  expect(said).toContain(`d1cv had applied #${pushedLater}: that is recorded now.`);
  expect(said).toContain(`d1cv had applied #${lost}, which the bot has lost: 1 row count as pushed.`);
  expect(rows("staging", "SELECT number, status FROM commits ORDER BY number")).toEqual([
    { number: 1, status: "applied_all" },
    { number: pushedLater, status: "applied_all" },
    { number: neverPushed, status: "pending" },
  ]);
  expect(
    rows(
      "staging",
      "SELECT id, target, commit_id, state FROM jobs WHERE commit_id = (SELECT id FROM commits WHERE number = 2) ORDER BY id",
    ),
  ).toEqual(jobs);
  expect({ d1cv: heldBy("d1cv"), aiAgent: heldBy("aiAgent"), vectors: vectors() }).toEqual(held);
  expect(await type("approver", "verify")).toContain("Every row is as it was pushed");
  expect(await type("admin", "doctor")).not.toContain("the bot lacks");

  // What is older than what is live does not replace it in silence.
  expect(await push(neverPushed)).toContain("`experience_years` was 5, is 12 now, yours is 7");
  expect(
    rows("d1cv", "SELECT experience_years AS years FROM technology WHERE portfolio_id = 'ours' AND id = 'go-1'"),
  ).toEqual([{ years: 12 }]);
  // What comes after goes on, under numbers that nothing has had.
  const next = await commit("update technology python-1 experience_years=21");
  expect(next).toBeGreaterThan(lost + 900);
  await push(next);
  expect(rows("staging", `SELECT status FROM commits WHERE number = ${next}`)).toEqual([{ status: "applied_all" }]);
  for (const target of ["d1cv", "aiAgent"] as const)
    expect(
      rows(target, "SELECT commit_number FROM receipts GROUP BY commit_number HAVING COUNT(DISTINCT commit_hash) > 1"),
    ).toEqual([]);
  expect(await type("admin", "reconcile")).toContain("have the same jobs");
});
