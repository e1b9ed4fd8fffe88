import { expect, test } from "vitest";
import { lostJobs, rewoundFindings } from "./rewound.ts";

const ours = (...times: number[]) =>
  times.map((time) => ({ id: `job-${time}`, commitNumber: time, completedAt: `2026-11-23T08:0${time}:01.000Z` }));
const theirs = (...times: number[]) =>
  times.map((time) => ({
    jobId: `job-${time}`,
    appliedAt: `2026-11-23T08:0${time}:00.000Z`,
    commit: { number: time },
  }));
const ids = (...times: number[]) => times.map((time) => `job-${time}`);

test("what only one side has is lost by the other", () => {
  const { byTarget, byBot } = lostJobs({ ours: ours(4, 3, 1), theirs: theirs(5, 1), isWhole: true, stored: ids(1) });
  expect(byTarget.map(({ id }) => id)).toEqual(ids(4, 3));
  expect(byBot.map(({ jobId }) => jobId)).toEqual(ids(5));
});

test("what is older than the last job that a target lists is not taken for lost", () => {
  const { byTarget } = lostJobs({ ours: ours(4, 3, 1), theirs: theirs(4, 2), isWhole: false, stored: ids(4, 2) });
  expect(byTarget.map(({ id }) => id)).toEqual(ids(3));
});

test("the job that loaded the portfolio is of no commit, so the bot has lost nothing by it", () => {
  const loaded = { jobId: "seed", appliedAt: "2026-11-23T08:00:00.000Z", commit: { number: 0 } };
  const { byTarget, byBot } = lostJobs({ ours: [], theirs: [loaded], isWhole: true, stored: [] });
  expect([byTarget, byBot]).toEqual([[], []]);
});

test("doctor names the commits that either side lacks, and says nothing of a target that lists none", () => {
  const lost = lostJobs({ ours: ours(3), theirs: theirs(5), isWhole: true, stored: [] });
  expect(rewoundFindings("d1cv", lost)).toEqual([
    { check: "target_has_jobs", about: "d1cv", ok: false, detail: "it lacks 1 job: #3" },
    { check: "bot_has_jobs", about: "d1cv", ok: false, detail: "the bot lacks 1 job: #5" },
  ]);
  expect(rewoundFindings("d1cv", null).map(({ ok }) => ok)).toEqual([null, null]);
});
