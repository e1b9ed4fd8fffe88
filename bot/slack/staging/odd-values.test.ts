/** Values as people and programs write them, by command, by form and by the API. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";
import { entityOf } from "../../../shared/domain/portfolio/registry.ts";
import { checkValues } from "../../../shared/domain/staging/values.ts";
import { parseArguments } from "../core/commands/grammar.ts";
import { escape } from "../blocks/text.ts";
import { typedLine } from "./typed-change.ts";

const { author } = people;
let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const payloads = async (): Promise<unknown[]> =>
  (await world.rows("staged_changes")).map(({ payload }) => JSON.parse(String(payload)) as unknown);

const project = 'stage create project name=Tides description="Forecasts"';

describe("a list with commas in its items", () => {
  test.each([
    ['technologies="Compilers, advanced",Databases', ["Compilers, advanced", "Databases"]],
    ['technologies=Databases,"Compilers, advanced"', ["Databases", "Compilers, advanced"]],
    ['technologies="Compilers,Databases"', ["Compilers", "Databases"]],
    ['technologies="\\"Compilers, advanced\\""', ["Compilers, advanced"]],
    ["technologies=“Compilers, advanced”,Databases", ["Compilers, advanced", "Databases"]],
    ['technologies="say \\"hi\\", twice",Go', ['say "hi", twice', "Go"]],
    ['technologies="Rust","Go"', ["Rust", "Go"]],
  ])("a list with commas is staged as it is typed: %s", async (typed, technologies) => {
    await world.run([author, `${project} ${typed}`]);
    expect(await payloads()).toEqual([{ name: "Tides", description: "Forecasts", technologies }]);
  });

  test("a list is compared item by item, with quotes around an item that has a comma", async () => {
    await world.run([author, `${project} technologies="Compilers, advanced",Databases`]);
    const id = String((await world.rows("staged_changes"))[0]?.["entity_id"]);
    await world.run([author, `stage update project ${id} technologies=Databases,Rust`]);
    expect((await world.command(author, "staged")).said).toContain('technologies "Compilers, advanced", Databases →');
  });

  test("a line of a form stages the list that it was made of", () => {
    const item = fc
      .string({ unit: fc.constantFrom('"', "“", "'", ",", " ", "\\", "a", "é", "=", "&", "<") })
      .map((text) => text.trim().normalize("NFC"))
      .filter((text) => text !== "");
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), (technologies) => {
        const line = typedLine({ action: "UPDATE", entityType: "project", row: "x", values: { technologies } });
        const read = parseArguments(escape(line), []);
        const values = read.ok ? checkValues(entityOf("project"), read.value.fields, false) : read;
        expect(values).toEqual({ ok: true, value: { technologies } });
      }),
    );
  });
});

describe("a value that cannot be taken", () => {
  test.each([
    ["experience_years=1,000", "can be read in two ways: write 1000 or 1"],
    ["name=Py\u202ethon", "has U+202E (right-to-left override) after &quot;Py&quot;".replaceAll("&quot;", '"')],
    ["name=\u2800", "has nothing visible"],
  ])("a typed value is refused in words that fit it: %s", async (typed, rule) => {
    const { said } = await world.command(author, `stage update technology python-1 ${typed}`);
    expect(said).toContain(rule);
    expect(said).not.toContain("\u202e");
    expect(await payloads()).toEqual([]);
  });

  test("an end before its start is refused with the start beside it", async () => {
    const { said } = await world.command(author, `${project} start_date=2024-05 end_date=2023`);
    expect(said).toContain("is before its start: start_date is 2024-05");
  });

  test("a message, a reason or a name with a control of direction is refused by its command", async () => {
    await world.run([author, "stage update technology python-1 experience_years=8"]);
    expect((await world.command(author, "commit -m a\u202eb")).said).toContain("The message has U+202E");
    await world.run([author, "commit -m One"]);
    expect((await world.command(people.approver, "reject 1 a\u202eb")).said).toContain("The reason has U+202E");
    expect((await world.command(people.approver, `reject 1 ${"x".repeat(1001)}`)).said).toContain("1001 characters");
    expect((await world.command(author, "tokens new a\u202eb --scopes read")).said).toContain("The name has U+202E");
  });

  test("a form shows a long bullet's own rule at its input", async () => {
    world.putRow("x-1", { name: "X", category: "Backend" });
    const screen = await new Screen(world, author).command("stage create project");
    await screen.type("field:highlights", `Short\n${"x".repeat(412)}`).submit();
    expect(Object.values(screen.errors).join("\n")).toContain("412 characters in item 2; an item may have at most 300");
  });
});

describe("what a target has already", () => {
  test("a live name with a control of direction is shown with its escape, and its other fields can be changed", async () => {
    world.putRow("evil-1", { name: "Py\u202enohty", category: "Backend" });
    await world.run([author, "stage update technology evil-1 level=Expert"]);
    const { said } = await world.command(author, "diff");
    expect(said).toContain("Py\\u{202E}nohty");
    expect(said).not.toContain("\u202e");
  });
});

describe("the API", () => {
  test("the API refuses an id for a new row, and a text that is not well-formed", async () => {
    const api = await ApiClient.of(world, author);
    const rust = { action: "CREATE", entityType: "technology", payload: { name: "Rust", category: "Backend" } };
    expect(await api.post("/stage", { ...rust, entityId: "rust-1" })).toMatchObject({
      status: 422,
      body: { code: "id_not_allowed", typed: "rust-1" },
    });
    expect(await api.post("/stage", { ...rust, payload: { name: "Ru\ud83dst", category: "Backend" } })).toMatchObject({
      status: 422,
      body: { code: "invalid_values", problems: [{ field: "name" }] },
    });
    expect(await api.post("/stage", { ...rust, note: "a\u202eb" })).toMatchObject({
      status: 422,
      body: { code: "text_not_allowed", what: "note", codePoint: "U+202E" },
    });
    expect(await api.post("/stage", { ...rust, payload: { name: "PYTHON", category: "Backend" } })).toMatchObject({
      status: 201,
      body: { meta: { similar: [{ id: "python-1", name: "Python" }] } },
    });
  });
});
