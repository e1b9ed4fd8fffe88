/** The import rules of the layers, checked in every file, and required contents of the Workers' configurations. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { layerOf, layers, mayImport, slackLayers } from "../tools/scripts/layers.ts";
import { importsOf, isTest, readTree, root } from "../tools/scripts/tree.ts";

const tree = readTree();
const files = tree.map(({ path }) => path);

/** "a imports b" for every import that breaks a rule. */
const broken = (from: (file: string) => boolean, isForbidden: (imported: string, file: string) => boolean): string[] =>
  tree
    .filter(({ path }) => from(path))
    .flatMap(({ path, imports }) =>
      imports.filter((name) => isForbidden(name, path)).map((name) => `${path} imports ${name}`),
    );

const within =
  (...folders: string[]) =>
  (file: string): boolean =>
    folders.some((folder) => file.startsWith(folder));
const isOwn = (name: string): boolean => layerOf(name) !== undefined;

describe("the reader of imports", () => {
  test("the reader of imports finds every form, and none in comments", () => {
    const source = `
      import a, { type B } from "./a.ts";
      import type { C } from '../c.ts';
      import * as z from "zod/mini";
      import "./side-effect.ts";
      export { d } from "./d.ts";
      export * from "./e.ts";
      import {
        f,
        g, // from "./comment.ts"
      } from "./f.ts";
      const h = await import("./h.ts");
      type I = import("./i.ts").I;
      const j = require("./j.cjs");
      // import k from "./k.ts";
      /* import l from "./l.ts"; */
      const url = "https://example.com/"; import m from "./m.ts";
      import text from "./n.md?raw";
    `;
    expect(importsOf("bot/slack/x.ts", source).map((name) => name.replace("bot/slack/", ""))).toEqual([
      "a.ts",
      "bot/c.ts",
      "zod/mini",
      "side-effect.ts",
      "d.ts",
      "e.ts",
      "f.ts",
      "h.ts",
      "i.ts",
      "j.cjs",
      "m.ts",
      "n.md",
    ]);
  });

  test("the reader of imports reads the whole repository", () => {
    for (const folder of [
      "bot/",
      "clients/sdk/",
      "consumers/",
      "shared/domain/",
      "shared/use-cases/",
      "targets/d1cv/",
      "tools/playground/",
    ]) {
      expect(files.filter((file) => file.startsWith(folder)).length, folder).toBeGreaterThan(1);
    }
    const missing = tree.flatMap(({ path, imports }) =>
      imports
        .filter((name) => isOwn(name) && /\.tsx?$/.test(name) && !files.includes(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(missing.filter((line) => !line.startsWith("test/boundaries.test.ts"))).toEqual([]);
  });
});

describe.each([
  { inside: "the repository", folder: "", table: layers },
  { inside: "bot/slack", folder: "bot/slack/", table: slackLayers },
])("layers of $inside", ({ folder, table }) => {
  const own = (name: string): boolean => isOwn(name) && name.startsWith(folder);

  test("each file belongs to one layer, and each layer has files", () => {
    const inside = files.filter((file) => file.includes("/") && file.startsWith(folder));
    expect(inside.filter((file) => !layerOf(file, table))).toEqual([]);
    const used = new Set(inside.map((file) => layerOf(file, table)));
    expect(table.filter((layer) => !used.has(layer)).map(({ paths }) => paths[0])).toEqual([]);
  });

  test.each(table.map((layer) => [layer.paths[0], layer] as const))("layer %s imports what it may", (_path, layer) => {
    const from = (file: string): boolean => layerOf(file, table) === layer && !isTest(file);
    expect(broken(from, (name) => own(name) && !mayImport(layer, name, table))).toEqual([]);
  });

  test.each(table.flatMap((layer) => (layer.testImports ? [[layer.paths[0], layer] as const] : [])))(
    "tests of the layer %s import only what they may",
    (_path, layer) => {
      const from = (file: string): boolean => layerOf(file, table) === layer && isTest(file);
      const known = within(...(layer.testImports ?? []));
      expect(broken(from, (name) => own(name) && !mayImport(layer, name, table) && !known(name))).toEqual([]);
    },
  );
});

describe("imports", () => {
  // The linter's import/no-cycle does not see import() in types and in code.
  test("imports form no circle, types included", () => {
    let left = tree;
    // Removes files that import no remaining file, or that no remaining file imports.
    for (let before = Number.POSITIVE_INFINITY; left.length < before;) {
      before = left.length;
      const paths = new Set(left.map(({ path }) => path));
      const imported = new Set(left.flatMap(({ imports }) => imports));
      left = left.filter(({ path, imports }) => imported.has(path) && imports.some((name) => paths.has(name)));
    }
    expect(left.map(({ path }) => path)).toEqual([]);
  });

  test("deployed files import no portal or command line, and programs no portal", () => {
    const from = (file: string): boolean => !within("clients/", "tools/scripts/")(file) && !isTest(file);
    expect(broken(from, within("clients/portal/", "clients/cli/"))).toEqual([]);
  });

  test("the SDK depends on two packages, which its own package declares", () => {
    const from = (file: string): boolean => layerOf(file) === layerOf("clients/sdk/index.ts") && !isTest(file);
    const packages = new Set(["zod/mini", "eventsource-parser"]);
    expect(broken(from, (name) => !isOwn(name) && !packages.has(name))).toEqual([]);
  });

  test("the domain depends on three packages", () => {
    const from = (file: string): boolean => file.startsWith("shared/domain/") && !isTest(file);
    const packages = new Set(["zod/mini", "fastest-levenshtein", "diff"]);
    expect(broken(from, (name) => !isOwn(name) && !packages.has(name))).toEqual([]);
  });

  test("only the fuzzers import the simulator from outside", () => {
    const from = (file: string): boolean => !within("tools/simulator/", "tools/scripts/", "test/fuzz/")(file);
    expect(broken(from, within("tools/simulator/"))).toEqual([]);
  });

  test("only bot/slack, the Slacks of tools and tests import Slack's packages", () => {
    const from = (file: string): boolean =>
      !within("bot/slack/", "tools/playground/", "tools/slack/")(file) && !isTest(file) && !file.startsWith("vitest.");
    expect(broken(from, (name) => name.startsWith("@slack/"))).toEqual([]);
  });

  test("shared code imports no framework and no platform module", () => {
    const from = (file: string): boolean => file.startsWith("shared/") && !isTest(file);
    // The log alone knows whose line it writes by the platform's asynchronous context.
    expect(broken(from, (name) => /^(hono|cloudflare:|node:|@slack\/)/.test(name))).toEqual([
      "shared/log.ts imports node:async_hooks",
    ]);
  });

  test("no client reaches the log: browsers have no node:async_hooks", () => {
    const reached = new Set(tree.filter(({ path }) => within("clients/")(path) && !isTest(path)));
    // A set that grows is walked to its end.
    for (const { imports } of reached)
      for (const file of tree) if (imports.includes(file.path) && !isTest(file.path)) reached.add(file);
    const paths = [...reached].map(({ path }) => path);
    expect(paths).toContain("shared/contract/event.ts");
    expect(paths).not.toContain("shared/log.ts");
  });

  const isOfTests = (name: string): boolean => isTest(name) || name === "vitest" || name === "cloudflare:test";

  test("product code imports no tool and no test", () => {
    const product = within("bot/", "clients/", "consumers/", "shared/", "targets/");
    // A package's build.ts makes it and is not in it.
    const from = (file: string): boolean => product(file) && !isTest(file) && !file.endsWith("/build.ts");
    expect(broken(from, (name) => within("tools/")(name) || isOfTests(name))).toEqual([]);
  });

  test("tools import no test, and only the simulator imports what tests share", () => {
    const isShared = (name: string, file: string): boolean =>
      within("tools/simulator/")(file) && within("test/support/")(name);
    const from = (file: string): boolean => within("tools/")(file) && !isTest(file);
    expect(broken(from, (name, file) => isOfTests(name) && !isShared(name, file))).toEqual([]);
  });

  test("bundled code imports zod only from zod/mini", () => {
    expect(
      broken(within("bot/", "consumers/", "shared/", "targets/"), (name) => name === "zod" || name.startsWith("zod/v")),
    ).toEqual([]);
  });
});

describe("purity", () => {
  const uses = (from: (file: string) => boolean, pattern: RegExp): string[] =>
    tree.filter(({ path, code }) => from(path) && !isTest(path) && pattern.test(code)).map(({ path }) => path);

  test("the domain and messages use no clock and no randomness", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\bsetTimeout\b|\bfetch\(/;
    expect(uses(within("shared/domain/", "shared/messages/"), impure)).toEqual([]);
  });

  test("use cases and storage get the clock and ids from their context", () => {
    const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\bsetTimeout\b/;
    expect(uses(within("shared/use-cases/", "shared/storage/", "shared/targets/"), impure)).toEqual([]);
  });

  test("no product code names a target, except the index consumer", () => {
    const product = within("bot/", "consumers/", "shared/", "clients/");
    const isProduct = (file: string): boolean =>
      product(file) && !/\/testing\/|worker-configuration\.d\.ts$|^consumers\/index-vectors\.ts$/.test(file);
    expect(uses(isProduct, /d1cv|ai[-_]agent/i)).toEqual([]);
  });
});

/** The playground forwards callbacks to the bot, which runs behind its port. */
const localOnly = "PLAYGROUND";

const deployed = globSync("{,consumers/,targets/*/}wrangler.toml", { cwd: root }).toSorted();

describe.each(deployed)("%s", (path) => {
  const { rawConfig } = experimental_readRawConfig({ config: join(root, path) });
  const local: Record<string, unknown> = { ...rawConfig, env: undefined };
  const production: Record<string, unknown> = { ...rawConfig.env?.["production"] };

  test("a Worker's production environment declares every local binding", () => {
    expect(bindingsOf(local).length).toBeGreaterThan(0);
    expect(bindingsOf(production)).toEqual(bindingsOf(local).filter((name) => name !== localOnly));
  });

  test("a Worker consumes in production the queues of the local stack", () => {
    const queues = (config: typeof production): string[] => namesOf(config["queues"], "queue", "dead_letter_queue");
    expect(queues(production)).toEqual(
      queues(local)
        .map((queue) => `${queue}-production`)
        .toSorted(),
    );
  });

  test("a Worker binds in production only to Workers deployed for production", () => {
    const bound = namesOf(production, "service", "script_name");
    expect(bound.filter((name) => !name.endsWith("-production"))).toEqual([]);
    expect(bound.filter((name) => /local-ai|playground/.test(name))).toEqual([]);
  });

  test("a Worker sets its production environment and contains no secret", () => {
    const vars = namedVars(production);
    expect(vars["ENVIRONMENT"]).toBe("production");
    expect(Object.keys(vars)).not.toContain("SLACK_API_URL");
    expect(JSON.stringify(production)).not.toMatch(/whsec_|xox[a-z]-|SIGNING_SECRET/);
  });
});

/** Values of these keys anywhere in a configuration, sorted. */
function namesOf(value: unknown, ...keys: string[]): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value)
    .flatMap(([key, inner]) => (keys.includes(key) && typeof inner === "string" ? [inner] : namesOf(inner, ...keys)))
    .toSorted();
}

function bindingsOf(config: Record<string, unknown>): string[] {
  const { durable_objects: objects, vars: _vars, ...rest } = config;
  return [...namesOf(rest, "binding"), ...namesOf(objects, "name")].toSorted();
}

function namedVars(config: Record<string, unknown>): Record<string, unknown> {
  const { vars } = config;
  return vars !== null && typeof vars === "object" ? { ...vars } : {};
}
