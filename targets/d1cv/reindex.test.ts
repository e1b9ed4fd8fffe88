import { env as bindings } from "cloudflare:test";
import { expect, test } from "vitest";
import { callerOf, targetVariables } from "../service/testing/kit.ts";
import worker from "./index.ts";

const caller = callerOf(worker, { ...bindings, ...targetVariables }, "d1cv");

test("a reindex of a target without an index is refused as unsupported", async () => {
  expect(await caller.reindex("req-1")).toMatchObject({ status: 501, body: { error: "not_supported" } });
});

test("an unauthorised request reveals nothing about the target's capabilities", async () => {
  const secret = `whsec_${btoa("somebody else".padEnd(32, "."))}`;
  expect(await caller.reindex("req-1", "noor-vega", { secret })).toMatchObject({ status: 401 });
});
