/** Documentation pages name existing files, anchors, commands and settings. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob } from "node:path";
import { expect, test } from "vitest";
import { commands as slackCommands } from "../bot/slack/commands.ts";
import { completed } from "../clients/cli/help.ts";
import { experimental_readRawConfig } from "wrangler";
import { refusedAddresses } from "./corpora/addresses.ts";
import { forgeries, idForgeries } from "./corpora/forgeries.ts";
import { mentions } from "./corpora/mentions.ts";
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

const isRecord = (page: string): boolean => /^docs\/adr\/\d/.test(page);

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

test("links of the pages lead to files that exist", () => {
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});

test("links of the pages lead to headings that exist", () => {
  const within = links.filter(({ path, anchor }) => anchor !== undefined && path.endsWith(".md"));
  expect(within.length).toBeGreaterThan(5);
  expect(within.filter(({ path, anchor }) => !anchorsOf(read(path)).has(anchor ?? ""))).toEqual([]);
});

test("the table of contents leads to every page, and that of the records to every record", () => {
  const listed = (index: string) => new Set(links.filter(({ page }) => page === index).map(({ path }) => path));
  const documents = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  const [records, others] = [documents.filter(isRecord), documents.filter((page) => !isRecord(page))];
  expect(records.length).toBeGreaterThan(9);
  expect(records.filter((page) => !listed("docs/adr/README.md").has(page))).toEqual([]);
  expect(others.filter((page) => !listed("docs/README.md").has(page))).toEqual([]);
});

const created = (page: string): string[] => [
  ...[...read(page).matchAll(/^Create `([^`]+)`:$/gm)].map(([, path = ""]) => path),
  ...[...read(page).matchAll(/^mkdir (\S+)$/gm)].map(([, path = ""]) => path),
];

const folders = "bot|clients|consumers|docs|migrations|shared|targets|test|tools|\\.ci|\\.github|\\.changeset";
/** Pictures are drawn from the code. */
const inCode = /```(?!mermaid)[^]*?```|`[^`\n]+`/g;
const fromRoot = new RegExp(`(?<![\\w./@-])(?:${folders})/[\\w./*<>…-]*`, "g");
const fileName = /(?<![\w./@*<>-])[\w*<…][\w./*<>…-]*\.(?:tsx?|jsx?|md|toml|json|sql|png|ya?ml)(?![\w/(])/g;

/** In code: paths below the root, and names of files, with `*`, `<name>` and `…` as wildcards. */
const named = pages
  .filter((page) => !page.endsWith("CHANGELOG.md"))
  .flatMap((page) => {
    const added = created(page);
    return (
      (read(page).match(inCode) ?? [])
        .flatMap((code) => [...(code.match(fromRoot) ?? []), ...(code.match(fileName) ?? [])])
        .map((path) => path.replaceAll(/<[^>]*>|…/g, "*").replace(/[/.]+$/, ""))
        // `npm run setup` makes it; it is not in git.
        .filter((path) => path !== "production.json" && !path.startsWith("dist/production/"))
        // The person who types the line has it: a target and its secrets.
        .filter((path) => path !== "archive.json" && path !== "secrets.json")
        // Of the backups, in R2.
        .filter((path) => path !== "index.json" && !/^\d{4}-\d{2}-\d{2}\//.test(path))
        .filter((path) => !added.some((each) => each.startsWith(path) || path.startsWith(each)))
        .map((path) => ({ page, path }))
    );
  });

test("paths and files that the pages name exist", () => {
  expect(named.length).toBeGreaterThan(300);
  const tree = globSync(["**/*", ".*/**"], {
    cwd: root,
    exclude: (path) => /node_modules|\.git$|\.local|dist/.test(path),
  });
  const exists = (path: string): boolean =>
    tree.includes(path) || tree.some((file) => matchesGlob(file, path) || matchesGlob(file, `**/${path}`));
  const paths = [...new Set(named.map(({ path }) => path))];
  const missing = new Set(paths.filter((path) => !exists(path)));
  expect(named.filter(({ path }) => missing.has(path))).toEqual([]);
});

test("npm scripts that the pages name exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const own = [".ci/run", ...pages].flatMap((page) =>
    [...read(page).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = ""]) => ({ page, name })),
  );
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test("commands that the pages name exist, in Slack and in a shell", () => {
  const codes = pages.flatMap((page) =>
    page.endsWith("add-a-command.md") ? [] : (read(page).match(inCode) ?? []).map((code) => ({ page, code })),
  );
  const wrong = (pattern: RegExp, names: readonly string[]) =>
    codes.flatMap(({ page, code }) =>
      [...code.matchAll(pattern)]
        .filter(([, name = ""]) => !names.includes(name))
        .map(([typed]) => `${page}: ${typed}`),
    );
  expect(codes.length).toBeGreaterThan(1000);
  expect(
    wrong(
      /(?<!\w)\/cv ([a-z][a-z-]*)/g,
      slackCommands.map(({ name }) => name),
    ),
  ).toEqual([]);
  expect(
    wrong(
      /(?<![/\w-])cv ([a-z][a-z-]*)/g,
      completed.map(({ name }) => name),
    ),
  ).toEqual([]);
});

test("the settings page names every variable of the Workers and the local stack", () => {
  const page = read("docs/reference/settings.md");
  const ofWorkers = globSync(["wrangler.toml", "consumers/wrangler.toml", "targets/*/wrangler.toml"], {
    cwd: root,
  }).flatMap((path) => Object.keys(experimental_readRawConfig({ config: join(root, path) }).rawConfig.vars ?? {}));
  const ofLocalStack = [...read(".env.example").matchAll(/^#(\w+)=/gm)].map(([, name = ""]) => name);
  expect(ofLocalStack.length).toBeGreaterThan(5);
  const missing = new Set([...ofWorkers, ...ofLocalStack].filter((name) => !page.includes(`\`${name}\``)));
  expect([...missing]).toEqual([]);
});

test("the reliability page states how many cases each corpus has", () => {
  const page = read("docs/explanation/reliability.md");
  expect(page).toContain(`| [addresses](../../test/corpora/addresses.ts) | ${refusedAddresses.length} |`);
  expect(page).toContain(`| [mentions](../../test/corpora/mentions.ts) | ${mentions.length} |`);
  const cases = `${forgeries.length}, and ${idForgeries.length} of ids`;
  expect(page).toContain(`| [forgeries](../../test/corpora/forgeries.ts) | ${cases} |`);
});

test("the README stays below 150 lines", () => {
  expect(read("README.md").split("\n").length).toBeLessThan(150);
});
