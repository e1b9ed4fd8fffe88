/** The main job on the whole stack: from a staged change to both targets, and one trace of it through every Worker. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

let stack: StoryStack;
beforeAll(async () => {
  stack = await startStory();
});
afterAll(() => stack.remove());

it("a change is committed, approved, pushed and verified, with one trace in every log", async (test) => {
  const avery = await join(test, stack, "Avery");
  const priya = await join(test, stack, "Priya");
  await avery.asks("/cv stage update technology python-1 experience_years=8", "Staged as change 1");
  await avery.asks('/cv commit -m "Skill updates"', "Commit #1");
  await priya.asks("/cv approve 1", "Approved commit #1");
  await priya.asks("/cv status 1 --trace", "Commit #1 was never pushed");
  await priya.asks("/cv push 1 all", "has started");
  // Logged after the channel's card, which is recorded as shown by then.
  await priya.readsInThread(1, /ai-agent has the change[\s\S]*Verified/);
  for (const target of ["d1cv", "ai-agent"] as const) {
    const python = (await stack.rows(target)).find(({ id }) => id === "python-1");
    expect(python?.values, target).toMatchObject({ experience_years: 8 });
  }
  const timeline = await priya.asks("/cv status 1 --trace", "Slack shows the latest state");

  const traceId = /Trace `([0-9a-f]{32})`/.exec(timeline)?.[1] ?? "none";
  const lines = stack.traced(traceId);
  const said = (event: string, fields: Record<string, unknown> = {}): number =>
    lines.filter((line) => Object.entries({ event, ...fields }).every(([name, value]) => line[name] === value)).length;

  expect(said("slack.request")).toBe(1);
  expect(said("queue.handled", { queue: "cv-push" })).toBe(2);
  expect(said("target.apply", { outcome: "applied" })).toBe(2);
  expect(said("queue.handled", { queue: "cv-index" })).toBeGreaterThan(0);
  expect(said("target.index_report", { done: true })).toBe(1);
  for (const target of ["d1cv", "ai-agent"]) {
    for (const type of ["job.completed", "job.verified"]) {
      expect(said("webhook.recorded", { target, type }), `${target} ${type}`).toBe(1);
    }
  }
  expect(said("target.callback", { type: "job.searchable", error: null })).toBe(1);
  expect(said("slack_outbox.written", { kind: "push" })).toBeGreaterThan(0);
  // One reply for each target, updated with its progress.
  expect(said("slack_outbox.written", { kind: "push_outcome" })).toBeGreaterThanOrEqual(2);
  expect(timeline).toMatch(
    /\+0\.0\d s` {2}@Priya started push #1[\s\S]*d1cv accepted[\s\S]*d1cv applied[\s\S]*ai-agent applied[\s\S]*ai-agent was compared/,
  );
});
