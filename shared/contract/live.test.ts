import { describe, expect, test } from "vitest";
import { eventTypes } from "../domain/events/event-types.ts";
import type { ApiEvent } from "./event.ts";
import { clientMessage, liveEvent, liveEventNames, liveEventOf, subjectsOf } from "./live.ts";

const recorded = (type: ApiEvent["type"], data: Record<string, unknown> = {}): ApiEvent => ({
  id: 7,
  type,
  at: "2026-11-28T09:00:00.000Z",
  actor: { kind: "target", id: "d1cv", token: null },
  commit: 42,
  push: 3,
  change: null,
  deadLetter: null,
  jobId: "job-1",
  target: "d1cv",
  attempt: 1,
  data,
  traceId: "0123",
});

const error = { code: "vectorize", message: "Vectorize timeout" };
/** What is said besides the event itself, where that is more than its name. */
const said: Partial<Record<ApiEvent["type"], { data: Record<string, unknown>; message: Record<string, unknown> }>> = {
  "job.dispatched": { data: {}, message: { event: "job:started" } },
  "job.progress": {
    data: { stage: "indexing", percent: 50 },
    message: { event: "job:progress", stage: "indexing", percent: 50 },
  },
  "job.completed": {
    data: { result: { vectorCount: 65 } },
    message: { event: "job:completed", result: { vectorCount: 65 } },
  },
  "job.failed": { data: { error, final: true }, message: { event: "job:failed", error: error.message, final: true } },
  "job.timeout": {
    data: { error: { code: "timeout", message: "Timeout: d1cv accepted the push" }, final: false },
    message: { event: "job:failed", error: "Timeout", final: false },
  },
};

describe("the message of an event", () => {
  test.each(eventTypes)("a live message of %s has its name, the whole event and the reference's fields", (type) => {
    const { data, message } = said[type] ?? { data: { note: 1 }, message: { event: type.replace(".", ":") } };
    const event = recorded(type, data);
    const told = liveEventOf(event);
    expect(told).toEqual({ ...event, ...message });
    expect(liveEvent.parse(told)).toEqual(told);
    expect(liveEventNames).toContain(told.event);
  });

  test.each(eventTypes)("a live message of %s is valid whatever its event's data hold", (type) => {
    for (const data of [{}, { error: "text", percent: "x", stage: 3 }, { error: null, result: null, final: 1 }]) {
      expect(liveEvent.safeParse(liveEventOf(recorded(type, data))).success).toBe(true);
    }
  });
});

describe("the messages of a client", () => {
  test.each([
    [{ type: "subscribe", jobId: "job-123" }, [{ jobId: "job-123" }]],
    [{ type: "subscribe", commit: 42, lastEventId: 0 }, [{ commit: 42 }]],
    [{ type: "subscribe", workspace: true, lastEventId: 17 }, [{ workspace: true }]],
    [{ type: "subscribe", to: [{ jobId: "a" }, { commit: 1 }] }, [{ jobId: "a" }, { commit: 1 }]],
    [{ type: "unsubscribe", jobId: "job-123" }, [{ jobId: "job-123" }]],
    [{ type: "unsubscribe", workspace: true }, [{ workspace: true }]],
  ])("a live client may send %j", (message, subjects) => {
    const parsed = clientMessage.parse(message);
    expect("type" in parsed && (parsed.type === "subscribe" || parsed.type === "unsubscribe")).toBe(true);
    if (parsed.type === "subscribe" || parsed.type === "unsubscribe") expect(subjectsOf(parsed)).toEqual(subjects);
  });

  test.each([
    {},
    { type: "subscribe" },
    { type: "subscribe", jobId: "" },
    { type: "subscribe", jobId: "a", commit: 1 },
    { type: "subscribe", jobId: "x".repeat(65) },
    { type: "subscribe", workspace: false },
    { type: "subscribe", workspace: true, lastEventId: -1 },
    { type: "subscribe", workspace: true, lastEventId: 1.5 },
    { type: "subscribe", to: [] },
    { type: "subscribe", to: Array.from({ length: 101 }, (_, index) => ({ commit: index + 1 })) },
    { type: "notify", jobId: "a" },
    { type: "ping", extra: 1 },
  ])("a live client's message %j is refused", (message) => {
    expect(clientMessage.safeParse(message).success).toBe(false);
  });
});
