/** The rules of the house (design, section 2), read from the imports of every file and from the Workers' configurations. */
import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { experimental_readRawConfig } from "wrangler";

const root = join(import.meta.dirname, "..");
const generated = new Set(["node_modules", "dist", ".wrangler", ".local", "coverage", ".git"]);

const files = globSync("**/*.{ts,tsx}", {
  cwd: root,
  exclude: (path) => generated.has(path.split("/").at(-1) ?? ""),
}).toSorted();

/** The source without its comments. Strings are kept: module names are strings. */
const codeOf = (source: string): string =>
  source.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? " " : part,
  );

const moduleName = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n]+)\1/g;

/** What a file imports, types and dynamic imports included: repository paths for its own modules, names for packages. */
const importsOf = (file: string, source: string): string[] =>
  [...codeOf(source).matchAll(moduleName)].map(([, , name = ""]) =>
    name.startsWith(".") ? normalize(join(file, "..", name)).replace(/\?.*$/, "") : name,
  );

const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\/|\/test-[a-z]+(\.d)?\.ts$|^test\//.test(file);

const tree = files.map((file) => {
  const source = readFileSync(join(root, file), "utf8");
  return { file, code: codeOf(source), imports: importsOf(file, source) };
});

/** "a imports b" for every import that breaks a rule. */
const broken = (from: (file: string) => boolean, isForbidden: (imported: string, file: string) => boolean): string[] =>
  tree
    .filter(({ file }) => from(file))
    .flatMap(({ file, imports }) =>
      imports.filter((name) => isForbidden(name, file)).map((name) => `${file} imports ${name}`),
    );

const within =
  (...folders: string[]) =>
  (file: string): boolean =>
    folders.some((folder) => file.startsWith(folder));
const isOwn = within(
  "bot/",
  "consumers/",
  "shared/",
  "targets/",
  "tools/playground/",
  "test/",
  "tools/scripts/",
  "tools/simulator/",
  "clients/portal/",
  "clients/sdk/",
  "clients/cli/",
);

