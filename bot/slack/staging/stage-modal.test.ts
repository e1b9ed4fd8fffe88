/** The form in which a change is staged, from every place that opens it. */
import { env, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { countedDatabase } from "../../../test/support/bot/counted-database.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { slack, targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, botWith, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, otherAuthor, viewer } = people;
const years = "field:experience_years";

const opened = async (text = "stage update technology python-1"): Promise<{ world: World; screen: Screen }> => {
  const world = await createWorld();
  return { world, screen: await new Screen(world, author).command(text) };
};

const stagedIn = async (world: World) =>
  (await world.rows("staged_changes")).map(({ action, entity_type: type, entity_id: id, payload, targets: names }) => ({
    what: `${String(action)} ${String(type)} ${String(id)}`,
    payload: JSON.parse(String(payload)) as unknown,
    targets: JSON.parse(String(names)) as unknown,
  }));

const eventsOf = async (world: World): Promise<unknown[]> => (await world.rows("job_events")).map(({ type }) => type);

describe("the stage form", () => {
  test.each([
    ["stage", "UPDATE", "technology"],
    ["stage update", "UPDATE", "technology"],
    ["stage update project", "UPDATE", "project"],
    ["stage create technology", "CREATE", "technology"],
    ["stage delete certification", "DELETE", "certification"],
  ])("the stage form opens for `/cv %s`", async (text, action, type) => {
    const { screen } = await opened(text);
    expect(screen.input("type").element).toMatchObject({ type: "static_select", initial_option: { value: type } });
    expect(screen.input("action").element).toMatchObject({ initial_option: { value: action } });
    expect(slack.callsOf("views.open")).toHaveLength(1);
  });

  test("the stage form opens for the shortcut in the composer", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, author).shortcut("stage_change");
    expect(screen.has("row:technology")).toBe(true);
  });

  test("the stage form opens at once and is filled when rows have been read", async () => {
    await opened();
    expect(slack.views.contents.map(({ type, blocks }) => `${type} ${blocks.length}`)[0]).toBe("modal 1");
    expect(slack.callsOf("views.update")[0]?.args["hash"]).toBeTruthy();
  });

  test("the stage form opens on the named row with its values", async () => {
    for (const row of ["python-1", "Python"]) {
      const { screen } = await opened(`stage update technology ${row}`);
      expect(screen.input("row").element).toMatchObject({
        initial_option: { text: { text: "Python · python-1" }, value: "python-1" },
      });
      expect(screen.input(years)).toMatchObject({
        block_id: "field:experience_years:technology:python-1",
        hint: { text: "Now: 5. A number from 0 to 60" },
        element: {
          type: "number_input",
          initial_value: "5",
          min_value: "0",
          max_value: "60",
          is_decimal_allowed: true,
        },
      });
    }
  });

  test("the stage form shows one's own staged changes on top of the row", async () => {
    const world = await createWorld();
    await world.run([author, "stage update technology python-1 level=Expert"]);
    await world.mustSay(otherAuthor, "stage update technology python-1 experience_years=30", /Staged as change 2/);
    const screen = await new Screen(world, author).command("stage update technology python-1");
    expect(screen.input("field:level").element).toMatchObject({ initial_option: { value: "Expert" } });
    expect(screen.input(years).element).toMatchObject({ initial_value: "5" });
  });

  test("the stage form says when the named row does not exist", async () => {
    const { screen } = await opened("stage update technology cobol-1");
    expect(screen.said).toContain("There is no technology `cobol-1`");
    expect(screen.has(years)).toBe(false);
  });

  test("the stage form does not open for a viewer, who reads why", async () => {
    const world = await createWorld();
    const before = await world.facts();
    const screen = await new Screen(world, viewer).command("stage");
    expect(screen.said).toMatch(/Only an editor may stage changes; you are a viewer. Ask <@U0/);
    expect(screen.inputs).toEqual([]);
    expect(await world.facts()).toBe(before);
  });

  test("the stage form opens with a note as long as a command can be", async () => {
    const { world, screen } = await opened(`stage update technology python-1 --note "${"\u0001".repeat(3000)}"`);
    await screen.submit({ [years]: "8" });
    expect(screen.said).toContain("Staged as change 1");
    expect((await world.rows("staged_changes")).map(({ payload }) => payload)).toEqual(['{"experience_years":8}']);
  });

  test("the stage form does not open for an unknown type", async () => {
    const world = await createWorld();
    await world.mustSay(author, "stage update tecnology", /no entity type `tecnology`.*technology/);
    expect(slack.views.stack).toEqual([]);
  });
});

