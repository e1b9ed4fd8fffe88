import { expect, test } from "vitest";
import manifest from "../../../manifest.json" with { type: "json" };
import { globalShortcuts, messageShortcuts } from "./app-manifest.ts";

test("every shortcut of the manifest is in one of the page's menus", () => {
  const shown = [...globalShortcuts, ...messageShortcuts].map(({ callbackId }) => callbackId);
  expect(shown.toSorted()).toEqual(manifest.features.shortcuts.map((shortcut) => shortcut.callback_id).toSorted());
  expect(globalShortcuts.map(({ callbackId }) => callbackId)).toContain("stage_change");
  expect(messageShortcuts.map(({ callbackId }) => callbackId)).toContain("stage_message");
});
