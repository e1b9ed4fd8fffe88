/** The TypeScript files of the repository, and what each imports. */
import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";

export const root = join(import.meta.dirname, "../..");
/** Patterns for the README of each main folder. */
export const folderPages = ["{bot,clients,consumers,migrations,shared,targets,test,tools}/**/README.md"];
const generated = new Set(["node_modules", "dist", ".wrangler", ".local", "coverage", ".git"]);

export interface SourceFile {
  /** Below the repository. */
  path: string;
  /** The source without its comments. */
  code: string;
  /** Types and dynamic imports included: repository paths for its own modules, names for packages. */
  imports: readonly string[];
}

/** Without comments. Strings are kept: module names are strings. */
const codeOf = (source: string): string =>
  source.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? " " : part,
  );

const moduleName = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n]+)\1/g;

export const importsOf = (path: string, source: string): string[] =>
  [...codeOf(source).matchAll(moduleName)].map(([, , name = ""]) =>
    name.startsWith(".") ? normalize(join(path, "..", name)).replace(/\?.*$/, "") : name,
  );

export const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\/|^test\//.test(path);

export const sourcePaths = (): string[] =>
  globSync("**/*.{ts,tsx}", {
    cwd: root,
    exclude: (path) => generated.has(path.split("/").at(-1) ?? ""),
  }).toSorted();

export const readTree = (): SourceFile[] =>
  sourcePaths().map((path) => {
    const source = readFileSync(join(root, path), "utf8");
    return { path, code: codeOf(source), imports: importsOf(path, source) };
  });
