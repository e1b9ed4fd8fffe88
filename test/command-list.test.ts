import { expect, test } from "vitest";
import { commands } from "../bot/slack/commands.ts";
import { commandHints } from "../tools/playground/page/composer/commands.ts";

const byName = (a: readonly [string, string], b: readonly [string, string]): number => a[0].localeCompare(b[0]);

test("the composer offers the commands of the table, with their usage", () => {
  const hinted = commandHints.map(({ name, usage }) => [name, usage] as const);
  const known = commands.map(({ name, usage }) => [name, usage] as const);
  expect(hinted.toSorted(byName)).toEqual(known.toSorted(byName));
});
