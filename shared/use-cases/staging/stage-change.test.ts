import { describe, expect, test } from "vitest";
import { createCommit } from "../commits/create-commit.ts";
import type { StageInput } from "./stage-change.ts";
import { overlapsOfStaged, stageChange } from "./stage-change.ts";
import {
  type Person,
  type World,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  stageInput,
  valueOf,
} from "../../../test/support/shared/world.ts";

const stageAs = (world: World, input: Partial<StageInput>, person: Person = "author") =>
  stageChange(world.as(person), stageInput(input));

const create = (values: StageInput["values"], targets: string[] = []): Partial<StageInput> => ({
  action: "CREATE",
  row: null,
  values,
  targets,
});
const rust = create({ name: "Rust", category: "Backend", experience_years: "1" });

describe("staging an update", () => {
  test("staging records the change with each target's row, its event and a summary", async () => {
    const world = await createWorld();
    const ctx = world.as("author");
    const { change, summary, notAsked, ...staged } = valueOf(
      await stageChange(
        ctx,
        stageInput({
          source: { permalink: "https://slack.example/p1", author: "U9", channelId: "C1", threadTs: "1.1" },
        }),
      ),
    );
    expect(change).toMatchObject({
      number: 1,
      state: "staged",
      targets: ["d1cv", "ai-agent"],
      entityId: "python-1",
      payload: { experience_years: 8 },
      note: null,
      permalink: "https://slack.example/p1",
      sourceAuthor: "U9",
      createdBy: people.author,
    });
    expect(summary).toBe("Python: experience_years 5 → 8");
    expect(change.base).toMatchObject({
      d1cv: {
        seen: "row",
        version: world.d1cv.row("technology", "python-1")?.version,
        values: { experience_years: 5 },
      },
      "ai-agent": { seen: "row", version: world.ai.row("technology", "python-1")?.version },
    });
    expect({ notAsked, overlaps: overlapsOfStaged({ change, summary, notAsked, ...staged }) }).toEqual({
      notAsked: [],
      overlaps: [],
    });
    expect(await world.table("staged_changes")).toMatchObject([
      { id: change.id, number: 1, state: "staged", commit_id: null },
    ]);
    expect(await world.table("job_events")).toMatchObject([
      { type: "change.staged", data: expect.stringContaining(change.id) },
    ]);
    expect(await world.table("idempotency_records")).toMatchObject([{ key: ctx.idempotencyKey }]);
  });

  test("staging takes two round trips to D1", async () => {
    const world = await createWorld();
    await stage(world);
    expect(world.db.roundTrips).toBe(2);
    await stage(world, { row: "Python", values: { level: "Expert" } });
    expect(world.db.roundTrips).toBe(4);
  });

  test("staging keeps what a person noted apart from what the change does", async () => {
    const { change, summary } = await stage(await createWorld(), { note: "Python: experience_years 5 → 44" });
    expect(change.note).toBe("Python: experience_years 5 → 44");
    expect(summary).toBe("Python: experience_years 5 → 8");
  });

  test("staging gives changes consecutive numbers, also when they come at once", async () => {
    const world = await createWorld();
    const fields = ["1", "2", "3", "4", "6", "7"].map((years) => ({ values: { experience_years: years } }));
    const staged = await Promise.all(fields.map((input) => stage(world, input)));
    expect(staged.map(({ change }) => change.number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("staging names who else is about to change the row, and the fields that both set", async () => {
    const world = await createWorld();
    await stage(world, { values: { level: "Expert" } }, "otherAuthor");
    await stage(world, { row: "go-1", values: { level: "Expert" } }, "admin");
    const row = { entityType: "technology", entityId: "python-1", targets: ["d1cv", "ai-agent"], whole: false };
    const other = { commit: null, change: 1, author: people.otherAuthor, rowCount: 1 };
    expect(overlapsOfStaged(await stage(world))).toEqual([{ ...other, rows: [{ ...row, fields: [] }] }]);
    expect(overlapsOfStaged(await stage(world, { values: { level: "Advanced" } }))).toEqual([
      { ...other, rows: [{ ...row, fields: ["level"] }] },
    ]);
  });

  test.each<[string, StageInput["values"], unknown]>([
    ["number", { experience_years: "8,5" }, { experience_years: 8.5 }],
    ["boolean", { is_featured: "no" }, { is_featured: false }],
    ["select", { category: "devops" }, { category: "DevOps" }],
    ["text", { name: " Python 3 " }, { name: "Python 3" }],
    ["an empty optional field", { experience_years: "" }, { experience_years: null }],
  ])("staging reads the value of a %s as its field's kind", async (_kind, values, payload) => {
    expect((await stage(await createWorld(), { values })).change.payload).toEqual(payload);
  });

  test("staging reads lists, dates, URLs and email addresses as their fields' kinds", async () => {
    const world = await createWorld();
    world.d1cv.put("project", "tide-1", { name: "Tide", description: "Tables" });
    world.d1cv.put("profile", "me-1", { name: "Noor", headline: "Engineer" });
    const project = { entityType: "project", row: "tide-1", targets: ["d1cv"] };
    const values = { technologies: "Rust, SQLite", start_date: "2024-05", url: "https://example.com" };
    expect((await stage(world, { ...project, values })).change.payload).toEqual({
      technologies: ["Rust", "SQLite"],
      start_date: "2024-05",
      url: "https://example.com",
    });
    const profile = { entityType: "profile", row: "me-1", targets: ["d1cv"], values: { email: "noor@example.com" } };
    expect((await stage(world, profile)).change.payload).toEqual({ email: "noor@example.com" });
  });
});

describe("a refused change", () => {
  test.each<[string, Partial<StageInput>, object]>([
    [
      "an entity that does not exist",
      { entityType: "technolgy" },
      { code: "unknown_entity_type", typed: "technolgy", suggestion: "technology" },
    ],
    ["an entity like none", { entityType: "banana" }, { code: "unknown_entity_type", suggestion: null }],
    ["an update of nothing", { values: {} }, { code: "values_required", entityType: "technology" }],
    ["values for a delete", { action: "DELETE", values: { name: "x" } }, { code: "values_not_allowed" }],
    [
      "a target that does not exist",
      { targets: ["d1cvv"] },
      { code: "unknown_target", typed: "d1cvv", suggestion: "d1cv", allowed: ["d1cv", "ai-agent", "all"] },
    ],
    [
      "a field that does not exist",
      { values: { experience_year: "8" } },
      { code: "invalid_values", problems: [{ field: "experience_year", example: "experience_years=8" }] },
    ],
    [
      "a value of the wrong kind",
      { values: { experience_years: "many" } },
      { code: "invalid_values", problems: [{ rule: "must be a number from 0 to 60" }] },
    ],
    [
      "a required field emptied",
      { values: { name: "" } },
      { code: "invalid_values", problems: [{ rule: "cannot be empty" }] },
    ],
    [
      "a new row without what is required",
      create({ experience_years: "1" }),
      { code: "invalid_values", problems: [{ field: "name" }, { field: "category" }] },
    ],
    ["a new row of nothing", create({}), { code: "invalid_values" }],
    [
      "a row that does not exist",
      { row: "pyhton-1" },
      { code: "row_not_found", typed: "pyhton-1", target: null, suggestions: ["python-1"] },
    ],
    ["a name that does not exist", { row: "Pyton" }, { code: "row_not_found", suggestions: ["python-1"] }],
    ["the start of an id", { row: "jq" }, { code: "row_not_found", suggestions: ["jquery-1"] }],
    ["no row at all", { row: null }, { code: "row_not_found", typed: "" }],
    [
      "a value that the row has already",
      { values: { experience_years: "5" } },
      { code: "no_change", name: "Python", fields: ["experience_years"] },
    ],
    ["clearing what is empty", { values: { level: "" } }, { code: "no_change" }],
  ])("staging is refused and stores nothing for %s", async (_name, input, reason) => {
    const world = await createWorld();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await stageAs(world, input))).toMatchObject(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("staging names the target that does not have the row", async () => {
    const world = await createWorld();
    world.ai.remove("technology", "python-1");
    expect(reasonOf(await stageAs(world, {}))).toMatchObject({ code: "row_not_found", target: "ai-agent" });
    expect(await stageAs(world, { targets: ["d1cv"] })).toMatchObject({ ok: true });
  });

  test("staging by a name of two rows is refused and suggests both ids", async () => {
    const world = await createWorld();
    for (const target of [world.d1cv, world.ai])
      target.put("technology", "python-2", { name: "Python", category: "Data" });
    expect(reasonOf(await stageAs(world, { row: "python" }))).toMatchObject({
      code: "row_not_found",
      suggestions: ["python-1", "python-2"],
    });
  });
});

describe("targets", () => {
  test.each<[string[], string[]]>([
    [[], ["d1cv", "ai-agent"]],
    [["both"], ["d1cv", "ai-agent"]],
    [["ALL"], ["d1cv", "ai-agent"]],
    [["ai"], ["ai-agent"]],
    [["ai-agent"], ["ai-agent"]],
    [["D1"], ["d1cv"]],
    [
      ["ai", "d1cv"],
      ["d1cv", "ai-agent"],
    ],
  ])("the targets typed as %j are %j, in the order of application", async (typed, targets) => {
    const { change } = await stage(await createWorld(), { targets: typed });
    expect(change.targets).toEqual(targets);
    expect(Object.keys(change.base)).toEqual(targets);
  });
});

describe("the row", () => {
  test("staging finds a row by its name in any case", async () => {
    expect((await stage(await createWorld(), { row: "PYTHON" })).change.entityId).toBe("python-1");
  });

  test("staging finds a row that only the chosen target has", async () => {
    const world = await createWorld();
    world.ai.put("technology", "zig-1", { name: "Zig", category: "Language" });
    const { change } = await stage(world, { row: "zig", values: { level: "Beginner" }, targets: ["ai"] });
    expect(change).toMatchObject({ entityId: "zig-1", targets: ["ai-agent"] });
  });

  test("staging works while a target is down, and names that target", async () => {
    const world = await createWorld();
    world.ai.isDown = true;
    const { change, summary, notAsked } = await stage(world);
    expect(notAsked).toEqual(["ai-agent"]);
    expect(change.base).toMatchObject({ d1cv: { seen: "row" }, "ai-agent": { seen: "unknown" } });
    expect(summary).toBe("Python: experience_years 5 → 8 at d1cv; Python: experience_years → 8 at ai-agent");
  });

  test("staging keeps the typed id when no target can be reached", async () => {
    const world = await createWorld();
    world.d1cv.isDown = world.ai.isDown = true;
    const { change, summary, notAsked } = await stage(world);
    expect(notAsked).toEqual(["d1cv", "ai-agent"]);
    expect(change.entityId).toBe("python-1");
    expect(summary).toBe("python-1: experience_years → 8");
    expect(await stageAs(world, { values: { experience_years: "8" } })).toMatchObject({
      ok: false,
      reason: { code: "already_staged", number: change.number },
    });
  });

  test("staging looks a name up at the target that answers", async () => {
    const world = await createWorld();
    world.ai.isDown = true;
    expect((await stage(world, { row: "Python" })).change).toMatchObject({
      entityId: "python-1",
      base: { "ai-agent": { seen: "unknown" } },
    });
  });

  test("staging keeps a row found by name when the target fails afterwards", async () => {
    const world = await createWorld();
    world.ai.isDown = true;
    world.d1cv.answerNext("rows", "as_usual", "as_usual", "no_answer");
    const { change, notAsked } = await stage(world, { row: "Python" });
    expect(notAsked).toEqual(["d1cv", "ai-agent"]);
    expect(change).toMatchObject({ entityId: "python-1", base: { d1cv: { seen: "unknown" } } });
  });

  test("staging by name reports the target that does not have the row", async () => {
    const world = await createWorld();
    world.d1cv.put("technology", "zig-1", { name: "Zig", category: "Language" });
    world.ai.answerNext("rows", "no_answer");
    const outcome = await stageAs(world, { row: "Zig", values: { level: "Beginner" } });
    expect(outcome).toMatchObject({ ok: false, reason: { code: "row_not_found", target: "ai-agent" } });
  });

  test.each([500, 401, 302])("staging counts a target that answers %i as not asked", async (status) => {
    const world = await createWorld();
    world.ai.answerNext("rows", { status });
    expect((await stage(world)).notAsked).toEqual(["ai-agent"]);
  });
});

describe("staging a new row", () => {
  test("staging a new row makes an id from its name and asks each target for its rows once", async () => {
    const world = await createWorld();
    const { change, summary } = await stage(world, rust);
    expect(summary).toBe("New technology: Rust");
    expect(change.entityId).toMatch(/^rust-[a-z0-9]{6}$/);
    expect(change).toMatchObject({
      action: "CREATE",
      base: { d1cv: { seen: "absent" }, "ai-agent": { seen: "absent" } },
      payload: { name: "Rust", category: "Backend", experience_years: 1 },
    });
    expect([...world.d1cv.calls, ...world.ai.calls]).toEqual(["GET rows", "GET rows"]);
  });

  test("staging two new rows under one name gives two ids", async () => {
    const world = await createWorld();
    const ids = [(await stage(world, rust)).change.entityId, (await stage(world, rust)).change.entityId];
    expect(new Set(ids).size).toBe(2);
  });

  test.each(["id", "name"])("staging an update of a staged new row finds it by its %s", async (by) => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    const update = await stage(world, {
      row: by === "id" ? change.entityId : "rust",
      values: { experience_years: "3" },
    });
    expect(update.change).toMatchObject({
      entityId: change.entityId,
      action: "UPDATE",
      base: { d1cv: { seen: "absent" } },
    });
    expect(update.summary).toBe("Rust: experience_years 1 → 3");
    expect(await stageAs(world, { row: "rust", values: { experience_years: "3" } })).toMatchObject({
      reason: { code: "already_staged", number: update.change.number },
    });
  });

  test("staging an update of a new row is refused at targets without that row", async () => {
    const world = await createWorld();
    await stage(world, { ...rust, targets: ["d1cv"] });
    expect(reasonOf(await stageAs(world, { row: "rust", values: { level: "Expert" } }))).toMatchObject({
      code: "row_not_found",
      target: "ai-agent",
    });
    expect(
      (await stage(world, { row: "rust", values: { level: "Expert" }, targets: ["d1cv"] })).change.targets,
    ).toEqual(["d1cv"]);
  });

  test("staging does not see new rows that only others have staged", async () => {
    const world = await createWorld();
    await stage(world, rust);
    expect(reasonOf(await stageAs(world, { row: "rust", values: { level: "Expert" } }, "otherAuthor"))).toMatchObject({
      code: "row_not_found",
    });
  });

  test("staging does not see a new row once it is committed", async () => {
    const world = await createWorld();
    await stage(world, rust);
    await commit(world);
    expect(reasonOf(await stageAs(world, { row: "rust", values: { level: "Expert" } }))).toMatchObject({
      code: "row_not_found",
    });
  });
});

describe("a second change to a row", () => {
  test("staging compares with one's own staged changes, so a repeat is refused", async () => {
    const world = await createWorld();
    await stage(world);
    expect(reasonOf(await stageAs(world, {}))).toMatchObject({ code: "already_staged", name: "Python", number: 1 });
    for (const target of [world.d1cv, world.ai]) {
      target.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 8 });
    }
    expect(reasonOf(await stageAs(world, {}))).toMatchObject({ code: "no_change", name: "Python" });
    const back = await stage(world, { values: { experience_years: "5" } });
    expect(back.summary).toBe("Python: experience_years 8 → 5");
  });

  test("staging ignores what other people have staged for the row", async () => {
    const world = await createWorld();
    await stage(world);
    expect((await stage(world, {}, "otherAuthor")).summary).toBe("Python: experience_years 5 → 8");
  });

  test("staging a change for one target leaves it possible for the other", async () => {
    const world = await createWorld();
    await stage(world, { targets: ["d1cv"] });
    expect(await stageAs(world, { targets: ["d1cv"] })).toMatchObject({ ok: false });
    expect(await stageAs(world, { targets: ["both"] })).toMatchObject({ ok: true });
  });

  test.each(["UPDATE", "DELETE"] as const)("staging %s for a row staged for deletion is refused", async (action) => {
    const world = await createWorld();
    await stage(world, { action: "DELETE", values: {} });
    const again = { action, values: action === "DELETE" ? {} : { level: "Expert" } };
    expect(reasonOf(await stageAs(world, again))).toEqual({ code: "staged_for_deletion", name: "Python", number: 1 });
  });

  test.each(["UPDATE", "DELETE"] as const)(
    "staging %s is possible at a target where the row is not staged for deletion, and refused where it is",
    async (action) => {
      const world = await createWorld();
      await stage(world, { action: "DELETE", values: {}, targets: ["d1cv"] });
      const values = action === "DELETE" ? {} : { level: "Expert" };
      expect(reasonOf(await stageAs(world, { action, values, targets: ["both"] }))).toMatchObject({
        code: "staged_for_deletion",
        number: 1,
      });
      const { change } = await stage(world, { action, values, targets: ["ai"] });
      expect(change).toMatchObject({ action, targets: ["ai-agent"] });
      const { commit: made } = valueOf(
        await createCommit(world.as("author"), { message: "Both", draft: true, channelId: null, only: null }),
      );
      expect(made.summary).toMatch(action === "DELETE" ? /^Remove technology: Python$/ : /Expert at ai-agent/);
    },
  );

  test("staging a delete is possible after an update and after a create", async () => {
    const world = await createWorld();
    await stage(world);
    expect((await stage(world, { action: "DELETE", values: {} })).summary).toBe("Remove technology: Python");
    const { change } = await stage(world, rust);
    expect((await stage(world, { action: "DELETE", row: "rust", values: {} })).change.entityId).toBe(change.entityId);
  });
});

describe("names that people take for the same", () => {
  test("a new row with almost the name of a live one is staged with a warning that names it", async () => {
    const world = await createWorld();
    const staged = valueOf(await stageAs(world, create({ name: "ＰＹＴＨＯＮ", category: "Backend" })));
    expect(staged.similar).toEqual([{ id: "python-1", name: "Python" }]);
    expect(valueOf(await stageAs(world, rust)).similar).toEqual([]);
  });

  test("a new row with almost the name of one that somebody has staged is warned of too", async () => {
    const world = await createWorld();
    const { change } = valueOf(await stageAs(world, rust));
    const again = valueOf(await stageAs(world, create({ name: "RUST", category: "Backend" }), "admin"));
    expect(again.similar).toEqual([{ id: change.entityId, name: "Rust" }]);
  });

  test("an exact live name goes before a staged one that differs in case", async () => {
    const world = await createWorld();
    valueOf(await stageAs(world, create({ name: "PYTHON", category: "Backend" })));
    const toLive = valueOf(await stageAs(world, { row: "Python", values: { level: "Expert" } }));
    expect(toLive.change.entityId).toBe("python-1");
    const toStaged = valueOf(await stageAs(world, { row: "PYTHON", values: { level: "Expert" } }));
    expect(toStaged.change.entityId).toMatch(/^python-.{6}$/);
  });

  test("a row is found by its name in another case, width or normal form", async () => {
    const world = await createWorld();
    for (const [index, typed] of ["pyTHON", "Ｐｙｔｈｏｎ", " Python "].entries()) {
      const { change } = valueOf(await stageAs(world, { row: typed, values: { experience_years: index + 9 } }));
      expect(change.entityId).toBe("python-1");
    }
  });
});

describe("dates that belong together", () => {
  const work = create({ company: "Harbour", role: "Engineer", start_date: "2021-03" });

  test("an end before its start is refused for a new row, and for an update that sets one of the two", async () => {
    const world = await createWorld();
    const wrong = await stageAs(world, {
      ...work,
      entityType: "experience",
      values: { ...work.values, end_date: "2020" },
    });
    expect(reasonOf(wrong)).toMatchObject({
      code: "invalid_values",
      problems: [{ field: "end_date", rule: "is before its start: start_date is 2021-03" }],
    });
    const { change } = valueOf(await stageAs(world, { ...work, entityType: "experience" }));
    const later = await stageAs(world, {
      entityType: "experience",
      row: change.entityId,
      values: { end_date: "2021-02" },
    });
    expect(reasonOf(later)).toMatchObject({ code: "invalid_values", problems: [{ field: "end_date" }] });
    valueOf(await stageAs(world, { entityType: "experience", row: change.entityId, values: { end_date: "2021" } }));
  });
});

test("an id that is given for a new row is refused instead of ignored", async () => {
  const world = await createWorld();
  expect(reasonOf(await stageAs(world, { ...rust, row: "rust-1" }))).toEqual({
    code: "id_not_allowed",
    typed: "rust-1",
  });
});

test("a note with a control of direction is refused with its code point", async () => {
  const world = await createWorld();
  expect(reasonOf(await stageAs(world, { ...rust, note: "x\u202e" }))).toMatchObject({
    code: "text_not_allowed",
    what: "note",
    codePoint: "U+202E",
  });
});

test("a typed note of more than 300 characters is refused with its length", async () => {
  const world = await createWorld();
  expect(reasonOf(await stageAs(world, { ...rust, note: "x".repeat(301) }))).toEqual({
    code: "note_too_long",
    length: 301,
    maxLength: 300,
  });
  expect((await stageAs(world, { ...rust, note: "x".repeat(300) })).ok).toBe(true);
});
