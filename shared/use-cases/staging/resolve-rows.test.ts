/** What was typed for a row while no target answered. */
import { expect, test } from "vitest";
import { type World, channelId, createWorld, reasonOf, stage, valueOf } from "../../../test/support/shared/world.ts";
import { createCommit } from "../commits/create-commit.ts";
import { showCommit } from "../commits/show-commit.ts";
import { editChange } from "./edit-change.ts";

const airflow = { name: "Apache Airflow", category: "Data" };
const deletion = { action: "DELETE" as const, row: "Apache Airflow", values: {} };

const down = (world: World, isDown: boolean): void => {
  world.d1cv.isDown = world.ai.isDown = isDown;
};
const withAirflow = async (): Promise<World> => {
  const world = await createWorld();
  for (const target of [world.d1cv, world.ai]) target.put("technology", "airflow-1", airflow);
  return world;
};
const commitAll = (world: World) =>
  createCommit(world.as("author"), { message: "Tidy up", draft: false, channelId, only: null });

test("a name that was typed during an outage is looked up when it is committed", async () => {
  const world = await withAirflow();
  down(world, true);
  expect((await stage(world, deletion)).change).toMatchObject({ entityId: "Apache Airflow" });
  down(world, false);
  valueOf(await commitAll(world));
  const { changes } = valueOf(await showCommit(world.as("viewer"), 1));
  expect(changes).toMatchObject([
    {
      entityId: "airflow-1",
      base: { d1cv: { seen: "row", values: airflow }, "ai-agent": { seen: "row", values: airflow } },
    },
  ]);
});

test("a name that was typed during an outage is not committed before a target answers", async () => {
  const world = await withAirflow();
  down(world, true);
  await stage(world, deletion);
  expect(reasonOf(await commitAll(world))).toEqual({
    code: "row_unresolved",
    number: 1,
    typed: "Apache Airflow",
    targets: ["d1cv", "ai-agent"],
  });
  expect(await world.table("commits")).toEqual([]);
  world.ai.isDown = false;
  valueOf(await commitAll(world));
});

test("a name that was typed during an outage and does not exist is refused at the commit", async () => {
  const world = await createWorld();
  down(world, true);
  await stage(world, deletion);
  down(world, false);
  expect(reasonOf(await commitAll(world))).toMatchObject({ code: "row_not_found", typed: "Apache Airflow" });
  expect(await world.table("staged_changes")).toMatchObject([{ state: "staged" }]);
});

test("an id that a target has shown before is committed during an outage", async () => {
  const world = await createWorld();
  await stage(world);
  valueOf(await commitAll(world));
  down(world, true);
  await stage(world, { values: { level: "Expert" } });
  expect(valueOf(await commitAll(world)).commit.number).toBe(2);
});

test("an edit finds the row of a change that was staged during an outage", async () => {
  const world = await withAirflow();
  down(world, true);
  await stage(world, { row: "Apache Airflow", values: { level: "Expert" } });
  down(world, false);
  const edited = valueOf(await editChange(world.as("author"), { number: 1, values: { level: "Advanced" } }));
  expect(edited.change).toMatchObject({ entityId: "airflow-1", payload: { level: "Advanced" } });
  expect(await world.table("staged_changes")).toMatchObject([{ entity_id: "airflow-1" }]);
});

test("two names of one row that were typed during an outage become one change to it", async () => {
  const world = await withAirflow();
  down(world, true);
  await stage(world, { row: "Apache Airflow", values: { level: "Expert" } });
  await stage(world, { row: "airflow-1", values: { experience_years: "3" } });
  down(world, false);
  valueOf(await commitAll(world));
  expect((await world.table("staged_changes")).map(({ entity_id: id }) => id)).toEqual(["airflow-1", "airflow-1"]);
});
