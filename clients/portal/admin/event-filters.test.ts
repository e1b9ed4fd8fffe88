/** Checkboxes for the filters of a webhook. */
import { expect, test } from "vitest";
import { families, isChosen, toggled } from "./event-filters.ts";

const job = families.find(({ name }) => name === "job");
if (!job) throw new Error("no family of jobs");

test("a family of webhook events is one filter, and a single type leaves the family", () => {
  expect(toggled([], job, "job.*", true)).toEqual(["job.*"]);
  const without = toggled(["job.*"], job, "job.progress", false);
  expect(without).toEqual(job.types.filter((type) => type !== "job.progress"));
  expect(toggled(without, job, "job.progress", true)).toEqual(["job.*"]);
  expect(toggled(["commit.approved", "job.*"], job, "job.*", false)).toEqual(["commit.approved"]);
});

test("taking one type from all webhook events keeps every other family", () => {
  const filters = toggled(["*"], job, "job.progress", false);
  expect(filters).not.toContain("*");
  expect(isChosen(filters, "commit.approved")).toBe(true);
  expect([isChosen(filters, "job.completed"), isChosen(filters, "job.progress")]).toEqual([true, false]);
});
