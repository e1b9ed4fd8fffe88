import { expect, test } from "vitest";
import { checks } from "../../shared/domain/operations/checks.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { createWorld, people } from "../../test/support/bot/world.ts";

test("an admin asks over HTTP what is wrong, with its remedy, and sees nothing of other workspaces", async () => {
  await createWorld();
  const world = await createWorld();
  const admin = await ApiClient.of(world, people.admin);
  targets.d1cv.mood = "broken";
  const { status, body } = await admin.get("/doctor");
  targets.d1cv.mood = "well";
  expect(status).toBe(200);
  const ofTarget = body.findings.filter(({ check }: { check: string }) => check === "target_answers");
  expect(ofTarget).toEqual([
    {
      check: "target_answers",
      about: "d1cv",
      ok: false,
      detail: expect.any(String),
      says: checks.target_answers.says,
      remedy: checks.target_answers.remedy,
    },
    expect.objectContaining({ about: "ai-agent", ok: true, remedy: null }),
  ]);
  const abouts = new Set(body.findings.map(({ about }: { about: string | null }) => about));
  expect(abouts).toEqual(new Set([null, world.team, "d1cv", "ai-agent"]));
});

test("only an admin may ask what is wrong", async () => {
  const world = await createWorld();
  const approver = await ApiClient.of(world, people.approver);
  expect(await approver.get("/doctor")).toMatchObject({ status: 403, body: { code: "forbidden" } });
});
