/** A row that somebody has changed at a target: pushed again by typing, by clicking and over HTTP. */
import { beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { targets } from "../../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";
import { describe as problemText, validateMessage } from "../../../tools/slack/validate-blocks.ts";

const { author, approver, otherApprover } = people;

let world: World;

const python = (years: number) => ({ name: "Python", category: "Backend", experience_years: years });

const completed = { type: "job.completed", result: applied() } as const;

beforeEach(async () => {
  world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit -m Python"],
    [approver, "approve 1"],
    [approver, "push 1 all"],
  );
  await world.report("d1cv", completed);
  await world.report("ai-agent", completed);
  world.putRow("python-1", python(8));
  targets.d1cv.put(world.portfolioId, "technology", "python-1", python(3));
});

describe("a row that differs at a target", () => {
  test("/cv verify shows three values of it, and a button each to push again, to fix and to accept", async () => {
    const reply = await world.command(approver, "verify");
    expect(reply.said).toMatch(/Python.*at d1cv.*experience_years.* is 3, and 8 by commit #1.*live at ai-agent: 8/);
    const labels = ["Push #1 again", "Stage a fix", "Accept what is live"];
    for (const label of labels) expect(reply.said.split("\n")).toContain(label);
    const danger = JSON.stringify(reply.blocks).match(/"style":"danger"/g) ?? [];
    expect(danger.length).toBeLessThanOrEqual(1);
  });

  test("a click on Push again starts a push of the commit to that target, and shows a new comparison", async () => {
    const person = await lookAt(world, approver, "verify");
    await person.click("Push #1 again");
    expect(person.said).toMatch(/Push \*#2\* of commit \*#1\* to d1cv has started again/);
    expect(await world.rows("jobs")).toMatchObject([{}, {}, { target: "d1cv", state: "pending" }]);
    await world.settle();
    targets.d1cv.put(world.portfolioId, "technology", "python-1", python(8));
    await world.report("d1cv", completed);
    expect((await world.command(approver, "verify")).said).toContain("Every row is as it was pushed");
    expect(await world.rows("commits")).toMatchObject([{ status: "applied_all" }]);
  });

  test("/cv verify push typed by an editor, and for a row that is as it should be, is refused", async () => {
    expect((await world.command(author, "verify push d1 technology python-1")).said).toMatch(/approver/);
    expect((await world.command(approver, "verify push ai technology python-1")).said).toMatch(/as it should be/);
    expect((await world.command(approver, "verify pull d1 technology python-1")).said).toMatch(
      /is not push, fix or accept/,
    );
    expect(await world.rows("pushes")).toHaveLength(1);
  });

  test("a push again that fails offers no retry in its thread, but a new comparison", async () => {
    await world.run([otherApprover, "verify push d1 technology python-1"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "no space" } });
    await world.settle();
    const card = world.message(/no space/);
    expect(JSON.stringify(card.blocks)).not.toContain('"Retry"');
    expect(JSON.stringify(card.blocks)).toContain("/cv verify");
    expect((await world.command(approver, "retry 1")).said).toMatch(/nothing to retry/);
    expect((await world.command(approver, "verify")).said.split("\n")).toContain("Push #1 again");
  });

  test("the API lists it with what is live elsewhere, and pushes it again once for each key", async () => {
    const api = await ApiClient.of(world, approver);
    const { body } = await api.get("/verify");
    expect(body.differences).toMatchObject([
      { entityId: "python-1", elsewhere: [{ target: "ai-agent", live: { value: 8 } }], pushAgain: 1 },
    ]);
    const row = { target: "d1", entityType: "technology", entityId: "python-1" };
    const key = { "Idempotency-Key": "push-it-again" };
    const pushed = await api.post("/verify/push", row, key);
    expect(pushed).toMatchObject({ status: 202, body: { number: 2, commit: 1, jobs: [{ target: "d1cv" }] } });
    expect(await api.post("/verify/push", row, key)).toMatchObject({ status: 202, body: { number: 2 } });
    expect(await api.post("/verify/push", row)).toMatchObject({ status: 409, body: { code: "push_in_progress" } });
    expect(await api.post("/verify/push", { ...row, target: "ai" })).toMatchObject({
      status: 409,
      body: { code: "no_difference" },
    });
  });
});

test("a comparison with 60 rows that differ stays within a message's blocks, and says how many more there are", async () => {
  for (let index = 0; index < 60; index += 1) {
    const values = { name: `Row ${index}`, category: "Backend", experience_years: 1 };
    world.putRow(`many-${index}`, values);
    targets.d1cv.put(world.portfolioId, "technology", `many-${index}`, { ...values, experience_years: 2 });
  }
  const { text, blocks, said } = await world.command(approver, "verify");
  expect(validateMessage({ text, blocks }).map(problemText)).toEqual([]);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(said).toContain("… and 53 more rows");
});
