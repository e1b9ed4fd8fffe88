/** The programs of docs/guides/typed-client.md, run unchanged against the stack. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../clients/sdk/index.ts";
import { join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

const root = path(import.meta.dirname, "../..");
const page = readFileSync(path(root, "docs/guides/typed-client.md"), "utf8");
const [program = "", loop = "", ...others] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

let stack: StoryStack;
let folder: string;
beforeAll(async () => {
  stack = await startStory();
  folder = mkdtempSync(path(tmpdir(), "cv-ops-client-docs-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stack.remove();
});

/** The page's code, with the package and the server of this test. */
const run = async (code: string, token: string): Promise<{ code: number; out: string; err: string }> => {
  const file = path(folder, "program.mts");
  writeFileSync(
    file,
    code
      .replaceAll('"@cv-ops/sdk"', JSON.stringify(path(root, "clients/sdk/index.ts")))
      .replaceAll("https://cv-ops.example.com", stack.url),
  );
  const node = spawn(process.execPath, [file], {
    env: { CV_OPS_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [exitCode]] = await Promise.all([text(node.stdout), text(node.stderr), once(node, "close")]);
  return { code: exitCode as number, out, err };
};

test("the documented SDK programs stage, commit, push and follow until verified", async (context) => {
  expect(others, "every program of the page is run here").toEqual([]);
  const tokenOf = async (name: "Avery" | "Priya" | "Carla", scopes: string): Promise<string> => {
    const person = await join(context, stack, name);
    const said = await person.asks(`/cv tokens new Docs --scopes ${scopes}`, "shown this once");
    return /cvops_[\w-]+/.exec(said)?.[0] ?? "";
  };
  const [admin, reviewer] = [await tokenOf("Carla", "read,stage,push"), await tokenOf("Priya", "read,review")];

  const running = run(program, admin);
  const reviewing = createClient({ baseUrl: stack.url, token: reviewer });
  for await (const { type, commit } of reviewing.follow({ workspace: true }, { lastEventId: 0 })) {
    if (type !== "commit.created" || commit === null) continue;
    await reviewing.approveCommit({ number: commit });
    break;
  }
  const { code, out, err } = await running;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const steps = out.trimEnd().split("\n");
  expect(steps.at(-1)).toBe("100 completed");
  expect(steps.slice(0, -1).every((step) => step.endsWith(" null"))).toBe(true);
  const rows = await stack.rows("ai-agent");
  expect(rows.find(({ id }) => id === "python-1")).toMatchObject({ values: { experience_years: 8 } });

  const followed = await run(
    `import { createClient } from "@cv-ops/sdk";
    const client = createClient({ baseUrl: "https://cv-ops.example.com", token: process.env.CV_OPS_TOKEN });
    const end = new AbortController();
    const { signal } = end;
    const lastEventId = 0;
    const onState = (state: string) => console.log(state);
    const render = ({ type }: { type: string }) => {
      console.log(type);
      if (type === "push.started") end.abort();
    };
    ${loop.replace("{ commit: 42 }", "{ commit: 1 }")}`,
    admin,
  );
  expect(followed).toMatchObject({ code: 0, err: "" });
  expect(followed.out.split("\n").slice(0, 5)).toEqual([
    "connecting",
    "live",
    "commit.created",
    "commit.review_requested",
    "commit.approved",
  ]);
});
