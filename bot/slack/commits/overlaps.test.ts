/** Who else is about to change the same rows, where people stage and where they decide; and over HTTP. */
import { expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, otherAuthor, approver } = people;

const createCommitted = async (): Promise<World> => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit Eight"]);
  await world.settle();
  return world;
};

const ofCommit = /Commit #1 by <@\w+> also changes Python \(`experience_years`\)/;
const ofChange = /Change 2, staged by <@\w+>, also changes Python \(`experience_years`\)/;

test("a reply to /cv stage, the staged list and /cv show name what overlaps, with the fields of both", async () => {
  const world = await createCommitted();
  await world.mustSay(otherAuthor, "stage update technology python-1 experience_years=9", ofCommit);
  await world.mustSay(otherAuthor, "staged", ofCommit);
  await world.mustSay(approver, "show 1", ofChange);
  await world.mustSay(approver, "commits", /#1.*overlaps with change 2/);
  await world.mustSay(approver, "", /needs your approval.*overlaps with change 2/);
  await world.mustSay(otherAuthor, "edit 2 level=Expert", ofCommit);
  expect((await world.command(otherAuthor, "staged")).said).toMatch(/\(`experience_years`\)/);
  await world.mustSay(otherAuthor, "commit Nine", /Commit #1 by <@\w+> also changes `python-1`/);
});

test("a card that is posted names a later change to its row beside Approve, until that is unstaged", async () => {
  const world = await createCommitted();
  const card = () => world.message(/Commit #1/);
  expect(textsOf(card())).not.toContain("also changes");
  await world.run([otherAuthor, "stage update technology python-1 experience_years=9"]);
  await world.settle();
  expect(textsOf(card())).toMatch(ofChange);
  const { edits } = card();
  await world.run([otherAuthor, "stage update technology jquery-1 level=Expert"]);
  await world.settle();
  expect(card().edits).toBe(edits);
  await world.run([otherAuthor, "unstage 2"]);
  await world.settle();
  expect(textsOf(card())).not.toContain("also changes");
});

test("many changes to a commit's row while Slack waits are one write of its card", async () => {
  const world = await createCommitted();
  const { edits } = world.message(/Commit #1/);
  for (const level of ["Expert", "Advanced", "Beginner"]) {
    await world.command(otherAuthor, `stage update technology python-1 level=${level}`);
  }
  await world.settle();
  expect(world.message(/Commit #1/).edits - edits).toBe(1);
});

test("changes and commits over HTTP carry what overlaps with them", async () => {
  const world = await createCommitted();
  const api = await ApiClient.of(world, otherAuthor);
  const row = { entityType: "technology", entityId: "python-1" };
  const rows = [{ ...row, targets: ["d1cv", "ai-agent"], fields: ["experience_years"], whole: false }];
  const overlaps = [{ commit: 1, change: null, author, rows, rowCount: 1 }];
  const staged = await api.post("/stage", { action: "UPDATE", ...row, payload: { experience_years: 9 } });
  expect(staged.body).toMatchObject({ number: 2, meta: { overlaps, overlapCount: 1 } });
  expect((await api.get("/staged")).body.changes).toMatchObject([{ overlaps, overlapCount: 1 }]);
  const other = [{ commit: null, change: 2, author: otherAuthor, rows, rowCount: 1 }];
  expect((await api.get("/commits/1")).body).toMatchObject({ overlaps: other, overlapCount: 1 });
  expect((await api.get("/commits")).body.commits).toMatchObject([{ overlaps: other, overlapCount: 1 }]);
  expect((await api.post("/commit", { message: "Nine" })).body).toMatchObject({ number: 2, meta: { overlaps } });
});
