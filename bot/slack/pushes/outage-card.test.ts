/** What people read while a target is down, and when it is back: in the channel, the thread and `/cv status`. */
import { env } from "cloudflare:test";
import { inWorkspace } from "../../../shared/use-cases/context.ts";
import { backlogNotes } from "../components/outage-notes.ts";
import { describe, expect, test } from "vitest";
import { healthOf } from "../../../shared/domain/pushes/target-health.ts";
import { recordNoAnswer } from "../../../shared/use-cases/pushes/target-health.ts";
import { read } from "../../../shared/storage/database.ts";
import { jobQuery } from "../../../shared/storage/pushes/jobs.ts";
import { createDeps } from "../../env.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";
import { outageCard } from "./outage-card.ts";

const { author, approver } = people;

/** The push of commit 1 to d1cv waits: its last try failed as the third in a row. */
const waiting = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, 'commit -m "Skill updates"'],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );
  await world.settle();
  const deps = createDeps(env);
  const [row] = await world.rows("jobs");
  await env.DB.prepare("UPDATE jobs SET tries = 3 WHERE id = ?1").bind(row?.["id"]).run();
  const [job] = await read(env.DB, jobQuery(world.team, String(row?.["id"])));
  if (!job) throw new Error("no job");
  for (let count = 0; count < 3; count += 1) {
    const failure = { message: "answered <503>", retryAfterMs: null, traceId: "0".repeat(32) };
    await deps.withEffects((effects) => recordNoAnswer({ ...inWorkspace(deps, world.team), effects }, job, failure));
  }
  await world.settle();
  return world;
};

describe("an outage of a target", () => {
  test("the card of a push during an outage says since when, and offers to cancel", async () => {
    const world = await waiting();
    const card = world.message(/Push #1/);
    expect(textsOf(card)).toMatch(/\*d1cv\* is not answering since .*\(answered &lt;503&gt;\)\. This push waits/);
    expect(textsOf(card)).toContain("goes on by itself");
    expect(textsOf(card)).toContain("Cancel…");
  });

  test("the plan of a push during an outage says what it waits for", async () => {
    const world = await waiting();
    const plan = textsOf(world.message(/Pushing commit #1/));
    expect(plan).toContain("d1cv: Waiting for the target to answer; it continues by itself");
  });

  test("an outage is posted to the channel once, with a link to what waits", async () => {
    const world = await waiting();
    const notices = world.messages.filter((message) => /Pushes to it wait/.test(textsOf(message)));
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).not.toContain("*");
    expect(textsOf(notices[0] ?? { text: "", blocks: [] })).toContain("What waits");
  });

  test.each(["status", "", "status 1"])("an outage of a target is shown by `/cv %s`", async (typed) => {
    const world = await waiting();
    expect((await world.command(approver, typed)).said).toMatch(/\*d1cv\* is not answering since/);
  });

  test("an outage of a target is in /cv log, and a note in /cv why", async () => {
    const world = await waiting();
    const { said } = await world.command(approver, "log");
    expect(said).toMatch(/d1cv does not answer, so pushes to it wait: it answered &lt;503&gt;/);
    await world.run([author, "stage update technology jquery-1 experience_years=3"], [author, "commit x"]);
    await world.run([approver, "approve 2"]);
    await world.mustSay(approver, "why 2", /it would wait[\s\S]*:hourglass: d1cv answers, but accepts no pushes/);
  });
});

describe("the end of an outage", () => {
  test("the notice of an outage says when it is over, and its length", async () => {
    const world = await waiting();
    const [job] = await world.rows("jobs");
    await env.DB.prepare("UPDATE target_health SET probe_job_id = ?1").bind(job?.["id"]).run();
    clock.advance(125_000);
    const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 2, vectorCount: null, synced: null };
    await world.report("d1cv", { type: "job.completed", result });
    await world.settle();
    const notice = textsOf(world.message(/answers again/));
    expect(notice).toMatch(/:white_check_mark: \*d1cv\* answers again since .*, after 2 min \d+ s\./);
    expect(notice).not.toContain("What waits");
    await world.mustSay(approver, "log", /d1cv answers again, and waiting pushes continue/);
    expect((await world.command(approver, "status")).said).not.toContain("is not answering");
  });
});

test("the notice of an older outage says that it is over", () => {
  expect(outageCard(null).text).toContain("over");
  expect(outageCard({ ...healthOf("d1cv"), state: "open" }).text).toContain("is not answering.");
});

test("a backlog is shown to admins only, and only when there is one", () => {
  const backlog = { messages: 2, cards: 1 };
  expect(JSON.stringify(backlogNotes(backlog, "admin"))).toContain(
    "2 messages to the queues for more than 5 minutes, 1 card in Slack for more than 10 minutes",
  );
  expect(backlogNotes(backlog, "approver")).toEqual([]);
  expect(backlogNotes({ messages: 0, cards: 0 }, "admin")).toEqual([]);
});
