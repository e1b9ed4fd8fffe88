import { afterEach, describe, expect, test, vi } from "vitest";
import { currentTraceId, inTrace, log } from "./log.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const lineOf = (fields: Record<string, unknown>): string => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  log("x", fields);
  return String(written.mock.lastCall?.[0]);
};

test("a line of the log hides people and secrets, wherever they stand in it", () => {
  const error = "no U01AB2CD3EF, avery.o'neil+x@exämple.co.uk; Bearer xoxb-12-ab whsec_bG9j= cvops_a-b_c9";
  expect(JSON.parse(lineOf({ error, deep: { of: ["W0PRIYA01"] } }))).toEqual({
    event: "x",
    error: "no (person), (address); Bearer (secret) (secret) (secret)",
    deep: { of: ["(person)"] },
  });
});

test("a line of the log keeps ids of workspaces, channels and traces, names of variables, and paths", () => {
  const fields = {
    workspaceId: "T0123ABCD",
    channelId: "C0123ABCD",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    error: "Set PUBLIC_URL; UNIQUE constraint failed; at node_modules/@slack/bolt/index.js:1:2",
  };
  expect(JSON.parse(lineOf(fields))).toEqual({ event: "x", ...fields });
});

describe("the trace of a line", () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const traceIn = (fields: Record<string, unknown> = {}): unknown =>
    (JSON.parse(lineOf(fields)) as { traceId?: unknown }).traceId;

  test("a line has the trace in which it is written, after waiting and in a timer too", async () => {
    const found = await inTrace(traceId, async () => {
      await Promise.resolve();
      return [traceIn(), await new Promise((resolve) => setTimeout(() => resolve(traceIn())))];
    });
    expect(found).toEqual([traceId, traceId]);
  });

  test("a line's own trace id wins, and null is none", () => {
    const own = "0af7651916cd43dd8448eb211c80319c";
    expect(inTrace(traceId, () => [traceIn({ traceId: own }), traceIn({ traceId: null })])).toEqual([own, traceId]);
  });

  test("a trace that nothing has brought gets one id, and two of them have two", async () => {
    const both = () => inTrace(null, async () => [traceIn(), await Promise.resolve().then(currentTraceId)]);
    const [[first, again], [other]] = await Promise.all([both(), both()]);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test("a line outside of any trace has only the trace id that it names", () => {
    expect(traceIn()).toBeUndefined();
    expect(traceIn({ traceId })).toBe(traceId);
    expect(currentTraceId()).not.toBe(currentTraceId());
  });
});
