import { describe, expect, test } from "vitest";
import { problem } from "../../shared/contract/problem.ts";
import { type ApiRefusal, type Refusal, problemCodes, statusOf } from "../../shared/contract/refusals.ts";
import { refusalsSaying } from "../../test/support/messages/refusals.ts";
import { problemOf } from "./problem.ts";

const isApiRefusal = (refusal: Refusal): refusal is ApiRefusal => problemCodes.some((code) => code === refusal.code);

test("every problem has the status of an error", () => {
  expect(problemCodes.filter((code) => statusOf(code) < 400 || statusOf(code) > 503)).toEqual([]);
});

describe("a problem", () => {
  test.each(problemCodes)("the problem %s has a plain detail, with its fields beside it", (code) => {
    for (const refusal of refusalsSaying("some text").filter(isApiRefusal)) {
      if (refusal.code !== code) continue;
      const shown = problemOf(refusal, "0".repeat(32));
      expect(problem.parse(shown)).toMatchObject({
        ...refusal,
        status: statusOf(code),
        type: `/docs/problems#${code}`,
      });
      expect(shown.detail).not.toMatch(/undefined|\[object|<@|:warning:|\*\w/);
      expect(shown.detail).toMatch(/[.?]$/);
    }
  });
});
