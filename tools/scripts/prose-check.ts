/** Part of `npm run check`: the language of pages, comments and texts (docs/explanation/glossary.md). */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problemsOfSource } from "./prose-in-code.ts";
import { type Problem, problemsOfPage, readRules } from "./prose.ts";
import { folderPages, isTest, root, sourcePaths } from "./tree.ts";

/** Files with texts that are not ours to choose, and whose they are. */
const exceptions = new Map([
  ["tools/playground/page/text/emoji.ts", "Slack's names of emoji"],
  ["tools/playground/seed/career.ts", "what a person has written about themselves"],
  ["tools/playground/seed/projects.ts", "what a person has written about themselves"],
  ["tools/playground/seed/technologies.ts", "what a person has written about themselves"],
]);

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const rules = readRules(read("docs/explanation/glossary.md"));

const pages = globSync(["*.md", "docs/**/*.md", ".github/**/*.md", "clients/*/*.md", ...folderPages], { cwd: root });
const sources = sourcePaths().filter((path) => !path.endsWith(".d.ts"));

const ofSource = (path: string): Problem[] => {
  const found = problemsOfSource(path, read(path), isTest(path), rules);
  if (!exceptions.has(path)) return found;
  return found.length > 0 ? [] : [{ line: 1, what: "needs no exception in tools/scripts/prose-check.ts" }];
};

const problems = [
  ...pages.map((path) => ({ path, found: problemsOfPage(read(path), rules) })),
  ...sources.map((path) => ({ path, found: ofSource(path) })),
].flatMap(({ path, found }) => found.map(({ line, what }) => `${path}:${line}: ${what}`));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
console.log(
  problems.length > 0
    ? `${problems.length} problems`
    : `${pages.length} pages and ${sources.length} source files are in order`,
);
