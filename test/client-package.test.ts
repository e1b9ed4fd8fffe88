/** The package as others use it: without this repository's sources, under whichever Node they have. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildClientPackage } from "../tools/scripts/client-package.ts";

const root = join(import.meta.dirname, "..");
let folder = "";

// Below the repository, so that zod is found as it is where the package is installed.
beforeAll(async () => {
  mkdirSync(join(root, "dist"), { recursive: true });
  folder = mkdtempSync(join(root, "dist/package-"));
  await buildClientPackage(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (...argv: string[]) =>
  spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8", env: {} as NodeJS.ProcessEnv });

test("the client is imported as JavaScript", () => {
  const program = `
    const { createClient, ApiProblem } = await import("./client/index.js");
    const client = createClient({ baseUrl: "http://127.0.0.1:9", token: "t" });
    const error = await client.whoAmI({ tries: 1 }).catch((thrown) => thrown);
    console.log(error.name, typeof client.follow, typeof ApiProblem);`;
  expect(node("--input-type=module", "--eval", program)).toMatchObject({
    status: 0,
    stdout: "Unreachable function function\n",
  });
});

test("cv runs by itself", () => {
  expect(node("cli/cv.js", "help", "push")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("--verified"),
  });
  expect(node("cli/cv.js", "whoami")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Set CV_OPS_URL"),
  });
});

test("its types say what a call takes and what comes back", () => {
  writeFileSync(
    join(folder, "program.ts"),
    `import { createClient } from "./client/types/clients/sdk/index.js";
     const client = createClient({ baseUrl: "https://cv-ops.example.com", token: () => "cvops_1" });
     const push = await client.startPush({ scope: "all" }, { commit: 1 });
     const percent: number = push.percent;
     for await (const event of client.follow({ commit: push.commit })) console.log(event.type, percent);
     // @ts-expect-error a commit is a number
     await client.startPush({ scope: "all" }, { commit: "one" });
     // @ts-expect-error the path is needed
     await client.showPush();
     export {};`,
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--ignoreConfig",
  ];
  expect(node(tsc, ...options, "program.ts")).toMatchObject({ stdout: "", status: 0 });
});
