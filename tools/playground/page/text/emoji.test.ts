import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, sourcePaths } from "../../../scripts/tree.ts";
import { emojiOf } from "./emoji.ts";

test("emoji of every code that the bot sends are drawn by the local Slack", () => {
  const sent = sourcePaths()
    .filter((path) => /^(bot|shared\/messages)\//.test(path) && !path.includes(".test."))
    .flatMap((path) => [
      ...readFileSync(join(root, path), "utf8").matchAll(/(?<=["`'}\s]):([a-z][a-z0-9_]+):(?=[\s"`'])/g),
    ])
    .map(([, name = ""]) => name);
  expect(new Set(sent).size).toBeGreaterThan(15);
  expect([...new Set(sent)].filter((name) => emojiOf(name) === null)).toEqual([]);
});
