import { expect, test } from "vitest";
import { type Choice, groupsOf, menuNote, nextActive } from "./combobox.tsx";

const choice = (value: string, group?: string): Choice => ({
  value,
  label: value,
  ...(group === undefined ? {} : { group }),
});

test("says why there is nothing to choose", () => {
  expect(menuNote({ state: "loading" }, 0)).toBe("Loading…");
  expect(menuNote({ state: "short" }, 1)).toBe("Type a character to search");
  expect(menuNote({ state: "ready", choices: [], error: null }, 0)).toBe("Nothing found");
  expect(menuNote({ state: "ready", choices: [], error: "CV Ops failed" }, 0)).toBe("CV Ops failed");
  expect(menuNote({ state: "ready", choices: [choice("a")], error: null }, 0)).toBeNull();
});

test("puts choices under their headings, counted through", () => {
  const groups = groupsOf([
    choice("python", "Technologies"),
    choice("rust", "Technologies"),
    choice("site", "Projects"),
  ]);
  expect(
    groups.map(({ group, items }) => [group, items.map(({ choice, index }) => `${index} ${choice.value}`)]),
  ).toEqual([
    ["Technologies", ["0 python", "1 rust"]],
    ["Projects", ["2 site"]],
  ]);
});

test("keys lead round the list, and by pages to its ends", () => {
  expect(nextActive("ArrowDown", 2, 3)).toBe(0);
  expect(nextActive("ArrowUp", 0, 3)).toBe(2);
  expect(nextActive("PageDown", 1, 20)).toBe(9);
  expect(nextActive("PageDown", 18, 20)).toBe(19);
  expect(nextActive("PageUp", 3, 20)).toBe(0);
  expect(nextActive("ArrowDown", 0, 0)).toBeNull();
  expect(nextActive("a", 0, 3)).toBeNull();
});
