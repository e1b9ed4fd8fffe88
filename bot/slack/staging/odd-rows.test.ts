/** What a person sees of rows with odd ids, of names typed during an outage, and of stored rows that cannot be read. */
import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, author, approver } = people;
const setMood = (mood: "down" | "well"): void => {
  for (const target of Object.values(targets)) target.mood = mood;
};

const said = async (world: World, userId: string, command: string): Promise<string> =>
  (await world.command(userId, command)).said;

test("a name that was typed in an outage is looked up at the commit, and stops nobody", async () => {
  const world = await createWorld();
  setMood("down");
  const staged = await said(world, author, 'stage delete technology "Apache Airflow"');
  expect(staged).toContain("nobody knows yet which row `Apache Airflow` is");
  expect(await said(world, author, "commit Tidy up")).toContain("Nothing was committed");
  setMood("well");
  expect(await said(world, author, "commit Tidy up")).toContain("no technology `Apache Airflow`");
  for (const command of ["", "status", "staged", "commits"]) {
    expect(await said(world, approver, command)).not.toContain("went wrong");
  }
});

test("a stored change that cannot be read is shown to an admin with the way to discard it", async () => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "stage update technology jquery-1 level=Expert"],
  );
  await env.DB.prepare("UPDATE staged_changes SET base = '[]' WHERE number = 1").run();
  for (const command of ["", "status"]) {
    expect(await said(world, admin, command)).toContain("`/cv unstage 1` discards it");
    expect(await said(world, author, command)).not.toContain("cannot be read");
  }
  expect(await said(world, author, "commit jQuery")).toContain("#1");
  expect(await said(world, admin, "unstage 1")).toContain("1");
  expect(await said(world, admin, "status")).not.toContain("cannot be read");
});
