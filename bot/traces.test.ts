/** Every line of the log has the trace id of what it belongs to: a push, a request, an alarm, a message, a cron run. */
import { createScheduledController, env, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { clock } from "../test/support/bot/clock.ts";
import { applied } from "../test/support/bot/fake-target.ts";
import { callerOf, follow } from "../test/support/bot/live-client.ts";
import { Outage } from "../test/support/bot/outage.ts";
import { database, slack } from "../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";
import worker from "./index.ts";

const { author, approver, viewer } = people;

let lines: Record<string, unknown>[];
let world: World;

beforeEach(async () => {
  lines = [];
  world = await createWorld();
  vi.spyOn(console, "log").mockImplementation((line: unknown) => {
    lines.push(JSON.parse(String(line)) as Record<string, unknown>);
  });
});
afterEach(() => vi.restoreAllMocks());

const untraced = () => lines.filter(({ traceId }) => !/^[0-9a-f]{32}$/.test(String(traceId)));
const tracesOf = (...events: string[]) => [
  ...new Set(lines.flatMap(({ event, traceId }) => (events.includes(String(event)) ? [String(traceId)] : []))),
];
const logged = () => [...new Set(lines.map(({ event }) => String(event)))];

test("every line has a trace id while people type, push, report, follow and let time pass", async () => {
  const client = await ApiClient.of(world, author);
  const socket = await follow(callerOf(world.team, author));
  await socket.subscribe({ workspace: true });
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Skill updates"],
    [approver, "approve 1"],
    [approver, "push 1"],
  );
  await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
  await world.report("d1cv", { type: "job.completed", result: applied() });
  await world.report("d1cv", { type: "job.completed", result: applied() }, { secret: `whsec_${btoa("x".repeat(24))}` });
  await world.settle();
  clock.advance(21_000);
  await runDurableObjectAlarm(env.JOB_ORCHESTRATOR.getByName(world.team));
  await client.get("/status");
  await client.post("/push/all", { commit: 99 });
  await world.post({ command: "/cv" }, { secret: "another" });
  await world.command(viewer, "push 1");
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }));
  socket.close();

  expect(untraced()).toEqual([]);
  expect(logged()).toEqual(
    expect.arrayContaining([
      "slack.request",
      "webhook.recorded",
      "slack_outbox.written",
      "job.settled",
      "api.request",
      "request.refused",
      "live.connected",
      "sweep.done",
    ]),
  );
  const [push] = await world.rows("pushes");
  expect(tracesOf("webhook.recorded")).toEqual([push?.["trace_id"]]);
  expect(tracesOf("job.settled")).toEqual([push?.["trace_id"]]);
});

test("lines about what goes wrong have the trace id of the request that met it, also in its late tries", async () => {
  const outage = new Outage(world);
  await world.install();
  database.mood = "down";
  await outage.post(world.commandBody(author, "stage update technology python-1 experience_years=8"));
  await outage.firstTriesEnd();
  await outage.ring();
  database.mood = "well";
  await outage.settle();
  expect(untraced()).toEqual([]);
  expect(tracesOf("slack.failed", "slack.request", "pending.tried", "pending.answered")).toHaveLength(1);
  expect(logged()).toEqual(expect.arrayContaining(["slack.failed", "pending.tried", "pending.answered"]));
});

test("a program's traceparent names the trace of all lines of its request, and a request without one has its own", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const client = await ApiClient.of(world, author);
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  slack.fail("users.info", { status: 503 });
  await client.send("GET", "/people?ids=U0STRANGER1", undefined, headers);
  expect(logged()).toEqual(expect.arrayContaining(["directory.failed", "api.request"]));
  expect(tracesOf(...logged())).toEqual([traceId]);
  lines = [];
  await Promise.all([client.get("/status"), client.get("/status")]);
  expect(tracesOf("api.request")).toHaveLength(2);
  expect(untraced()).toEqual([]);
});
