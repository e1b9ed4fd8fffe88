/** Runbooks of docs/guides/runbooks.md that no other test performs. */
import { env } from "cloudflare:test";
import { inWorkspace } from "../../shared/use-cases/context.ts";
import { expect, test } from "vitest";
import { schedules } from "../../shared/schedules.ts";
import { read } from "../../shared/storage/database.ts";
import { jobQuery } from "../../shared/storage/pushes/jobs.ts";
import { recordNoAnswer } from "../../shared/use-cases/pushes/target-health.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { lookAt } from "../../test/support/bot/clicking-person.ts";
import { applied } from "../../test/support/bot/fake-target.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../test/support/bot/texts.ts";
import { type World, botWith, createWorld, people } from "../../test/support/bot/world.ts";
import { createDeps } from "../env.ts";
import { runSchedule } from "../schedule.ts";

const { author, approver } = people;
const token = "a-token-of-operators-with-32-characters";

const ask = async (path: string): Promise<string> => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await botWith({ METRICS_TOKEN: token })(new Request(`https://cv-ops.example${path}`, { headers }));
  return response.text();
};
const cron = () => runSchedule(createDeps(env), schedules.minute);
const raised = (isRaised: 0 | 1): RegExp =>
  new RegExp(`^cv_ops_alert_raised\\{alert="target_down",signal="targetsDown"\\} ${isRaised}$`, "m");
const doctorSays = (ok: boolean): RegExp => new RegExp(`"check":"target_answers","about":"d1cv","ok":${ok}`);

/** As after three tries of the queue. */
const giveNoAnswer = async (world: World): Promise<string> => {
  const deps = createDeps(env);
  const [row] = await world.rows("jobs");
  const id = String(row?.["id"]);
  await env.DB.prepare("UPDATE jobs SET tries = 3 WHERE id = ?1").bind(id).run();
  const [job] = await read(env.DB, jobQuery(world.team, id));
  if (!job) throw new Error("no job");
  for (let count = 0; count < 3; count += 1) {
    const failure = { message: "answered 503", retryAfterMs: null, traceId: "0".repeat(32) };
    await deps.withEffects((effects) => recordNoAnswer({ ...inWorkspace(deps, world.team), effects }, job, failure));
  }
  return id;
};

test("a target that is down for an hour raises an alert, and its push goes on when it is back", async () => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Python"],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );
  targets.d1cv.mood = "broken";
  const job = await giveNoAnswer(world);
  await cron();
  expect(await ask("/metrics")).toMatch(raised(1));
  expect(await ask("/doctor")).toMatch(doctorSays(false));
  await world.mustSay(approver, "status", /d1cv.*is not answering since/);

  clock.advance(60 * 60_000);
  await cron();
  expect(await ask("/metrics")).toMatch(raised(1));
  expect(await world.rows("jobs")).toMatchObject([{ state: expect.not.stringMatching(/failed|cancelled/) as string }]);

  targets.d1cv.mood = "well";
  await env.DB.prepare("UPDATE target_health SET probe_job_id = ?1").bind(job).run();
  await world.report("d1cv", { type: "job.completed", result: applied() });
  await world.settle();
  expect(textsOf(world.message(/answers again/))).toContain("after 1 h");
  await cron();
  expect(await ask("/metrics")).toMatch(raised(0));
  expect(await ask("/doctor")).toMatch(doctorSays(true));
  expect(await world.rows("commits")).toMatchObject([{ status: expect.stringMatching(/applied/) as string }]);
});

test("after a rewind of the bot's database, what is live counts as pushed once it is accepted, and pushes go on", async () => {
  const world = await createWorld();
  const python = (years: number) => ({ name: "Python", category: "Backend", experience_years: years });
  const push = async (number: number, years: number): Promise<void> => {
    await world.run(
      [author, `stage update technology python-1 experience_years=${years}`],
      [author, "commit Python"],
      [approver, `approve ${number}`],
      [approver, `push ${number} all`],
    );
    for (const target of ["d1cv", "ai-agent"]) await world.report(target, { type: "job.completed", result: applied() });
    world.putRow("python-1", python(years));
  };
  await push(1, 8);
  // A commit that the database has forgotten is live all the same.
  world.putRow("python-1", python(9));
  for (const target of ["d1cv", "ai-agent"]) {
    const person = await lookAt(world, approver, "verify");
    expect(person.said, target).toMatch(/experience_years.* is 9, and 8 by commit #1/);
    await person.click("Accept what is live");
  }
  await world.mustSay(approver, "verify", /Every row is as it was pushed/);
  clock.advance(60_000);
  await push(2, 10);
  await world.mustSay(approver, "verify", /Every row is as it was pushed/);
  expect(await world.rows("commits")).toMatchObject([{ status: "applied_all" }, { status: "applied_all" }]);
});
