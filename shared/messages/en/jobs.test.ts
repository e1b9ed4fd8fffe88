import { describe, expect, test } from "vitest";
import { stateNames } from "../../domain/states.ts";
import { plainText } from "../plain-text.ts";
import { type JobFacts, jobDuration, jobProgress, jobState, jobTotals } from "./jobs.ts";
import { duration, offset } from "./times.ts";

const at = "2031-03-03T09:00:00.000Z";
const jobWith = (given: Partial<JobFacts>): JobFacts => ({
  state: "pending",
  stage: null,
  percent: 0,
  result: null,
  waitingSince: null,
  dispatchedAt: null,
  completedAt: null,
  searchableAt: null,
  verifiedAt: null,
  ...given,
});

describe("a job's state", () => {
  test.each(stateNames("job"))("the job state %s has a name of its own", (state) => {
    expect(plainText(jobState(jobWith({ state })))).toMatch(/^[A-Z][a-z ]+$/);
  });

  test.each<[Partial<JobFacts>, string]>([
    [{}, "Waiting for its turn"],
    [{ dispatchedAt: at }, "Sending"],
    [{ waitingSince: at }, "Waiting for the target to answer"],
    [{ state: "processing", stage: "writing", percent: 39.6 }, "Writing rows (40 %)"],
    [{ state: "processing", stage: "toString", percent: 1 }, "toString (1 %)"],
    [{ state: "completed" }, "Applied"],
    [{ state: "completed", searchableAt: at, verifiedAt: at, synced: true }, "Applied, searchable, verified"],
    [{ state: "completed", verifiedAt: at, synced: false }, "Applied, verified with differences"],
  ])('the progress of the job %o is worded as "%s"', (given, expected) => {
    expect(plainText(jobProgress(jobWith(given)))).toBe(expected);
  });
});

test("the totals of a job count vectors only once they are compared", () => {
  const result = { inserted: 1, updated: 0, deleted: 0, d1Count: 66, vectorCount: 1, synced: true };
  expect(plainText(jobTotals(jobWith({ result })))).toBe("66 rows there now");
  expect(plainText(jobTotals(jobWith({ result, verifiedAt: at })))).toBe("66 rows and 1 vector there now");
});

test("the duration of a job runs from its dispatch to its last fact", () => {
  expect(jobDuration(jobWith({ dispatchedAt: at }))).toBeNull();
  expect(jobDuration(jobWith({ dispatchedAt: at, completedAt: "2031-03-03T09:00:03.210Z" }))).toBe("3.2 s");
});

test("a duration is rounded before it is split into hours, minutes and seconds", () => {
  expect([0, 420, 12_400, 59_960, 125_000, 11_040_000].map(duration)).toEqual([
    "0.0 s",
    "0.4 s",
    "12.4 s",
    "1 min 0 s",
    "2 min 5 s",
    "3 h 4 min",
  ]);
  expect([-50, 420, 125_000].map(offset)).toEqual(["-0.05 s", "+0.42 s", "+2 min 5 s"]);
});
