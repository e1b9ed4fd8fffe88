import { expect, test } from "vitest";
import { isCron, isDue } from "./cron.ts";

test.each([
  "* * * * *",
  "*/5 * * * *",
  "0 22 * * 1-5",
  "30 9 1,15 JAN-JUN *",
  "0 0 L * *",
  "0 9 * * MON",
  "0 9 * * 2#1",
])("the cron expression %s is one that Cloudflare takes", (cron) => {
  expect(isCron(cron)).toBe(true);
});

test.each(["0 22 * * 0", "60 * * * *", "* * * *", "0 0 * * 8", "every minute", "*/0 * * * *", "5-1 * * * *"])(
  "the cron expression %s is invalid at Cloudflare",
  (cron) => {
    expect(isCron(cron)).toBe(false);
  },
);

test("a cron expression is due in UTC, with Sunday as the first day", () => {
  // A Sunday.
  const at = new Date("2026-11-29T09:30:00Z");
  expect(["30 9 * * 1", "30 9 29 NOV *", "*/30 * * * *"].map((cron) => isDue(cron, at))).toEqual([true, true, true]);
  expect(["30 9 * * 2", "31 9 * * *"].map((cron) => isDue(cron, at))).toEqual([false, false]);
});
