import { describe, expect, test } from "vitest";
import { dayLabel, formatSlackDate, isSameDay } from "./dates.ts";

const lisbon = { zone: "Europe/Lisbon", nowMs: Date.UTC(2026, 10, 23, 12), hour12: true };
const at = (...parts: [number, number, number, number?, number?]): number => Date.UTC(...parts) / 1000;

describe("a Slack date", () => {
  test.each([
    ["{date_num} at {time}", "2014-02-18 at 2:39 PM"],
    ["{date_slash}", "2/18/2014"],
    ["{date}", "February 18th, 2014"],
    ["{date_short}", "Feb 18, 2014"],
    ["{date_long}", "Tuesday, February 18th, 2014"],
    ["{time_secs}", "2:39:42 PM"],
    ["on {date_short_pretty}", "on Feb 18, 2014"],
  ])("a Slack date with the format %s is filled in", (format, expected) => {
    expect(formatSlackDate(1392734382, format, lisbon)).toBe(expected);
  });

  test("a Slack date says today and yesterday by the reader's own midnight", () => {
    const lateEvening = at(2026, 10, 22, 23, 30);
    expect(formatSlackDate(lateEvening, "{date_pretty}", lisbon)).toBe("Yesterday");
    expect(formatSlackDate(lateEvening, "{date_pretty}", { ...lisbon, zone: "Europe/Berlin" })).toBe("Today");
    expect(formatSlackDate(at(2026, 10, 24, 8), "due {date_short_pretty}", lisbon)).toBe("due tomorrow");
  });

  test("a Slack date uses the 24-hour clock where the reader does", () => {
    expect(formatSlackDate(at(2026, 10, 23, 0, 5), "{time}", { ...lisbon, hour12: false })).toBe("00:05");
  });

  test.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [11, "11th"],
    [12, "12th"],
    [13, "13th"],
    [21, "21st"],
    [30, "30th"],
  ])("a Slack date counts day %i as %s", (day, word) => {
    expect(formatSlackDate(at(2024, 4, day, 12), "{date}", lisbon)).toBe(`May ${word}, 2024`);
  });

  test("a Slack date with unknown tokens or an impossible time is null", () => {
    expect(formatSlackDate(0, "{nope}", lisbon)).toBeNull();
    expect(formatSlackDate(0, "no token", lisbon)).toBeNull();
    expect(formatSlackDate(1e15, "{date}", lisbon)).toBeNull();
    expect(formatSlackDate(8e12, "{date_pretty}", lisbon)).toBe("November 28th, 255479");
  });
});

test("a line between days names near days and weekdays", () => {
  expect(dayLabel(String(at(2026, 10, 23, 1)), lisbon)).toBe("Today");
  expect(dayLabel(String(at(2026, 10, 16, 12)), lisbon)).toBe("Monday, November 16th");
  expect(isSameDay(String(at(2026, 10, 22, 23, 59)), String(at(2026, 10, 23, 0, 1)), "Europe/Lisbon")).toBe(false);
});
