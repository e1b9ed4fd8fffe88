import { describe, expect, test } from "vitest";
import {
  type Person,
  type World,
  approvedCommit,
  channelId,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { createCommit } from "../commits/create-commit.ts";
import { type EditInput, editChange } from "./edit-change.ts";
import { unstageChanges } from "./unstage-changes.ts";

const rust = {
  action: "CREATE",
  row: null,
  values: { name: "Rust", category: "Backend", experience_years: "1" },
} as const;

const edit = (world: World, input: Partial<EditInput> = {}, person: Person = "author") =>
  editChange(world.as(person), { number: 1, values: { experience_years: "9" }, ...input });

const onlyChange = async (world: World) => (await world.table("staged_changes"))[0];

describe("editing an update", () => {
  test("editing an update replaces values, says what it does and invalidates its cards", async () => {
    const world = await createWorld();
    await stage(world, { source: { permalink: null, author: null, channelId: "C1", threadTs: "1.1" } });
    const before = world.db.roundTrips;
    const { change, summary } = valueOf(await edit(world, { values: { experience_years: "9", level: "expert" } }));
    expect(world.db.roundTrips - before).toBe(2);
    expect(change).toMatchObject({ number: 1, payload: { experience_years: 9, level: "Expert" } });
    expect(summary).toBe("Python: experience_years 5 → 9, level empty → Expert");
    expect(await onlyChange(world)).toMatchObject({
      state: "staged",
      payload: '{"experience_years":9,"level":"Expert"}',
      note: null,
      created_by: people.author,
    });
    expect(await world.table("cards")).toMatchObject([{ kind: "change", desired_version: 2 }]);
    const [event] = (await world.table("job_events")).slice(-1);
    expect(event).toMatchObject({ type: "change.edited", actor_id: people.author });
    expect(JSON.parse(String(event?.["data"]))).toEqual({ changeId: change.id, number: 1, summary });
  });

  test("editing an update reads the row again and sees what others changed", async () => {
    const world = await createWorld();
    await stage(world);
    world.d1cv.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 6 });
    const { change, summary } = valueOf(await edit(world));
    expect(change.base["d1cv"]).toMatchObject({ values: { experience_years: 6 } });
    expect(summary).toBe("Python: experience_years 6 → 9 at d1cv; Python: experience_years 5 → 9 at ai-agent");
  });

  test("editing a change's targets reads the row only at the new targets", async () => {
    const world = await createWorld();
    await stage(world);
    const { change } = valueOf(await edit(world, { values: {}, targets: ["ai"] }));
    expect(change.targets).toEqual(["ai-agent"]);
    expect(Object.keys(change.base)).toEqual(["ai-agent"]);
  });

  test("editing an update clears an optional field and keeps a given note", async () => {
    const world = await createWorld();
    await stage(world);
    const { change, summary } = valueOf(
      await edit(world, { values: { experience_years: "" }, note: "Not counted any more" }),
    );
    expect(change).toMatchObject({ payload: { experience_years: null }, note: "Not counted any more" });
    expect(summary).toBe("Python: experience_years 5 → empty");
  });

  test("editing another's change leaves the note in its author's words, also to an admin", async () => {
    const world = await createWorld();
    await stage(world, { note: "Since 2018" });
    expect(reasonOf(await edit(world, { note: "Since 2010" }, "admin"))).toEqual({
      code: "note_not_editable",
      number: 1,
      author: people.author,
    });
    expect(valueOf(await edit(world, {}, "admin")).change.note).toBe("Since 2018");
  });

  test("editing an update of a staged new row builds on that row", async () => {
    const world = await createWorld();
    const { change: made } = await stage(world, rust);
    await stage(world, { row: made.entityId, values: { experience_years: "2" } });
    const { change, summary } = valueOf(await edit(world, { number: 2, values: { experience_years: "3" } }));
    expect(summary).toBe("Rust: experience_years 1 → 3");
    expect(change.base["d1cv"]).toEqual({ seen: "absent" });
  });

  test("editing an update of a committed new row keeps its base", async () => {
    const world = await createWorld();
    const { change: made } = await stage(world, rust);
    await stage(world, { row: made.entityId, values: { experience_years: "2" } });
    valueOf(await createCommit(world.as("author"), { message: "Rust", draft: false, channelId, only: [1] }));
    expect(valueOf(await edit(world, { number: 2 }))).toMatchObject({
      change: { payload: { experience_years: 9 } },
      summary: "Rust: experience_years 1 → 9",
    });
  });

  test("editing an update is refused when nothing would change", async () => {
    const world = await createWorld();
    await stage(world);
    expect(reasonOf(await edit(world, { values: { experience_years: "5" } }))).toEqual({
      code: "no_change",
      name: "Python",
      fields: ["experience_years"],
    });
    expect(await onlyChange(world)).toMatchObject({ payload: '{"experience_years":8}' });
  });
});

