/** The published packages as a consumer uses them: packed, unpacked elsewhere, and without network. */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { build } from "esbuild";
import { Miniflare, Response, convertV4MiniflareOptions } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveEventOf } from "../shared/contract/live.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "cv-ops-packages-"));

const run = (program: string, argv: string[], cwd = folder) => {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_cache: join(folder, "cache"), CV_OPS_URL: "", CV_OPS_TOKEN: "" };
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: "utf8", env });
  return { status, stdout, stderr };
};
const mustRun = (program: string, argv: string[], cwd?: string): string => {
  const { status, stdout, stderr } = run(program, argv, cwd);
  if (status !== 0) throw new Error(`${program} ${argv.join(" ")} failed:\n${stderr}`);
  return stdout;
};
const packed = (name: string): string => join(folder, globSync(`cv-ops-${name}-*.tgz`, { cwd: folder })[0] ?? "");
const filesIn = (name: string): string[] =>
  mustRun("tar", ["-tzf", packed(name)])
    .trim()
    .split("\n")
    .map((file) => file.replace("package/", ""))
    .toSorted();

const workspaces = [{ id: "T0CVOPS01", name: "CV Ops" }];
const approved = liveEventOf({
  id: 3,
  type: "commit.approved",
  at: "2031-03-03T09:00:00.000Z",
  actor: { kind: "slack", id: "U0PRIYA01", token: null },
  commit: 7,
  push: null,
  change: null,
  deadLetter: null,
  jobId: null,
  target: null,
  attempt: null,
  data: {},
  traceId: "0".repeat(32),
});
const stream = (): Response =>
  new Response(`id: 3\nevent: ${approved.event}\ndata: ${JSON.stringify(approved)}\n\n`, {
    headers: { "Content-Type": "text/event-stream" },
  });

beforeAll(() => {
  mustRun("npm", ["pack", "-w", "@cv-ops/sdk", "-w", "@cv-ops/cli", "--pack-destination", folder], root);
  // As an install does, but with zod from this repository.
  const installed = join(folder, "node_modules/@cv-ops/sdk");
  mkdirSync(installed, { recursive: true });
  mustRun("tar", ["-xzf", packed("sdk"), "-C", installed, "--strip-components=1"]);
  symlinkSync(join(root, "node_modules/zod"), join(folder, "node_modules/zod"), "dir");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed file", () => {
  test("the packed SDK is under 75 KB, with code, declarations and licences", () => {
    expect(statSync(packed("sdk")).size).toBeLessThan(75_000);
    expect(filesIn("sdk")).toEqual([
      "README.md",
      "dist/LICENSE",
      "dist/LICENSE.eventsource-parser",
      "dist/index.d.ts",
      "dist/index.js",
      "package.json",
    ]);
  });

  test("the packed command line is one program with its licences", () => {
    // 103.7 kB before it signed in, and had commands for roles, tokens and webhooks.
    expect(statSync(packed("cli")).size).toBeLessThan(120_000);
    expect(filesIn("cli")).toEqual([
      "README.md",
      "dist/LICENSE",
      "dist/LICENSE.diff",
      "dist/LICENSE.eventsource-parser",
      "dist/LICENSE.fastest-levenshtein",
      "dist/LICENSE.zod",
      "dist/cv.js",
      "package.json",
    ]);
  });
});

