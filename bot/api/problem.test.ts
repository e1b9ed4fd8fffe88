import { describe, expect, test } from "vitest";
import { operations } from "../../shared/contract/operations.ts";
import { commonProblems } from "../../shared/contract/operations/operation.ts";
import { problem } from "../../shared/contract/problem.ts";
import { reasonFixtures } from "../../test/support/bot/reason-fixtures.ts";
import type { ApiReason } from "./explain.ts";
import { problemOf } from "./problem.ts";
import { problemCodes, statusOf } from "./statuses.ts";

const codes = new Set<string>(problemCodes);

test("every problem that an operation names is one that there is", () => {
  const named = [
    ...commonProblems.always,
    ...commonProblems.writing,
    ...Object.values(operations).flatMap((operation): readonly string[] => operation.problems),
  ];
  expect(named.filter((code) => !codes.has(code))).toEqual([]);
});

test("every status is an error's", () => {
  expect(problemCodes.filter((code) => statusOf(code) < 400 || statusOf(code) > 503)).toEqual([]);
});

describe.each(
  reasonFixtures("some text")
    .filter((reason) => codes.has(reason.code))
    .map((reason) => [reason.code, reason as ApiReason] as const),
)("%s", (code, reason) => {
  test("is explained in plain words, with what else it says beside them", () => {
    const shown = problemOf(reason, "0".repeat(32));
    expect(problem.parse(shown)).toMatchObject({ code, status: statusOf(reason.code), type: `/docs/problems#${code}` });
    expect(shown.detail).not.toMatch(/undefined|\[object|<@|:warning:|\*\w/);
    expect(shown.detail).toMatch(/[.?]$/);
  });
});
