/** Changes to one row that no commit can do both of: refused where they meet, by typing and over HTTP. */
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { lookAt } from "../test/support/bot/clicking-person.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";

const { author } = people;
const python = { entityType: "technology", entityId: "python-1" } as const;

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

/** The removal comes back by reopening its commit, and is older than the update that was staged meanwhile. */
const contradicting = () =>
  world.run(
    [author, "stage delete technology python-1"],
    [author, "commit -m Removal"],
    [author, "stage update technology python-1 experience_years=8"],
    [author, "reopen 1"],
  );

describe("an update that follows the removal of its row", () => {
  beforeEach(contradicting);

  test("/cv commit of an update after the row's removal names both changes, and how the later one is unstaged", async () => {
    const person = await lookAt(world, author, "commit -m Both");
    expect(person.said).toMatch(/Change 1 removes technology `python-1`, and change 2 would change it after that/);
    expect(person.said).toMatch(/\/cv unstage 2/);
    expect(await world.rows("commits")).toHaveLength(1);
    await world.run([author, "unstage 2"], [author, "commit -m Removal"]);
    expect(await world.rows("commits")).toMatchObject([{}, { summary: "Remove technology: Python" }]);
  });

  test("POST /commit of an update after the row's removal is refused, and writes nothing", async () => {
    const api = await ApiClient.of(world, author);
    const before = await world.facts();
    expect(await api.post("/commit", { message: "Both" })).toMatchObject({
      status: 409,
      body: { code: "contradicting_changes", kind: "removed", number: 2, on: 1, ...python },
    });
    expect(await world.facts()).toBe(before);
    expect(await api.post("/commit", { message: "The update alone", changes: [2] })).toMatchObject({ status: 201 });
  });
});

describe("a row that is staged for deletion at one target", () => {
  beforeEach(() => world.run([author, "stage delete technology python-1 --target d1cv"]));

  test("/cv stage of a change at the other target is staged, and one that includes the first is refused", async () => {
    const refused = await world.command(author, "stage update technology python-1 experience_years=8");
    expect(refused.said).toMatch(/Python.* is staged for deletion as change 1/);
    await world.run([author, "stage update technology python-1 experience_years=8 --target ai-agent"]);
    await world.mustSay(author, "commit -m Parted", /Needs|needs approval/);
    expect(await world.rows("commit_targets")).toMatchObject([{ target: "d1cv" }, { target: "ai-agent" }]);
  });

  test("POST /stage of a change at the other target is staged, and one that includes the first is refused", async () => {
    const api = await ApiClient.of(world, author);
    const change = { action: "UPDATE", ...python, payload: { experience_years: 8 } };
    expect(await api.post("/stage", change)).toMatchObject({
      status: 409,
      body: { code: "staged_for_deletion", number: 1 },
    });
    expect(await api.post("/stage", { ...change, targets: ["ai-agent"] })).toMatchObject({
      status: 201,
      body: { targets: ["ai-agent"] },
    });
  });
});