describe("the client", () => {
  test("the packed SDK is imported in Node", () => {
    const program = `
      const { createClient, ApiProblem } = await import("@cv-ops/sdk");
      const client = createClient({ baseUrl: "http://127.0.0.1:9", token: "t" });
      const error = await client.whoAmI({ tries: 1 }).catch((thrown) => thrown);
      console.log(error.name, typeof client.follow, typeof ApiProblem);`;
    expect(run(process.execPath, ["--input-type=module", "--eval", program])).toEqual({
      status: 0,
      stdout: "Unreachable function function\n",
      stderr: "",
    });
  });

  /** A bundle without remaining imports: zod is the client's only dependency. */
  const bundle = async (contents: string, platform: "browser" | "neutral"): Promise<string> => {
    const stdin = { contents, resolveDir: folder };
    const { outputFiles } = await build({
      stdin,
      platform,
      bundle: true,
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  };

  test("the packed SDK is bundled for a page without Node's modules", async () => {
    const page = `import { createClient } from "@cv-ops/sdk"; globalThis.client = createClient({ baseUrl: location.origin });`;
    const code = await bundle(page, "browser");
    expect(code).toContain("location.origin");
    expect(code).not.toMatch(/\brequire\(|\bprocess\.|\bBuffer\b|from "/);
  });

  test("the packed SDK calls the API and follows events from a Worker", async () => {
    const code = await bundle(
      `import { createClient } from "@cv-ops/sdk";
       export default {
         async fetch() {
           const client = createClient({ baseUrl: "https://cv-ops.example.com", token: "cvops_1", WebSocket: null });
           const { workspaces } = await client.listWorkspaces();
           for await (const { id, type } of client.follow({ commit: 7 }, { lastEventId: 0 })) {
             return Response.json({ workspaces, id, type });
           }
         },
       };`,
      "neutral",
    );
    const asked: string[] = [];
    const worker = new Miniflare(
      convertV4MiniflareOptions({
        modules: [{ type: "ESModule", path: "worker.js", contents: code }],
        compatibilityDate: "2026-10-20",
        outboundService: ({ method, url, headers }) => {
          asked.push(`${method} ${url} ${headers.get("Authorization")}`);
          return url.endsWith("/workspaces") ? Response.json({ workspaces }) : stream();
        },
      }),
    );
    try {
      const response = await worker.dispatchFetch("http://worker.example/");
      expect(await response.json()).toEqual({ workspaces, id: 3, type: "commit.approved" });
      expect(asked).toEqual([
        "GET https://cv-ops.example.com/v2/workspaces Bearer cvops_1",
        "GET https://cv-ops.example.com/v2/stream?commit=7 Bearer cvops_1",
      ]);
    } finally {
      await worker.dispose();
    }
  }, 30_000);

  test.each([
    ["bundler", "esnext"],
    ["nodenext", "nodenext"],
  ])(
    "the packed SDK has types of its calls, with moduleResolution %s",
    (moduleResolution, module) => {
      writeFileSync(
        join(folder, "program.mts"),
        `import { type LiveEvent, createClient } from "@cv-ops/sdk";
       const client = createClient({ baseUrl: "https://cv-ops.example.com", token: () => "cvops_1" });
       const push = await client.startPush({ scope: "all" }, { commit: 1 });
       const percent: number = push.percent;
       const show = ({ type }: LiveEvent): void => console.log(type, percent);
       for await (const event of client.follow({ commit: push.commit })) show(event);
       // @ts-expect-error a commit is a number
       await client.startPush({ scope: "all" }, { commit: "one" });
       // @ts-expect-error the path is needed
       await client.showPush();
       // @ts-expect-error a push has no such field
       push.nonsense;`,
      );
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const options = ["--noEmit", "--strict", "--target", "es2024", "--types", "", "--ignoreConfig"];
      const modules = ["--module", module, "--moduleResolution", moduleResolution];
      expect(run(process.execPath, [tsc, ...options, ...modules, "program.mts"])).toEqual({
        status: 0,
        stdout: "",
        stderr: "",
      });
    },
    30_000,
  );
});

describe("cv", () => {
  const npx = (...argv: string[]) => run("npx", ["--offline", "--yes", `./${basename(packed("cli"))}`, ...argv]);

  test("cv runs by npx from the packed file alone", () => {
    expect(npx("help", "push")).toMatchObject({ status: 0, stdout: expect.stringContaining("--verified") });
    expect(npx("whoami")).toMatchObject({ status: 2, stderr: expect.stringContaining("Set CV_OPS_URL") });
  }, 60_000);
});
