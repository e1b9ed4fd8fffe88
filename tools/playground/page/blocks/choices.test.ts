import { expect, test } from "vitest";
import { menuNote } from "./choices.ts";

test("a select of the local Slack says why it has nothing to choose", () => {
  expect(menuNote({ state: "loading" }, 0)).toBe("Loading…");
  expect(menuNote({ state: "short" }, 1)).toBe("Type a character to search");
  expect(menuNote({ state: "ready", choices: [], error: null }, 0)).toBe("Nothing found");
  expect(menuNote({ state: "ready", choices: [], error: "CV Ops failed" }, 0)).toBe("CV Ops failed");
  expect(menuNote({ state: "ready", choices: [{ value: "a", label: "a" }], error: null }, 0)).toBeNull();
});
