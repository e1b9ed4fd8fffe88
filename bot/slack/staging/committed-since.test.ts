/** Private replies stay where they are while things go on: what a click on one does is judged by what is so now. */
import { expect, test } from "vitest";
import { Driver } from "../../../test/support/bot/clicking-person.ts";
import { createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver } = people;
const python = "stage update technology python-1 experience_years=8";

test("Unstage on a reply whose change is committed by now says so, and offers to reopen the commit", async () => {
  const world = await createWorld();
  const driver = new Driver(world, author, await world.command(author, python));
  await world.run([author, "commit x"]);
  await driver.click("Unstage");
  expect(driver.said).toContain("Change 1 is part of commit #1. Reopen the commit to edit or unstage it.");
  await driver.click("Reopen it");
  expect(await world.rows("staged_changes")).toMatchObject([{ state: "staged" }]);
});

test("Unstage on a reply whose change is on its way to a target shows the commit, and offers no reopening", async () => {
  const world = await createWorld();
  const driver = new Driver(world, author, await world.command(author, python));
  await world.run([author, "commit x"], [approver, "approve 1"], [approver, "push 1 all"]);
  await world.report("d1cv", {
    type: "job.completed",
    result: { inserted: 0, updated: 1, deleted: 0, d1Count: 1, vectorCount: null, synced: null },
  });
  await driver.click("Unstage");
  expect(driver.said).toContain("Change 1 is part of commit #1, which has been pushed.");
  expect(driver.clickables.map(({ label }) => label)).toEqual(["Show commit #1"]);
});

test("/cv why is asked again where it stands, and shows what is so now", async () => {
  const world = await createWorld();
  await world.run([author, python], [author, "commit x"]);
  const driver = new Driver(world, author, await world.command(author, "why 1"));
  expect(driver.said).not.toContain("is approved by");
  await world.run([approver, "approve 1"]);
  await driver.click("Look again");
  expect(driver.said).toContain(`The commit is approved by <@${approver}>.`);
});
