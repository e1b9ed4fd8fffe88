/** A commit whose rows somebody has changed is nowhere called ready to push, once that was found. */
import { expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { clickablesOf } from "../../../test/support/bot/clickables.ts";
import { labelsOf } from "../../../test/support/bot/private-click.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, admin, approver } = people;

const set = (world: World, years: number): void => {
  for (const name of ["d1cv", "ai-agent"] as const) {
    targets[name].put(world.portfolioId, "technology", "python-1", {
      name: "Python",
      category: "Backend",
      experience_years: years,
    });
  }
};

/** Approved, and refused by a push since. */
const createDrifted = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Eight"],
    [approver, "approve 1"],
  );
  await world.settle();
  expect(textsOf(world.message(/Commit #1/))).toContain("Ready to push");
  set(world, 7);
  await world.mustSay(approver, "push 1 all", /Field +When staged/);
  await world.settle();
  return world;
};

const cardOf = (world: World) => world.message(/Commit #1/);

test("the card of a commit says its conflict with the values, and offers Resolve… in place of a push", async () => {
  const world = await createDrifted();
  const card = cardOf(world);
  expect(textsOf(card)).toMatch(/In conflict at ai-agent and d1cv[^]*`experience_years` was 5, is 7 now, yours is 8/);
  expect(textsOf(card)).not.toContain("Ready to push");
  expect(card.text).toContain("It is approved, in conflict.");
  expect(labelsOf(card)).toEqual(["Resolve…", "Details", "Withdraw approval"]);
});

test("lists, Home, and action items of everybody say the conflict by the same word", async () => {
  const world = await createDrifted();
  await world.mustSay(author, "commits", /approved, in conflict/);
  const shown = await world.mustSay(approver, "show 1", /approved, in conflict[^]*is 7 now/);
  expect(labelsOf(shown).filter((label) => label.startsWith("Push"))).toEqual([]);
  const own = await world.mustSay(author, "", /approved, in conflict[^]*yours is 8/);
  expect(clickablesOf(own.blocks).map(({ label }) => label)).toContain("Resolve…");
  const others = await world.mustSay(approver, "", /in conflict; .* may resolve it/);
  expect(others.said).not.toContain("ready to push");
});

test("a decision does not advise a push of what is known to be in conflict", async () => {
  const world = await createDrifted();
  await world.run([approver, "withdraw 1"]);
  const { said } = await world.command(approver, "approve 1");
  expect(said).not.toContain("/cv push");
});

test("what is known is cleared by a check that finds the old values, and by a resolution", async () => {
  const world = await createDrifted();
  set(world, 5);
  await world.command(admin, "why 1");
  await world.settle();
  expect(textsOf(cardOf(world))).toContain("Ready to push");
  set(world, 7);
  await world.command(admin, "why 1");
  await world.settle();
  expect(textsOf(cardOf(world))).toContain("In conflict");
  await world.run([author, "resolve 1 mine"]);
  await world.settle();
  expect(textsOf(cardOf(world))).not.toContain("n conflict");
});

test("commits over HTTP name the targets at which conflicts are known, and action items ask to resolve", async () => {
  const world = await createDrifted();
  const api = await ApiClient.of(world, author);
  expect((await api.get("/commits")).body.commits).toMatchObject([{ drifted: ["ai-agent", "d1cv"] }]);
  expect((await api.get("/commits/1")).body).toMatchObject({ drifted: ["ai-agent", "d1cv"] });
  expect((await api.get("/action-items")).body.actionItems).toMatchObject([{ kind: "resolve" }]);
  set(world, 5);
  await api.get("/commits/1/checks");
  expect((await api.get("/commits/1")).body).toMatchObject({ drifted: [] });
});