describe("the inputs of fields", () => {
  test.each([
    ["technology", "field:name", { type: "plain_text_input", max_length: 80 }],
    ["technology", "field:category", { type: "static_select" }],
    ["technology", "field:experience_years", { type: "number_input", is_decimal_allowed: true }],
    ["technology", "field:proficiency_percent", { type: "number_input", is_decimal_allowed: false }],
    ["technology", "field:is_featured", { type: "checkboxes" }],
    ["technology", "field:summary", { type: "plain_text_input", multiline: true }],
    ["project", "field:url", { type: "plain_text_input" }],
    ["project", "field:start_date", { type: "plain_text_input" }],
    ["project", "list:technologies", { type: "multi_external_select", min_query_length: 0 }],
    ["project", "field:highlights", { type: "plain_text_input", multiline: true }],
    ["profile", "field:email", { type: "plain_text_input", multiline: false }],
  ])("the stage form of a new %s has the right input: %s", async (type, prefix, element) => {
    const { screen } = await opened(`stage create ${type}`);
    expect(screen.input(prefix).element).toMatchObject(element);
  });

  test("the stage form has a datepicker for a day, and text for a month", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets))
      target.put(world.portfolioId, "project", "tide-1", {
        name: "Tide",
        start_date: "2024-05-31",
        end_date: "2025-01",
      });
    const screen = await new Screen(world, author).command("stage update project tide-1");
    expect(screen.input("field:start_date").element).toMatchObject({ type: "datepicker", initial_date: "2024-05-31" });
    expect(screen.input("field:end_date").element).toMatchObject({
      type: "plain_text_input",
      initial_value: "2025-01",
    });
  });

  test("the stage form shows an impossible date as text", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets))
      target.put(world.portfolioId, "project", "tide-1", {
        name: "Tide",
        start_date: "2024-02-31",
        end_date: "2024-05-31T00:00:00Z",
      });
    const screen = await new Screen(world, author).command("stage update project tide-1");
    const shown = ["field:start_date", "field:end_date"].map((prefix) => screen.input(prefix).element);
    expect(shown).toMatchObject([
      { type: "plain_text_input", initial_value: "2024-02-31" },
      { type: "plain_text_input", initial_value: "2024-05-31T00:00:00Z" },
    ]);
    await screen.submit();
    expect(screen.said).toContain("Nothing differs");
  });

  test("the stage form is accepted by Slack with any values of a target", async () => {
    const world = await createWorld();
    const long = "<&>".repeat(1500);
    for (const target of Object.values(targets)) {
      target.put(world.portfolioId, "project", "x".repeat(80), {
        name: long,
        description: `${long}${long}`,
        role: 5,
        url: "no address",
        repository_url: true,
        start_date: "2024-02-31",
        end_date: "2024-05-31T00:00:00Z",
        technologies: ["a".repeat(200), "", "a", "a"],
        highlights: Array.from({ length: 30 }, () => "h".repeat(300)),
      });
      target.put(world.portfolioId, "technology", "odd-1", {
        name: null,
        category: "Nonsense",
        experience_years: 999,
        proficiency_percent: 0.5,
        is_featured: "yes",
      });
      target.put(world.portfolioId, "profile", "me", { name: "N", email: "nobody", languages: ["b".repeat(75)] });
    }
    for (const row of [`project ${"x".repeat(80)}`, "technology odd-1", "profile me"]) {
      const screen = await new Screen(world, author).command(`stage update ${row}`);
      expect(screen.has("targets")).toBe(true);
      await screen.submit();
      expect(screen.said).toContain("Nothing differs");
    }
    expect(await stagedIn(world)).toEqual([]);
  });
});

