/** Part of `npm run check`: the language of pages (docs/explanation/glossary.md). */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problemsOfPage, readRules } from "./prose.ts";
import { folderPages, root } from "./tree.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const rules = readRules(read("docs/explanation/glossary.md"));

const pages = globSync(["*.md", "docs/**/*.md", ".github/**/*.md", "clients/*/*.md", ...folderPages], { cwd: root });
const problems = pages
  .toSorted()
  .flatMap((path) => problemsOfPage(read(path), rules).map(({ line, what }) => `${path}:${line}: ${what}`));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
console.log(problems.length > 0 ? `${problems.length} problems` : `${pages.length} pages are in order`);
