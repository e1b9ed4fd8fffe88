/** docs/guides/use-the-api.md, run from top to bottom by a shell against the stack. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { join, type Teammate } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

const page = readFileSync(joinPath(import.meta.dirname, "../../docs/guides/use-the-api.md"), "utf8");

/** Each command with the response that the page shows; the first block sets variables. */
const [, ...examples] = [...page.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(
  ([, command = "", answer]) => ({ command, answer: answer === undefined ? null : (JSON.parse(answer) as object) }),
);

let stack: StoryStack;
beforeAll(async () => {
  stack = await startStory();
});
afterAll(() => stack.remove());

const tokenOf = async (person: Teammate, scopes: string): Promise<string> => {
  const said = await person.asks(`/cv tokens new Docs --scopes ${scopes}`, "shown this once");
  const [token] = /cvops_[A-Za-z0-9_-]{43}/.exec(said) ?? [];
  if (!token) throw new Error(`No token in: ${said}`);
  return token;
};

it("the API guide's commands print the documented responses", async (test) => {
  const variables = {
    PATH: process.env["PATH"] ?? "",
    CV_OPS_URL: stack.url,
    CV_OPS_TOKEN: await tokenOf(await join(test, stack, "Avery"), "read,stage"),
    REVIEWER_TOKEN: await tokenOf(await join(test, stack, "Priya"), "read,review,push"),
    ADMIN_TOKEN: await tokenOf(await join(test, stack, "Carla"), "admin"),
  };
  expect(examples.length).toBeGreaterThanOrEqual(8);
  for (const { command, answer } of examples) {
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], { env: variables });
    expect(answer, `the page shows what it answers:\n${command}`).not.toBeNull();
    expect(JSON.parse(stdout), command).toMatchObject(answer ?? {});
  }
});
