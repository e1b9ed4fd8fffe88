import { describe, expect, test } from "vitest";
import { countedDatabase } from "../../../test/support/bot/counted-database.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, botWith, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, otherAuthor, viewer, admin } = people;
const years = "field:experience_years";

const payloads = async (world: World): Promise<unknown[]> =>
  (await world.rows("staged_changes")).map(({ payload }) => JSON.parse(String(payload)) as unknown);

const opened = async (staged = "stage update technology python-1 experience_years=8", by: string = author) => {
  const world = await createWorld();
  await world.run([author, staged]);
  return { world, screen: await new Screen(world, by).command("edit 1") };
};

describe("the edit form", () => {
  test("the edit form shows the change on top of its row", async () => {
    const { screen } = await opened();
    expect(screen.input(years)).toMatchObject({
      hint: { text: "Now: 5. A number from 0 to 60" },
      element: { initial_value: "8" },
    });
    expect(screen.input("field:name").element).toMatchObject({ initial_value: "Python" });
  });

  test("the edit form changes what differs and keeps the rest", async () => {
    const { world, screen } = await opened();
    await screen.submit({ "field:level": "Expert" });
    expect(screen.said).toMatch(/Change 1 is now/);
    expect(await payloads(world)).toEqual([{ experience_years: 8, level: "Expert" }]);
    expect((await world.rows("job_events")).map(({ type }) => type)).toEqual(["change.staged", "change.edited"]);
  });

  test("the edit form takes two round trips to the database", async () => {
    const { world, screen } = await opened();
    const db = countedDatabase();
    world.send = botWith({ DB: db });
    await screen.submit({ [years]: "9" });
    expect(await payloads(world)).toEqual([{ experience_years: 9 }]);
    expect(db.roundTrips).toBe(2);
  });

  test("the edit form shows and changes a new row", async () => {
    const { world, screen } = await opened("stage create technology name=Rust category=Backend level=Expert");
    expect(screen.said).toContain("New technology *Rust*");
    await screen.submit({ "field:name": "Rust 2", "field:level": null });
    expect(await payloads(world)).toEqual([{ name: "Rust 2", category: "Backend", level: null }]);
  });

  test("the edit form shows an invalid value at its input, and a refusal above", async () => {
    const { world, screen } = await opened();
    await screen.submit({ [years]: "99" });
    expect(screen.errors).toEqual({
      "field:experience_years:technology:python-1": "Years of experience must be a number from 0 to 60",
    });
    await screen.submit({ [years]: "8" });
    expect(screen.said).toContain("Nothing differs from what is staged");
    await world.run([author, "unstage 1"]);
    await screen.submit({ [years]: "9" });
    expect(screen.said).toMatch(/no staged change 1/i);
  });

  test("the edit form changes the targets alone", async () => {
    const { world, screen } = await opened();
    await screen.submit({ targets: ["d1cv"] });
    expect((await world.rows("staged_changes"))[0]?.["targets"]).toBe('["d1cv"]');
  });

  test.each([
    [otherAuthor, /belongs to <@U0AVERY01>/],
    [viewer, /Only an editor may stage changes/],
  ])("the edit form does not open for %s", async (person, words) => {
    const { screen } = await opened(undefined, person);
    expect(screen.said).toMatch(words);
    expect(screen.inputs).toEqual([]);
  });

  test("the edit form opens for an admin", async () => {
    expect((await opened(undefined, admin)).screen.has(years)).toBe(true);
  });

  test("the edit form says that a removal has nothing to edit", async () => {
    const { screen } = await opened("stage delete technology jquery-1");
    expect(screen.said).toMatch(/removes|removal|delete/i);
    expect(screen.inputs).toEqual([]);
  });

  test("the edit form of a row that was never read requires no field", async () => {
    const world = await createWorld();
    for (const target of Object.values(targets)) target.mood = "down";
    await world.mustSay(author, "stage update technology python-1 experience_years=8", /did not answer/);
    const screen = await new Screen(world, author).command("edit 1");
    expect(screen.input("field:name")).toMatchObject({ optional: true });
    await screen.submit({ [years]: "9" });
    expect(await payloads(world)).toEqual([{ experience_years: 9 }]);
  });
});
