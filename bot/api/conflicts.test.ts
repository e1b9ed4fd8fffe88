/** Conflicts over HTTP: listed with their three values, and resolved by what was looked at. */
import { beforeEach, expect, test } from "vitest";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let author: ApiClient;
let approver: ApiClient;
const row = { entityType: "technology", entityId: "python-1" } as const;

beforeEach(async () => {
  world = await createWorld();
  author = await ApiClient.of(world, people.author);
  approver = await ApiClient.of(world, people.approver);
  await author.post("/stage", { action: "UPDATE", ...row, payload: { experience_years: 8 } });
  await author.post("/commit", { message: "Python" });
  await approver.post("/commits/1/approve");
  change(7);
});

/** Somebody changes the row at both targets. */
const change = (years: number): void => {
  for (const name of ["d1cv", "ai-agent"] as const) {
    targets[name].put(world.portfolioId, "technology", "python-1", {
      name: "Python",
      category: "Backend",
      experience_years: years,
    });
  }
};

test("a refused push, the list and the resolution of a conflict carry its three values over HTTP", async () => {
  const fields = [{ field: "experience_years", base: 5, live: 7, yours: 8 }];
  const refused = await approver.post("/push/all", { commit: 1 });
  expect(refused).toMatchObject({ status: 409, body: { code: "drifted", count: 1, conflicts: [{ ...row, fields }] } });
  const listed = await author.get("/commits/1/conflicts");
  expect(listed.body).toMatchObject({
    commit: 1,
    unanswered: [],
    conflicts: [{ targets: ["d1cv", "ai-agent"], fields }],
  });
  expect(listed.body.seen).toBe(refused.body.seen);

  const choices = [{ take: "value", value: "9", ...row, field: "experience_years" }];
  const resolved = await author.post("/commits/1/resolve", { choices, seen: listed.body.seen });
  expect(resolved).toMatchObject({
    status: 200,
    body: { review: "in_review", meta: { decided: 1, left: [], voided: true } },
  });
  await approver.post("/commits/1/approve");
  expect((await approver.post("/push/all", { commit: 1 })).status).toBe(202);
});

test("a choice about values that are other ones by now is refused over HTTP, with the new ones", async () => {
  const { body } = await author.get("/commits/1/conflicts");
  change(6);
  expect(await author.post("/commits/1/resolve", { choices: [{ take: "mine" }], seen: body.seen })).toMatchObject({
    status: 409,
    body: { code: "conflicts_changed", conflicts: [{ fields: [{ live: 6 }] }] },
  });
});

test.each([
  [{ take: "mine", field: "experience_years" }],
  [{ take: "value", value: 9, ...row }],
  [{ take: "mine", value: 9 }],
])("a choice that would be ignored in part is refused over HTTP: %j", async (choice) => {
  expect((await author.post("/commits/1/resolve", { choices: [choice] })).status).toBe(422);
});
