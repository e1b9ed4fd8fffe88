import { describe, expect, test } from "vitest";
import { newId, newTraceId } from "./ids.ts";
import { traceIdOf, traceparentOf } from "./trace.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";

describe("a traceparent", () => {
  test("a traceparent carries the trace, with another span for each hop", () => {
    const hops = Array.from({ length: 200 }, () => traceparentOf(traceId, newId(1)));
    expect(new Set(hops).size).toBe(200);
    for (const hop of hops) expect(traceIdOf(hop)).toBe(traceId);
  });

  test.each(["", "zzz", "000", newId(0), crypto.randomUUID()])("a traceparent is valid for any span: %s", (source) => {
    const own = newTraceId();
    expect(traceIdOf(traceparentOf(own, source))).toBe(own);
  });

  test.each([
    null,
    undefined,
    "",
    traceId,
    `00-${traceId}-b7ad6b7169203331`,
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${traceId}-b7ad6b7169203331-01, 00-${traceId}-b7ad6b7169203331-01`,
  ])("an invalid traceparent names no trace: %s", (header) => {
    expect(traceIdOf(header)).toBeNull();
  });
});
