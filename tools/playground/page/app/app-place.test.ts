import { expect, test } from "vitest";
import { appTabOf, isAppPlace } from "./app-place.ts";

test("the app's permalinks lead to its messages in the local Slack", () => {
  expect(appTabOf("home", "D1")).toBe("home");
  expect(appTabOf("about", "D1")).toBe("about");
  expect(appTabOf("D1", "D1")).toBe("messages");
  expect(appTabOf("C1", "D1")).toBeNull();
  expect(appTabOf("", undefined)).toBeNull();
  expect(isAppPlace("portfolio", "D1")).toBe(false);
});
