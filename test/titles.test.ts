/** The titles of tests, read from the source: each is understood alone, wherever it is searched for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Visitor, parseSync } from "rolldown/utils";
import { expect, test } from "vitest";
import { root, sourcePaths } from "../tools/scripts/tree.ts";

interface Callee {
  name?: string;
  object?: Callee;
  callee?: Callee;
}

/** The first name of `test(…)`, `test.each(…)(…)` and the like. */
const nameOf = ({ name = "", object, callee }: Callee): string => {
  const inner = object ?? callee;
  return inner ? nameOf(inner) : name;
};

const titlesIn = (path: string, source: string): string[] => {
  const titles: string[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [title, ...body] }) => {
      if (title && body.length > 0 && ["it", "test"].includes(nameOf(callee as Callee)))
        titles.push(source.slice(title.start + 1, title.end - 1));
    },
  }).visit(parseSync(path, source).program);
  return titles;
};

const titlesByFile = sourcePaths()
  .filter((path) => /\.test\.tsx?$/.test(path))
  .map((path) => ({ path, titles: titlesIn(path, readFileSync(join(root, path), "utf8")) }));

const titles = titlesByFile.flatMap((file) => file.titles);

test("titles are found in every test file, in each form of call", () => {
  expect(titlesByFile.filter((file) => file.titles.length === 0)).toEqual([]);
  expect(titlesIn("a.ts", 'test("a", f); it.each(rows)("b", f); test.each<Row>([])(`c`, f); /d/.test("d");')).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("two tests of the repository never have the same title", () => {
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test("every title of a test has at least four words", () => {
  expect(titles.filter((title) => title.split(/\s+/).length < 4)).toEqual([]);
});
