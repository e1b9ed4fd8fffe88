/** A target with a lower limit than others refuses a commit for its size: nobody is offered a retry anywhere. */
import { beforeEach, expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver } = people;
const error = { code: "too_large", message: "d1cv answered 413: A request is at most 1000 bytes." };

let world: World;

beforeEach(async () => {
  world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit -m Python"],
    [approver, "approve 1"],
    [approver, "push 1 all"],
  );
});

const buttonsIn = (said: string): string[] => said.split("\n");

test("the thread and the card of a push that is too large for its target offer to reopen, and no retry", async () => {
  await world.report("d1cv", { type: "job.failed", error });
  await world.settle();
  const thread = world.message(/d1cv.* failed.*answered 413/);
  const card = world.message(/Push #1.*commit #1/);
  for (const message of [thread, card]) {
    const labels = JSON.stringify(message.blocks);
    expect(labels).not.toContain('"Retry"');
    expect(labels).toContain('"Reopen"');
  }
  expect(JSON.stringify(thread.blocks)).toContain("takes less than this at once");
  expect((await world.click(author, thread, "Reopen")).said).toMatch(/staged again/);
  expect(await world.rows("commits")).toMatchObject([{ review: "reopened" }]);
});

test("action items, status, show, why and retry say what is possible after a refusal for size", async () => {
  await world.report("d1cv", { type: "job.failed", error });
  const mine = await world.command(author, "");
  expect(mine.said).toMatch(/too large for d1cv, which would refuse it again. Reopen it/);
  for (const text of ["", "status", "status 1", "show 1", "why 1"]) {
    for (const person of [author, approver]) {
      const { said } = await world.command(person, text);
      expect(buttonsIn(said), `/cv ${text}`).not.toContain("Retry");
    }
  }
  expect((await world.command(author, "why 1")).said).toMatch(/d1cv has refused the commit as too large/);
  expect(buttonsIn((await world.command(author, "why 1")).said)).toContain("Reopen");
  expect((await world.command(approver, "retry 1")).said).toMatch(/too large for d1cv.*\/cv reopen 1/s);
  expect((await world.command(approver, "retry")).said).toContain("No push waits for a retry.");
});

test("where another target has the commit already, the way on after a refusal for size is new changes", async () => {
  await world.report("d1cv", { type: "job.completed", result: applied() });
  await world.report("ai-agent", { type: "job.failed", error: { ...error, message: "ai-agent answered 413." } });
  await world.settle();
  const thread = world.message(/ai-agent.* failed/);
  expect(JSON.stringify(thread.blocks)).toContain("Stage what is still missing again");
  expect(JSON.stringify(thread.blocks)).not.toContain('"Reopen"');
  expect((await world.command(author, "")).said).toMatch(/too large for ai-agent.*Stage what is still missing/);
});

test("the form of a retry offers a push that failed beside one that is too large, and only that one", async () => {
  await world.report("d1cv", { type: "job.failed", error });
  await world.run(
    [author, "stage update technology jquery-1 experience_years=3"],
    [author, "commit -m jQuery"],
    [approver, "approve 2"],
    [approver, "push 2 all"],
  );
  await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "no space" } });
  await world.post(world.commandBody(approver, "retry"));
  const { shown } = new Screen(world, approver);
  expect(JSON.stringify(shown.view.blocks)).toContain("#2");
  expect(JSON.stringify(shown.view.blocks)).not.toContain("#1 ");
});

test("the API has no retry for a push that is too large, in its checks, its action items and its refusal", async () => {
  await world.report("d1cv", { type: "job.failed", error });
  const api = await ApiClient.of(world, author);
  const { body } = await api.get("/commits/1/checks");
  expect(body.checks.find(({ name }: { name: string }) => name === "last_outcome")).toMatchObject({
    state: "blocked",
    mine: true,
    about: { refusedSize: true },
  });
  expect((await api.get("/action-items")).body.actionItems).toMatchObject([{ kind: "split", commit: { number: 1 } }]);
  const own = await ApiClient.of(world, approver);
  expect(await own.post("/commits/1/retry")).toMatchObject({
    status: 413,
    body: { code: "target_refused_size", target: "d1cv", canReopen: true },
  });
});