describe("the reader of imports", () => {
  test("finds every form of import, and none in comments", () => {
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

  test("reads the whole tree", () => {
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
    const missing = tree.flatMap(({ file, imports }) =>
      imports
        .filter((name) => isOwn(name) && /\.tsx?$/.test(name) && !files.includes(name))
        .map((name) => `${file} imports ${name}`),
    );
    expect(missing.filter((line) => !line.startsWith("test/boundaries.test.ts"))).toEqual([]);
  });
});

describe("imports", () => {
  test("bot and consumers do not know each other, nor the targets", () => {
    expect(broken(within("bot/"), within("consumers/", "targets/"))).toEqual([]);
    expect(broken(within("consumers/"), within("bot/", "targets/"))).toEqual([]);
  });

  test("shared knows only itself", () => {
    const mayTest = (name: string, file: string): boolean => isTest(file) && name.startsWith("test/support/shared/");
    const isForbidden = (name: string): boolean => isOwn(name) && !name.startsWith("shared/");
    expect(broken(within("shared/"), (name, file) => isForbidden(name) && !mayTest(name, file))).toEqual([]);
  });

  test("the portal knows the client, the contract of the API and the domain; nothing that is deployed knows the portal", () => {
    const known = within("clients/portal/", "clients/sdk/", "shared/contract/", "shared/domain/");
    expect(broken(within("clients/portal/"), (name) => isOwn(name) && !known(name))).toEqual([]);
    expect(broken((file) => !within("clients/portal/", "tools/scripts/")(file), within("clients/portal/"))).toEqual([]);
  });

  test("the client knows of shared the contract of the API, the domain and how long to wait; it runs in pages", () => {
    const known = within("clients/sdk/", "shared/contract/", "shared/domain/");
    const from = (file: string): boolean => file.startsWith("clients/sdk/") && !isTest(file);
    // Whatever else it imports would have to be bundled into its package, as eventsource-parser is.
    const allowed = ["shared/backoff.ts", "zod/mini", "eventsource-parser"];
    const isForbidden = (name: string): boolean => !known(name) && !allowed.includes(name);
    expect(broken(from, isForbidden)).toEqual([]);
  });

  test("the command line knows the client and what that may know; nobody knows the command line", () => {
    const known = within("clients/cli/", "clients/sdk/", "shared/contract/", "shared/domain/");
    const from = (file: string): boolean => file.startsWith("clients/cli/") && !isTest(file);
    expect(broken(from, (name) => isOwn(name) && !known(name))).toEqual([]);
    const others = (file: string): boolean => !within("clients/cli/", "tools/scripts/")(file) && !isTest(file);
    expect(broken(others, within("clients/cli/"))).toEqual([]);
  });

  test("targets know of shared the protocol, the domain, addresses, backoff, signatures and results", () => {
    const known = within("targets/", "shared/domain/");
    const files = [
      "shared/targets/protocol.ts",
      "shared/targets/index-protocol.ts",
      "shared/targets/address.ts",
      "shared/backoff.ts",
      "shared/signing.ts",
      "shared/trace.ts",
      "shared/result.ts",
    ];
    const isForbidden = (name: string): boolean => isOwn(name) && !known(name) && !files.includes(name);
    // Its tests run the index consumer against the real ai-agent, and hold the service against the corpora.
    const mayTest = (name: string, file: string): boolean =>
      isTest(file) && (name === "consumers/index-vectors.ts" || name.startsWith("test/corpora/"));
    expect(broken(within("targets/"), (name, file) => isForbidden(name) && !mayTest(name, file))).toEqual([]);
  });

  test("one target does not know another", () => {
    const code = (folder: string) => (file: string) => file.startsWith(folder) && !isTest(file);
    expect(broken(code("targets/d1cv/"), within("targets/ai-agent/"))).toEqual([]);
    expect(broken(code("targets/ai-agent/"), within("targets/d1cv/"))).toEqual([]);
    expect(broken(code("targets/service/"), within("targets/d1cv/", "targets/ai-agent/"))).toEqual([]);
  });

  test("no code that is deployed knows the playground; tests may hold it against its limits of Slack", () => {
    const from = (file: string): boolean => !within("tools/playground/", "tools/scripts/")(file) && !isTest(file);
    expect(broken(from, within("tools/playground/"))).toEqual([]);
  });

  test("nothing knows the simulator, but the fuzzers that send requests; generated tests share its dice", () => {
    const from = (file: string): boolean => !within("tools/simulator/", "test/fuzz/")(file);
    const mayTest = (name: string, file: string): boolean => name === "tools/simulator/random.ts" && isTest(file);
    expect(broken(from, (name, file) => within("tools/simulator/")(name) && !mayTest(name, file))).toEqual([]);
  });

  test("the domain knows only itself, results, how long to wait, the wire format and two packages", () => {
    const allowed = [
      "shared/digest.ts",
      "shared/result.ts",
      "shared/backoff.ts",
      "shared/targets/protocol.ts",
      "zod/mini",
      "fastest-levenshtein",
    ];
    const from = (file: string): boolean => file.startsWith("shared/domain/") && !isTest(file);
    expect(broken(from, (name) => !name.startsWith("shared/domain/") && !allowed.includes(name))).toEqual([]);
  });

  test("only bot/slack, the playground and tests know Slack's packages", () => {
    const from = (file: string): boolean =>
      !within("bot/slack/", "tools/playground/")(file) && !isTest(file) && !file.startsWith("vitest.");
    expect(broken(from, (name) => name.startsWith("@slack/"))).toEqual([]);
  });

  test("shared knows no framework and no platform module", () => {
    const from = (file: string): boolean => file.startsWith("shared/") && !isTest(file);
    expect(broken(from, (name) => /^(hono|cloudflare:|node:|@slack\/)/.test(name))).toEqual([]);
  });

  test("code that runs knows nothing of tests", () => {
    const from = (file: string): boolean => !isTest(file) && !file.startsWith("vitest.");
    expect(broken(from, (name) => isTest(name) || name === "vitest" || name === "cloudflare:test")).toEqual([]);
  });

  test("bundled code takes zod from zod/mini", () => {
    expect(
      broken(within("bot/", "consumers/", "shared/", "targets/"), (name) => name === "zod" || name.startsWith("zod/v")),
    ).toEqual([]);
  });
});

describe("purity", () => {
  const uses = (from: (file: string) => boolean, pattern: RegExp): string[] =>
    tree.filter(({ file, code }) => from(file) && !isTest(file) && pattern.test(code)).map(({ file }) => file);

  test("the domain reads no clock and throws no dice", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\bsetTimeout\b|\bfetch\(/;
    expect(uses(within("shared/domain/"), impure)).toEqual([]);
  });

  test("verbs and storage get the clock and ids from their context", () => {
    const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\bsetTimeout\b/;
    expect(uses(within("shared/use-cases/", "shared/storage/", "shared/targets/"), impure)).toEqual([]);
  });
});

/** The playground passes callbacks on to the bot while that is under its port. */
const localOnly = "PLAYGROUND";

describe.each([
  "wrangler.toml",
  "consumers/wrangler.toml",
  "targets/d1cv/wrangler.toml",
  "targets/ai-agent/wrangler.toml",
])("%s", (path) => {
  const { rawConfig } = experimental_readRawConfig({ config: join(root, path) });
  const local: Record<string, unknown> = { ...rawConfig, env: undefined };
  const production: Record<string, unknown> = { ...rawConfig.env?.["production"] };

  test("has a production environment with the bindings of the local one: environments inherit none", () => {
    expect(bindingsOf(local).length).toBeGreaterThan(0);
    expect(bindingsOf(production)).toEqual(bindingsOf(local).filter((name) => name !== localOnly));
  });

  test("consumes in production the queues of the local stack", () => {
    const queues = (config: typeof production): string[] => namesOf(config["queues"], "queue", "dead_letter_queue");
    expect(queues(production)).toEqual(
      queues(local)
        .map((queue) => `${queue}-production`)
        .toSorted(),
    );
  });

  test("binds in production to Workers that are deployed for production, never to a stand-in", () => {
    const bound = namesOf(production, "service", "script_name");
    expect(bound.filter((name) => !name.endsWith("-production"))).toEqual([]);
    expect(bound.filter((name) => /local-ai|playground/.test(name))).toEqual([]);
  });

  test("says that production is production, and holds no secret", () => {
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
