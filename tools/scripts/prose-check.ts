/** Part of `npm run check`: the language of pages, and of texts that people read (docs/explanation/glossary.md). */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problemsOfPage, readRules, wrongWords } from "./prose.ts";
import { textsOf } from "./texts.ts";
import { isTest, root } from "./tree.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const rules = readRules(read("docs/explanation/glossary.md"));

const pages = globSync(["*.md", "docs/**/*.md", ".github/**/*.md", "clients/*/*.md"], { cwd: root });
const sources = globSync(
  [
    "shared/{messages,contract,domain}/**/*.ts",
    "bot/{slack,api,live}/**/*.ts",
    "clients/{cli,portal}/**/*.{ts,tsx}",
    "tools/playground/page/**/*.{ts,tsx}",
  ],
  { cwd: root },
).filter((path) => !isTest(path));

const problems = [
  ...pages
    .toSorted()
    .flatMap((path) => problemsOfPage(read(path), rules).map(({ line, what }) => `${path}:${line}: ${what}`)),
  ...sources
    .toSorted()
    .flatMap((path) =>
      textsOf(path, read(path)).flatMap(({ line, text }) =>
        wrongWords(text, rules).map((what) => `${path}:${line}: ${what}`),
      ),
    ),
];

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
console.log(
  problems.length > 0
    ? `${problems.length} problems`
    : `${pages.length} pages and the texts of ${sources.length} files are in order`,
);