describe("editing a create", () => {
  test("editing a create replaces and extends the new row's values and keeps its id", async () => {
    const world = await createWorld();
    const { change: made } = await stage(world, rust);
    const { change, summary } = valueOf(await edit(world, { values: { name: "Rust 2024", level: "Beginner" } }));
    expect(summary).toBe("New technology: Rust 2024");
    expect(change).toMatchObject({
      entityId: made.entityId,
      payload: { name: "Rust 2024", category: "Backend", experience_years: 1, level: "Beginner" },
      base: { d1cv: { seen: "absent" }, "ai-agent": { seen: "absent" } },
    });
  });

  test("editing a create reports every invalid value, cleared required ones included", async () => {
    const world = await createWorld();
    await stage(world, rust);
    const before = await everythingOf(world.workspaceId);
    const reason = reasonOf(await edit(world, { values: { name: "", experience_years: "99", colour: "red" } }));
    expect(reason).toMatchObject({
      code: "invalid_values",
      problems: [{ field: "name" }, { field: "experience_years" }, { field: "colour" }],
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("editing a create is refused when it repeats what is staged", async () => {
    const world = await createWorld();
    await stage(world, rust);
    expect(reasonOf(await edit(world, { values: { experience_years: "1" } }))).toMatchObject({
      code: "no_change",
      name: "Rust",
    });
  });
});

describe("a refused edit", () => {
  test("editing a removal is refused, for it has no values", async () => {
    const world = await createWorld();
    await stage(world, { action: "DELETE", values: {} });
    expect(reasonOf(await edit(world))).toEqual({ code: "change_not_editable", number: 1 });
  });

  test("editing a change without any new value is refused", async () => {
    const world = await createWorld();
    await stage(world);
    expect(reasonOf(await edit(world, { values: {} }))).toEqual({ code: "nothing_to_edit", number: 1 });
  });

  test("editing another's change is refused to an editor and allowed to an admin", async () => {
    const world = await createWorld();
    await stage(world);
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await edit(world, {}, "otherAuthor"))).toEqual({
      code: "not_author",
      number: 1,
      author: people.author,
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
    expect(valueOf(await edit(world, {}, "admin")).change.createdBy).toBe(people.author);
    expect((await world.table("job_events")).at(-1)).toMatchObject({ type: "change.edited", actor_id: people.admin });
  });

  test("editing an unknown or discarded change is refused", async () => {
    const world = await createWorld();
    await stage(world);
    valueOf(await unstageChanges(world.as("author"), { numbers: "all" }));
    for (const number of [1, 7]) {
      expect(reasonOf(await edit(world, { number }))).toEqual({ code: "change_not_found", numbers: [number] });
    }
  });

  test("editing a committed change is refused and names its commit", async () => {
    const world = await createWorld();
    await approvedCommit(world, {}, { row: "go-1", values: { level: "Expert" } });
    expect(reasonOf(await edit(world, { number: 2 }))).toEqual({
      code: "change_committed",
      number: 2,
      commit: { commitNumber: 1, status: "pending" },
    });
  });

  test("editing conflicts with a commit or another edit at the same moment", async () => {
    const world = await createWorld();
    await stage(world);
    world.db.interrupt(2, () => edit(world, { values: { level: "Expert" } }));
    expect(reasonOf(await edit(world))).toEqual({ code: "conflict" });
    expect(await onlyChange(world)).toMatchObject({ payload: '{"experience_years":8,"level":"Expert"}' });
    world.db.interrupt(2, () => commit(world));
    expect(reasonOf(await edit(world))).toEqual({ code: "conflict" });
    expect(await onlyChange(world)).toMatchObject({
      state: "committed",
      payload: '{"experience_years":8,"level":"Expert"}',
    });
  });
});

/** Does something between the reading and the writing of a use case. */
const interrupted = (world: World, between: () => Promise<unknown>) => {
  const ctx = world.as("author");
  let batches = 0;
  const batch = async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
    batches += 1;
    if (batches === 2) await between();
    return ctx.db.batch<T>(statements);
  };
  return { ...ctx, db: { prepare: (sql: string) => ctx.db.prepare(sql), batch } };
};

describe("concurrent edits", () => {
  test("a commit conflicts with an edit of its change at the same moment", async () => {
    const world = await createWorld();
    await stage(world);
    const ctx = interrupted(world, async () => valueOf(await edit(world)));
    const input = { message: "Skills", draft: false, channelId, only: null };
    expect(reasonOf(await createCommit(ctx, input))).toEqual({ code: "conflict" });
    expect(await onlyChange(world)).toMatchObject({ state: "staged", payload: '{"experience_years":9}' });
    expect(await world.table("commits")).toEqual([]);
  });

  test("an edit of values conflicts with an edit of targets at the same moment", async () => {
    const world = await createWorld();
    await stage(world);
    const ctx = interrupted(world, async () => valueOf(await edit(world, { values: {}, targets: ["ai"] })));
    expect(reasonOf(await editChange(ctx, { number: 1, values: { level: "Expert" } }))).toEqual({ code: "conflict" });
    expect(await onlyChange(world)).toMatchObject({ targets: '["ai-agent"]', payload: '{"experience_years":8}' });
  });

  test("an edit conflicts with a commit of the change that it builds on", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { values: { level: "Expert" } });
    const input = { message: "Years", draft: false, channelId, only: [1] };
    const ctx = interrupted(world, async () => valueOf(await createCommit(world.as("author"), input)));
    expect(reasonOf(await editChange(ctx, { number: 2, values: { level: "Beginner" } }))).toEqual({ code: "conflict" });
    expect((await world.table("staged_changes")).find(({ number }) => number === 2)).toMatchObject({
      payload: '{"level":"Expert"}',
      base: expect.stringContaining('"experience_years":8') as string,
    });
  });
});