describe("the submitted form", () => {
  test("the stage form stages the fields that differ and offers what comes next", async () => {
    const { world, screen } = await opened();
    await screen.submit({ [years]: "8", "field:summary": "Snakes\nmostly" });
    expect(screen.said).toMatch(/Staged as change 1: .*Python: experience_years 5 → 8/);
    expect(screen.said).toMatch(/Stage another[\s\S]*Commit…[\s\S]*Unstage/);
    expect(await stagedIn(world)).toEqual([
      {
        what: "UPDATE technology python-1",
        payload: { experience_years: 8, summary: "Snakes\nmostly" },
        targets: ["d1cv", "ai-agent"],
      },
    ]);
    expect(await eventsOf(world)).toEqual(["change.staged"]);
  });

  test("the stage form takes two round trips to the database", async () => {
    const { world, screen } = await opened();
    const db = countedDatabase();
    world.send = botWith({ DB: db });
    await screen.submit({ [years]: "8" });
    expect(await stagedIn(world)).toHaveLength(1);
    expect(db.roundTrips).toBe(2);
  });

  test("the stage form clears emptied fields and reads every kind of value", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets))
      target.put(world.portfolioId, "project", "tide-1", {
        name: "Tide",
        description: "Forecasts",
        url: "https://tide.example",
        start_date: "2024-05-31",
        technologies: ["Rust", "SQLite"],
        highlights: ["One, two"],
      });
    const screen = await new Screen(world, author).command("stage update project tide-1");
    await screen.submit({
      "field:url": null,
      "field:start_date": "2024-06-01",
      "list:technologies": ["Rust", "Zig"],
      "field:highlights": "One, two\n\n Three \n",
    });
    expect((await stagedIn(world))[0]?.payload).toEqual({
      url: null,
      start_date: "2024-06-01",
      technologies: ["Rust", "Zig"],
      highlights: ["One, two", "Three"],
    });
  });

  test("the stage form of a new row needs its required fields", async () => {
    const { world, screen } = await opened("stage create technology");
    await screen.submit({ [years]: "1" });
    expect(screen.errors).toEqual({
      "field:name:technology:": expect.stringMatching(/^Name is required/) as string,
      "field:category:technology:": expect.stringMatching(/^Category is required/) as string,
    });
    await screen.submit({ "field:name": "Rust", "field:category": "Backend", "field:is_featured": ["true"] });
    expect((await stagedIn(world))[0]?.payload).toEqual({
      name: "Rust",
      category: "Backend",
      experience_years: 1,
      is_featured: true,
    });
  });

  test("the stage form reports every invalid value at its input", async () => {
    const { world, screen } = await opened();
    await screen.submit({ [years]: "99", "field:name": null, "field:summary": "Good" });
    expect(screen.errors).toEqual({
      "field:experience_years:technology:python-1": "Years of experience must be a number from 0 to 60",
      "field:name:technology:python-1": "Name cannot be empty",
    });
    expect(await stagedIn(world)).toEqual([]);
    await screen.submit({ [years]: "9", "field:name": "Python" });
    expect((await stagedIn(world))[0]?.payload).toEqual({ experience_years: 9, summary: "Good" });
  });

  test("the stage form shows another refusal above its inputs", async () => {
    const { world, screen } = await opened();
    await world.run([author, "stage delete technology python-1"]);
    await screen.submit({ [years]: "8" });
    expect(screen.said).toContain("is staged for deletion as change 1");
    await world.run([author, "unstage 1"]);
    await screen.submit();
    expect((await stagedIn(world)).at(-1)?.payload).toEqual({ experience_years: 8 });
  });

  test("the stage form stages nothing when no value differs", async () => {
    const { world, screen } = await opened();
    await screen.submit({ [years]: "5" });
    expect(screen.said).toContain("Nothing differs from what is there now");
    expect(await stagedIn(world)).toEqual([]);
  });

  test("the stage form that is submitted twice stages its change once", async () => {
    const { world, screen } = await opened();
    screen.type(years, "8");
    const submission = screen.submission();
    await screen.interact(submission);
    await screen.answer(await screen.interact(submission));
    expect(await stagedIn(world)).toHaveLength(1);
    expect(screen.said).toContain("Staged as change 1");
  });

  test("the stage form stages for the chosen targets, at least one", async () => {
    const { world, screen } = await opened();
    await screen.submit({ [years]: "8", targets: [] });
    expect(screen.errors).toEqual({ targets: "Choose at least one." });
    await screen.submit({ targets: ["d1cv"] });
    expect((await stagedIn(world))[0]?.targets).toEqual(["d1cv"]);
  });

  test("the stage form has no choice of targets in a workspace with one", async () => {
    const world = await createWorld();
    await env.DB.prepare("DELETE FROM targets WHERE workspace_id = ?1 AND name = 'ai-agent'").bind(world.team).run();
    const screen = await new Screen(world, author).command("stage update technology python-1");
    expect(screen.has("targets")).toBe(false);
    await screen.submit({ [years]: "8" });
    expect((await stagedIn(world))[0]?.targets).toEqual(["d1cv"]);
  });

  test("the stage form of a removal shows what is removed", async () => {
    const { world, screen } = await opened("stage delete technology");
    await screen.choose("row", "jquery-1");
    expect(screen.said).toMatch(/\*jQuery\* will be removed:[\s\S]*Years of experience: 9/);
    expect(screen.has("field:")).toBe(false);
    await screen.submit();
    expect((await stagedIn(world))[0]?.what).toBe("DELETE technology jquery-1");
  });
});

