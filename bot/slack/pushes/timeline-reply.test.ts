/** `/cv status #commit --trace`: a push from the command to the last update of its thread, and its trace on the way. */
import { env } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { describe as problemOf, validateMessage } from "../../../tools/slack/validate-blocks.ts";
import { clock } from "../../../test/support/bot/clock.ts";
import { commitOf, pushOf } from "../../../test/support/bot/card-states.ts";
import { extremeTexts } from "../../../test/support/bot/extreme-inputs.ts";
import { applied } from "../../../test/support/bot/fake-target.ts";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { mrkdwnOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";
import { createDeps } from "../../env.ts";
import { sweep } from "../../schedule.ts";
import { ephemeral } from "../core/reply.ts";
import { timelineReply } from "./timeline-reply.ts";

const { author, approver, viewer } = people;

const pushed = async (scope = "d1cv"): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Skill updates"],
    [approver, "approve 1"],
    [approver, `push 1 ${scope}`],
  );
  return world;
};

const completed = { type: "job.completed" as const, result: applied() };
const linesOf = (said: string): string[] => said.split("\n").map((line) => line.replace(/`/g, ""));

describe("the timeline", () => {
  test("the timeline of a push has each step's time, and each wait", async () => {
    const world = await pushed();
    clock.advance(250);
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
    clock.advance(12_000);
    await world.report("d1cv", completed);
    const { said } = await world.command(viewer, "status 1 --trace");
    const lines = linesOf(said);
    for (const line of [
      `+0.00 s  <@${approver}> started push *#1* of commit *#1* to d1cv`,
      "+0.00 s  Commit *#1* was sent to d1cv",
      "+0.25 s  d1cv is applying commit *#1*: writing, 40 %",
      ":hourglass_flowing_sand: waited 12.0 s for d1cv",
      "+12.25 s  d1cv applied commit *#1*: 1 added, 1 changed, 1 removed",
      ":hourglass_flowing_sand: Slack does not show the latest state yet",
    ])
      expect(lines).toContain(line);
    expect(lines.indexOf(":hourglass_flowing_sand: waited 12.0 s for d1cv")).toBe(
      lines.indexOf("+12.25 s  d1cv applied commit *#1*: 1 added, 1 changed, 1 removed") - 1,
    );
  });

  test("the timeline of a push ends when Slack shows its last update", async () => {
    const world = await pushed();
    await world.report("d1cv", completed);
    clock.advance(3000);
    await world.settle();
    const lines = linesOf((await world.command(viewer, "status 1 --trace")).said);
    expect(lines).toContain(":hourglass_flowing_sand: waited 3.0 s for Slack");
    expect(lines.some((line) => /^\+3\.\d\d s {2}Slack shows the latest state$/.test(line))).toBe(true);
    await world.report("d1cv", { type: "job.verified", result: { d1Count: 66, vectorCount: null, synced: true } });
    expect((await world.command(viewer, "status 1 --trace")).said).toContain(
      "Slack does not show the latest state yet",
    );
  });

  test("the timeline of the newest push names the trace of each request", async () => {
    const world = await pushed();
    await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "no space" } });
    await world.run([approver, "retry 1"]);
    const driver = await lookAt(world, viewer, "status 1");
    await driver.click("Timeline");
    const traces = [...driver.said.matchAll(/`([0-9a-f]{32})`/g)].map(([, traceId]) => traceId);
    const [push] = await world.rows("pushes");
    expect(traces).toHaveLength(2);
    expect(traces[0]).toBe(push?.["trace_id"]);
    const events = await world.rows("job_events");
    expect(traces[1]).toBe(events.find(({ type }) => type === "push.retried")?.["trace_id"]);
    await (await lookAt(world, viewer, "show 1")).click("Timeline");
  });

  test.each([
    ["status --trace", "Say which commit's push"],
    ["status 9 --trace", "There is no commit #9"],
    ["status 2 --trace", "Commit #2 was never pushed"],
    ["status 1 --trace --page x", "`x` is not the number of a page"],
    ["status 1 --trce", "Did you mean `--trace`?"],
  ])("/cv %s is refused with what to type for a timeline", async (text, expected) => {
    const world = await pushed();
    await world.run([author, "stage delete technology jquery-1"], [author, "commit Two"]);
    expect((await world.command(viewer, text)).said).toContain(expected);
  });

  test.each(Object.entries(extremeTexts))("the timeline of a push with %s fits into a message", (_name, text) => {
    const push = pushOf({ number: 999_999_999 });
    const events = Array.from({ length: 500 }, (_, index) => ({
      id: index,
      type: "job.timeout" as const,
      commitId: "c",
      pushId: "p",
      jobId: "j",
      attempt: 9,
      actor: { kind: "target" as const, id: text },
      data: { target: text, error: { message: text } },
      traceId: `${index}`.padStart(32, "0"),
      at: new Date(Date.parse(push.createdAt) + index * 2000).toISOString(),
      commitNumber: 999_999_999,
      pushNumber: 999_999_999,
      changeNumber: null,
      deadLetterNumber: null,
      target: null,
      tokenName: null,
    }));
    const card = { shownAt: null, isCurrent: false, retiredReason: text };
    for (const page of [1, 17, 99]) {
      const message = ephemeral(timelineReply({ commit: commitOf({ message: text }), push, events, card }, page));
      expect(validateMessage(message).map(problemOf)).toEqual([]);
      expect(mrkdwnOf(message).filter((each) => /<!channel|<!here|<@U1>/.test(each))).toEqual([]);
    }
  });
});

describe("the trace of a push", () => {
  const logged: Record<string, unknown>[] = [];

  beforeEach(() => {
    logged.length = 0;
    const keep = (line: unknown): void => {
      if (typeof line === "string" && line.startsWith("{")) logged.push(JSON.parse(line));
    };
    vi.spyOn(console, "log").mockImplementation(keep);
  });
  afterEach(() => vi.restoreAllMocks());

  test("the trace of a push is in its rows, its message and its log lines", async () => {
    const world = await pushed();
    await world.report("d1cv", completed);
    await world.settle();
    const [push] = await world.rows("pushes");
    const traceId = push?.["trace_id"];
    expect(await world.queued(1)).toMatchObject([{ traceId }]);
    const events = (await world.rows("job_events")).filter(({ push_id: pushId }) => pushId !== null);
    expect(events.map(({ type }) => type)).toEqual(["push.started", "job.dispatched", "job.completed"]);
    expect(new Set(events.map(({ trace_id: own }) => own))).toEqual(new Set([traceId]));
    const said = logged
      .filter((line) => line["traceId"] === traceId)
      .map(({ event, kind }) => [event, kind ?? "-"].join(" "));
    expect(new Set(said)).toEqual(
      new Set([
        "slack.request -",
        "webhook.recorded -",
        "slack_outbox.written push",
        "slack_outbox.written push_plan",
        "slack_outbox.written push_outcome",
        "slack_outbox.written commit",
      ]),
    );
  });

  test("the trace of a push continues after a deadline", async () => {
    const world = await pushed();
    const traceId = (await world.rows("pushes"))[0]?.["trace_id"];
    clock.advance(21_000);
    await sweep(createDeps(env));
    expect(await world.queued(2)).toMatchObject([{ traceId }, { traceId }]);
    expect(
      logged.filter(({ event, workspaceId }) => event === "job.settled" && workspaceId === world.team),
    ).toMatchObject([{ traceId, settled: "resent" }]);
  });
});
