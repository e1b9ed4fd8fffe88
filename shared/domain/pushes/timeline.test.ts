import { expect, test } from "vitest";
import { timelineOf } from "./timeline.ts";

const start = "2026-11-23T08:00:00.000Z";
const at = (seconds: number): string => new Date(Date.parse(start) + seconds * 1000).toISOString();
const event = (type: string, seconds: number, target = "d1cv") => ({ type, at: at(seconds), data: { target } });

test("the timeline counts from the push's command, and names each wait over a second", () => {
  const events = [
    event("push.started", 0),
    event("job.dispatched", 0),
    event("job.accepted", 0.999),
    event("job.completed", 12.999),
    event("job.dispatched", 12.999, "ai-agent"),
    event("job.timeout", 312.999, "ai-agent"),
    event("push.retried", 412.999, "ai-agent"),
    event("job.dispatched", 415, "ai-agent"),
  ];
  expect(timelineOf(start, events).map(({ afterMs, waited }) => [afterMs, waited])).toEqual([
    [0, null],
    [0, null],
    [999, null],
    [12_999, { ms: 12_000, for: { who: "target", target: "d1cv" } }],
    [12_999, null],
    [312_999, { ms: 300_000, for: { who: "target", target: "ai-agent" } }],
    [412_999, { ms: 100_000, for: { who: "person" } }],
    [415_000, { ms: 2001, for: { who: "us" } }],
  ]);
});

test("an event of a push whose clock is behind opens no gap after it", () => {
  const moments = timelineOf(start, [event("job.accepted", 5), event("job.progress", 3), event("job.completed", 5.5)]);
  expect(moments.map(({ afterMs, waited }) => [afterMs, waited?.ms ?? null])).toEqual([
    [5000, 5000],
    [3000, null],
    [5500, null],
  ]);
});

test("an event of a push that names no target waits for no target", () => {
  const [moment] = timelineOf(start, [{ type: "job.completed", at: at(2), data: {} }]);
  expect(moment?.waited?.for).toEqual({ who: "us" });
});