describe("a choice in the form", () => {
  test("the stage form shows the values of another chosen row", async () => {
    const { screen } = await opened();
    screen.type(years, "8");
    await screen.choose("row", "jquery-1");
    expect(screen.input(years)).toMatchObject({
      block_id: "field:experience_years:technology:jquery-1",
      element: { initial_value: "9" },
    });
    await screen.choose("row", "python-1");
    await screen.submit();
    expect(screen.said).toContain("experience_years 5 → 8");
  });

  test("the stage form shows the fields of another chosen type or action", async () => {
    const { screen } = await opened();
    await screen.choose("type", "experience");
    expect(screen.has("field:")).toBe(false);
    expect(screen.has("row:experience")).toBe(true);
    await screen.choose("action", "CREATE");
    expect(screen.has("field:company:experience:")).toBe(true);
    expect(screen.has("row:")).toBe(false);
  });

  test("the stage form shows its fields first when it is submitted too early", async () => {
    const { world, screen } = await opened();
    screen.type("row", "jquery-1").type(years, "8");
    await screen.submit();
    expect(screen.said).toContain("were not shown yet");
    expect(screen.input(years).element).toMatchObject({ initial_value: "9" });
    expect(await stagedIn(world)).toEqual([]);
    await screen.submit({ [years]: "8" });
    expect(await stagedIn(world)).toMatchObject([{ what: "UPDATE technology jquery-1" }]);
    expect(screen.said).toContain("experience_years 9 → 8");
  });

  test("the stage form draws a refused choice at the submission", async () => {
    const { world, screen } = await opened();
    const newer = screen.choicePayload("action", "CREATE");
    await screen.choose("type", "education");
    screen.type("action", "CREATE");
    await screen.interact(newer);
    expect(slack.callsOf("views.update").at(-1)?.outcome).toBe("hash_conflict");
    await screen.submit();
    expect(screen.said).toContain("were not shown yet");
    expect(screen.has("field:institution:education:")).toBe(true);
    await screen.submit({ "field:institution": "EPFL", "field:degree": "MSc" });
    expect((await stagedIn(world)).map(({ what }) => what.slice(0, 16))).toEqual(["CREATE education"]);
  });

  test("the stage form ignores the answer to an older choice", async () => {
    const { screen } = await opened();
    const older = screen.choicePayload("type", "education");
    await screen.choose("type", "project");
    await screen.interact(older);
    expect(screen.input("type").element).toMatchObject({ initial_option: { value: "project" } });
    expect(slack.callsOf("views.update").at(-1)?.outcome).toBe("hash_conflict");
  });
});

describe("typeahead", () => {
  const offered = async (screen: Screen, typed: string): Promise<string[]> =>
    (await screen.suggest("row", typed)).options.map(({ text }) => text.text);

  test("the typeahead of rows offers names and ids, best first", async () => {
    const world = await createWorld();
    world.putRow("cpython-1", { name: "CPython" });
    world.putRow("monty-1", { name: "Monty Python" });
    const screen = await new Screen(world, author).command("stage");
    expect(await offered(screen, "pyth")).toEqual([
      "Python · python-1",
      "Monty Python · monty-1",
      "CPython · cpython-1",
    ]);
    expect(await offered(screen, "pyhton")).toContain("Python · python-1");
    expect(await offered(screen, "jquery-1")).toEqual(["jQuery · jquery-1"]);
    expect(await offered(screen, "")).toHaveLength(4);
    expect(await offered(screen, "zzz")).toEqual([]);
  });

  test("the typeahead of rows offers the person's staged new rows", async () => {
    const world = await createWorld();
    await world.run([author, "stage create technology name=Rust category=Backend"]);
    const screen = await new Screen(world, author).command("stage");
    expect(await offered(screen, "rust")).toEqual([
      expect.stringMatching(/^Rust · rust-.* \(new, staged\)$/) as string,
    ]);
    const others = await new Screen(world, otherAuthor).command("stage");
    expect(await offered(others, "rust")).toEqual([]);
  });

  test("the typeahead of rows offers at most a hundred, within Slack's lengths", async () => {
    const world = await createWorld();
    for (let index = 0; index < 150; index += 1) world.putRow(`${"r".repeat(60)}${index}`, { name: "N".repeat(200) });
    const screen = await new Screen(world, author).command("stage");
    expect(await offered(screen, "n")).toHaveLength(100);
  });

  test("the typeahead of lists offers existing items and the typed one", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets)) {
      target.put(world.portfolioId, "project", "a", { name: "A", technologies: ["Go", "Rust"] });
      target.put(world.portfolioId, "project", "b", { name: "B", technologies: ["Rust"] });
    }
    const screen = await new Screen(world, author).command("stage create project");
    const items = async (typed: string) =>
      (await screen.suggest("list:technologies", typed)).options.map(({ text, value }) => `${text.text}=${value}`);
    expect(await items("")).toEqual(["Rust=Rust", "Go=Go"]);
    expect(await items("ru")).toEqual(["Add “ru”=ru", "Rust=Rust"]);
    expect(await items("Rust")).toEqual(["Rust=Rust"]);
    expect(await items("x".repeat(500))).toEqual([]);
  });

  test("the typeahead of rows offers nothing to a viewer", async () => {
    const { world, screen } = await opened("stage");
    await world.grant(author, "viewer");
    expect(await offered(screen, "p")).toEqual([]);
  });
});

