import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { commonVariables, parseVariables } from "./environment.ts";
import { newId, newTraceId } from "./ids.ts";

const variables = z.object(commonVariables);
const least = { PUBLIC_URL: "https://bot.example", TARGET_CREDENTIALS: "{}", ENCRYPTION_KEYS: "{}" };

describe("the variables", () => {
  test("the variable of allowed target hosts takes commas or spaces", () => {
    expect(
      parseVariables(variables, { ...least, ALLOWED_TARGET_HOSTS: " CV.example, search.example:8443 " }),
    ).toMatchObject({ ALLOWED_TARGET_HOSTS: ["cv.example", "search.example:8443"] });
  });

  test("the variables of a Worker have defaults, and no ENVIRONMENT means production", () => {
    expect(parseVariables(variables, least)).toEqual({
      ...least,
      ENVIRONMENT: "production",
      ALLOWED_TARGET_HOSTS: [],
      DISPATCH_TIMEOUT_MS: 20_000,
      COMPLETION_TIMEOUT_MS: 300_000,
      ASK_INTERVAL_MS: 60_000,
    });
  });

  test("the variables of a Worker are text, and milliseconds are read as numbers", () => {
    expect(parseVariables(variables, { ...least, DISPATCH_TIMEOUT_MS: "500" }).DISPATCH_TIMEOUT_MS).toBe(500);
  });

  test("missing and malformed variables are named without their values", () => {
    const wrong = {
      TARGET_CREDENTIALS: "secret",
      ENVIRONMENT: "staging",
      DISPATCH_TIMEOUT_MS: "-1",
      ASK_INTERVAL_MS: "1 s",
    };
    expect(() => parseVariables(variables, wrong)).toThrow(
      /ENVIRONMENT, PUBLIC_URL, ENCRYPTION_KEYS, DISPATCH_TIMEOUT_MS, ASK_INTERVAL_MS$/,
    );
    expect(() => parseVariables(variables, wrong)).not.toThrow(/secret|staging|1 s/);
  });
});

describe("ids", () => {
  test("an id has 26 characters, sorts by time and does not repeat", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => newId(1_700_000_000_000 + index));
    expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => newId(1))).size).toBe(1000);
  });

  test("the id of a trace has 32 hex digits", () => {
    expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
  });
});
