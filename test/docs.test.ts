/** Documentation pages name existing files, anchors, commands and settings. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { folderPages, root } from "../tools/scripts/tree.ts";

const pages = globSync(["*.md", "docs/**/*.md", ...folderPages], { cwd: root }).toSorted();
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const withoutCode = (page: string): string => page.replaceAll(/```[^]*?```/g, "").replaceAll(/`[^`\n]*`/g, "`code`");

/** As GitHub derives them from headings. */
const anchorsOf = (page: string): Set<string> =>
  new Set(
    [...page.replaceAll(/```[^]*?```/g, "").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );

interface Link {
  page: string;
  path: string;
  anchor: string | undefined;
}

const links = pages.flatMap((page): Link[] =>
  [...withoutCode(read(page)).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g)].map(
    ([, path = "", anchor]) => ({ page, path: path === "" ? page : join(dirname(page), path), anchor }),
  ),
);

test("links lead to files that exist", () => {
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});

test("links lead to headings that exist", () => {
  const within = links.filter(({ path, anchor }) => anchor !== undefined && path.endsWith(".md"));
  expect(within.length).toBeGreaterThan(5);
  expect(within.filter(({ path, anchor }) => !anchorsOf(read(path)).has(anchor ?? ""))).toEqual([]);
});

const folders = new Set([
  "bot",
  "clients",
  "consumers",
  "docs",
  "migrations",
  "shared",
  "targets",
  "test",
  "tools",
  ".ci",
]);

/** Paths in code spans, with `*`, `<name>` and `…` as wildcards. Paths of the guides are files that the guides add. */
const named = pages
  .filter((page) => !page.startsWith("docs/guides/add-"))
  .flatMap((page) =>
    [
      ...read(page)
        .replaceAll(/```[^]*?```/g, "")
        .matchAll(/`([\w.@-]+\/[^`\s]*)`/g),
    ]
      .map(([, path = ""]) => ({ page, path }))
      .filter(({ path }) => folders.has(path.split("/")[0] ?? "")),
  );

test("paths that pages name exist", () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ path }) => {
    const pattern = path.replaceAll(/<[^>]*>|…/g, "*").replace(/\/$/, "");
    return globSync(pattern, { cwd: root }).length === 0;
  });
  expect(missing).toEqual([]);
});

test("npm scripts that pages name exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const own = [".ci/run", ...pages].flatMap((page) =>
    [...read(page).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = ""]) => ({ page, name })),
  );
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test("the page of settings names every variable of the Workers and of the local stack", () => {
  const page = read("docs/reference/settings.md");
  const ofWorkers = globSync(["wrangler.toml", "consumers/wrangler.toml", "targets/*/wrangler.toml"], {
    cwd: root,
  }).flatMap((path) => Object.keys(experimental_readRawConfig({ config: join(root, path) }).rawConfig.vars ?? {}));
  const ofLocalStack = [...read(".env.example").matchAll(/^#(\w+)=/gm)].map(([, name = ""]) => name);
  expect(ofLocalStack.length).toBeGreaterThan(5);
  const missing = new Set([...ofWorkers, ...ofLocalStack].filter((name) => !page.includes(`\`${name}\``)));
  expect([...missing]).toEqual([]);
});

test("the README stays below 150 lines", () => {
  expect(read("README.md").split("\n").length).toBeLessThan(150);
});
