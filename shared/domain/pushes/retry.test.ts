import { expect, test } from "vitest";
import type { CommitTargetState, JobState } from "../states.ts";
import { canReopen, refusedSize, whyNoRetry } from "./retry.ts";

const job = (state: JobState, errorCode: string | null = null, target = "d1cv") => ({ target, state, errorCode });
const at = (state: CommitTargetState, target = "d1cv") => ({ target, state });

test.each<[string, ReturnType<typeof job>, CommitTargetState, ReturnType<typeof whyNoRetry>]>([
  ["that failed", job("failed", "disk_full"), "failed", null],
  ["whose outcome is unknown", job("timeout", "unavailable"), "failed", null],
  ["that its target refused as too large", job("failed", "too_large"), "failed", "too_large"],
  ["that its target had refused before it was sent again", job("pending", "too_large"), "in_flight", null],
  ["that was pushed again over what is applied", job("failed", "disk_full"), "applied", "applied"],
])("a job %s may be retried or not, for this reason", (_which, which, state, because) => {
  expect(whyNoRetry(which, [at(state)])).toBe(because);
});

test("a commit is refused for its size while its newest job at an open target was", () => {
  const refused = job("failed", "too_large");
  const open = [at("failed")];
  expect(refusedSize([refused], open)).toBe(refused);
  expect(refusedSize([refused, job("cancelled")], open)).toBe(refused);
  expect(refusedSize([refused, job("processing")], open)).toBeNull();
  expect(refusedSize([refused, job("failed", "disk_full")], open)).toBeNull();
  expect(refusedSize([refused], [at("applied")])).toBeNull();
});

test("changes are committed in smaller parts by reopening, unless a target has the commit", () => {
  expect(canReopen([at("failed"), at("pending", "ai-agent")])).toBe(true);
  expect(canReopen([at("failed"), at("applied", "ai-agent")])).toBe(false);
});
