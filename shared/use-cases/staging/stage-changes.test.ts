import { describe, expect, test } from "vitest";
import { createWorld, stageInput } from "../../../test/support/shared/world.ts";
import { stageChanges } from "./stage-changes.ts";

const rows = async (world: Awaited<ReturnType<typeof createWorld>>) => world.table("staged_changes");

describe("staging several changes", () => {
  test("staging several changes numbers them in order, with an event for each", async () => {
    const world = await createWorld();
    const inputs = [{ level: "Expert" }, { summary: "Snakes" }].map((values) => stageInput({ values }));
    const staged = await stageChanges(world.as("author"), inputs);
    expect("recorded" in staged && staged.recorded.map((result) => result.ok && result.value.change.number)).toEqual([
      1, 2,
    ]);
    expect((await world.table("job_events")).map(({ type }) => type)).toEqual(["change.staged", "change.staged"]);
  });

  test("staging several changes writes nothing while one of them is refused", async () => {
    const world = await createWorld();
    const inputs = [stageInput({ values: { level: "Expert" } }), stageInput({ values: { experience_years: "99" } })];
    const staged = await stageChanges(world.as("author"), inputs);
    expect("checked" in staged && staged.checked.map(({ ok }) => ok)).toEqual([true, false]);
    expect(await rows(world)).toEqual([]);
  });

  test("staging several changes again stages only those that are missing", async () => {
    const world = await createWorld();
    const ctx = { ...world.as("author"), idempotencyKey: "slack:view:1" };
    const [first, second] = [
      stageInput({ values: { level: "Expert" } }),
      stageInput({ values: { summary: "Snakes" } }),
    ];
    const before = await stageChanges(ctx, [first]);
    const again = await stageChanges(ctx, [first, second]);
    expect("recorded" in again && again.recorded.map((result) => result.ok && result.value.change.number)).toEqual([
      1, 2,
    ]);
    expect("recorded" in again && again.recorded[0]).toEqual("recorded" in before && before.recorded[0]);
    expect(await rows(world)).toHaveLength(2);
  });

  test("staging several changes is refused to a viewer", async () => {
    const world = await createWorld();
    const staged = await stageChanges(world.as("viewer"), [stageInput({ values: { level: "Expert" } })]);
    expect(staged).toMatchObject({ checked: [{ ok: false, reason: { code: "forbidden" } }] });
    expect(await rows(world)).toEqual([]);
  });

  test("staging two new rows of almost one name together warns of the second", async () => {
    const world = await createWorld();
    const named = (name: string) =>
      stageInput({ action: "CREATE", row: null, values: { name, category: "Backend", experience_years: "1" } });
    const staged = await stageChanges(world.as("author"), [named("Rust"), named("Zig"), named("RUST")]);
    const made = "recorded" in staged ? staged.recorded.flatMap((result) => (result.ok ? [result.value] : [])) : [];
    expect(made.map(({ similar }) => similar?.map(({ name }) => name))).toEqual([[], [], ["Rust"]]);
  });
});
