/** Tests that a page names, as `[file](path): "title"` at the end of a line; the title may stand on the next. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../tools/scripts/tree.ts";

export const readPage = (page: string): string => readFileSync(join(root, page), "utf8");

interface NamedTest {
  title: string;
  isThere: boolean;
}

/** @param page its path, from which the links lead */
export const namedTests = (page: string, text: string): NamedTest[] =>
  [...text.matchAll(/\[[^\]]+\]\(([^)]+\.test\.ts)\):\s"([^"]+)"$/gm)].map(([, file = "", title = ""]) => ({
    title,
    // A mention elsewhere in the file, such as in a comment, is no test.
    isThere: opensWith(title).test(readFileSync(join(root, dirname(page), file), "utf8")),
  }));

/** The title of a test, or of a table of tests, or how it begins. */
const opensWith = (title: string): RegExp =>
  new RegExp(`\\(\\s*["'\`]${title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);