describe("an outage of targets", () => {
  test("the stage form shows cached rows with their age while targets are down", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, author).command("stage");
    for (const target of Object.values(targets)) target.mood = "down";
    expect((await screen.suggest("row", "py")).labels).toEqual([]);
    clock.advance(12 * 60_000);
    const late = await screen.suggest("row", "py");
    expect(late.labels).toEqual(["As of 12 min ago: d1cv does not answer"]);
    expect(late.options.map(({ value }) => value)).toEqual(["python-1"]);

    const form = await new Screen(world, author).command("stage update technology python-1");
    expect(form.said).toContain("As of 12 min ago: d1cv does not answer");
    await form.submit({ [years]: "8" });
    expect(form.said).toMatch(/Staged as change 1[\s\S]*did not answer/);
    expect((await stagedIn(world))[0]?.payload).toEqual({ experience_years: 8 });
  });

  test("the stage form reads from the second target when the first is down", async () => {
    const world = await createWorld();
    targets.d1cv.mood = "down";
    const screen = await new Screen(world, author).command("stage update technology python-1");
    expect(screen.input(years).element).toMatchObject({ initial_value: "5" });
    expect(screen.said).not.toContain("does not answer");
  });

  test("the stage form takes typed id and values when nothing is cached", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets)) target.mood = "down";
    const screen = await new Screen(world, author).command("stage");
    expect(screen.said).toContain("No target answers");
    expect(screen.inputs.filter(({ optional, block_id: id }) => !optional && id?.startsWith("field:"))).toEqual([]);
    await screen.submit({ [years]: "8" });
    expect(screen.errors).toEqual({ "id:technology": "Choose the row." });
    await screen.submit({ "id:": "python-1" });
    expect(await stagedIn(world)).toEqual([
      { what: "UPDATE technology python-1", payload: { experience_years: 8 }, targets: ["d1cv", "ai-agent"] },
    ]);
  });

  test("the stage form reads rows again after a minute", async () => {
    const world = await createWorld();
    const screen = await new Screen(world, author).command("stage");
    const reads = (): number => targets.d1cv.requests.filter((line) => line.endsWith("/technology")).length;
    const before = reads();
    await screen.suggest("row", "p");
    clock.advance(59_000);
    await screen.suggest("row", "py");
    expect(reads()).toBe(before);
    clock.advance(2000);
    await screen.suggest("row", "pyt");
    expect(reads()).toBe(before + 1);
  });
});

test("the stage form whose database answer is lost stages once", async () => {
  const { world, screen } = await opened("stage create technology");
  let batches = 0;
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await env.DB.batch(statements);
    batches += 1;
    if (batches === 2) throw new Error("the answer was lost");
    return results;
  };
  world.send = botWith({ DB: { prepare: env.DB.prepare.bind(env.DB), batch } });
  await screen.submit({ "field:name": "Rust", "field:category": "Backend" });
  expect(screen.said).toContain("Loading");
  clock.advance(60_000);
  await runDurableObjectAlarm(env.PENDING_COMMANDS.getByName(world.team));
  expect(screen.said).toContain("Staged as change 1");
  expect(await stagedIn(world)).toHaveLength(1);
});
