/** The main job from a shell: `cv` as a separate process against the whole stack. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildCommandLine } from "../../clients/cli/build.ts";
import { people } from "../support/people.ts";
import { join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

const folder = mkdtempSync(path(tmpdir(), "cv-ops-cli-"));
let program: string;
let stack: StoryStack;
beforeAll(async () => {
  program = await buildCommandLine(folder);
  // Without a package.json, Node has to detect that the file is a module; with one, it does not.
  writeFileSync(path(folder, "package.json"), '{ "type": "module" }');
  stack = await startStory();
});
afterAll(async () => {
  await stack.remove();
  rmSync(folder, { recursive: true });
});

const start = (token: string | null, url: string, argv: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env["PATH"], CV_OPS_URL: url, ...(token !== null && { CV_OPS_TOKEN: token }) },
    stdio: ["ignore", "pipe", "pipe"],
  });

const ended = async (cv: ChildProcess) => {
  if (!cv.stdout || !cv.stderr) throw new Error("cv has no output");
  const [out, err, [code]] = await Promise.all([text(cv.stdout), text(cv.stderr), once(cv, "close")]);
  return { code: code as number, out, err };
};

/** A user's shell. */
const shellOf =
  (token: string | null, url = stack.url) =>
  (...argv: string[]) =>
    ended(start(token, url, argv));

test("the command line takes a change from cv stage to verified", { timeout: 200_000 }, async (test) => {
  const avery = await join(test, stack, "Avery");
  const priya = await join(test, stack, "Priya");
  const tokenOf = async (person: typeof avery, scopes: string): Promise<string> => {
    const said = await person.asks(`/cv tokens new Shell --scopes ${scopes}`, "shown this once");
    return /cvops_[\w-]+/.exec(said)?.[0] ?? "";
  };
  const averysToken = await tokenOf(avery, "read,stage");
  const priyasToken = await tokenOf(priya, "read,review,push");
  const author = shellOf(averysToken);
  const approver = shellOf(priyasToken);

  const [me, staged, none, unknown] = await Promise.all([
    author("whoami", "--json"),
    author("stage", "update", "technology", "python-1", "experience_years=8"),
    shellOf(null)("whoami"),
    shellOf("cvops_wrong")("whoami"),
  ]);
  expect(JSON.parse(me.out)).toMatchObject({
    userId: people.author,
    token: { name: "Shell", scopes: ["read", "stage"] },
  });
  expect(staged).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringMatching(/Staged as change 1.*\n.*Python.*\n.*- .*: 5\n.*\+ .*: 8/),
  });
  expect(none).toMatchObject({ code: 2, out: "", err: expect.stringContaining("set CV_OPS_TOKEN") });
  expect(unknown).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/not a token[^]*\nTrace [0-9a-f]{32}\n$/),
  });

  expect(await author("commit", "-m", "From a shell")).toMatchObject({
    code: 0,
    out: expect.stringContaining("1 change to d1cv, ai-agent."),
  });
  const [tooEarly, notAllowed, unreachable] = await Promise.all([
    approver("push", "1"),
    author("approve", "1"),
    shellOf(averysToken, "http://127.0.0.1:9")("staged"),
  ]);
  expect(tooEarly).toMatchObject({ code: 1, out: "", err: expect.stringContaining("not approved") });
  expect(notAllowed).toMatchObject({ code: 1, err: expect.stringContaining("Only an approver may approve") });
  expect(unreachable).toMatchObject({
    code: 3,
    err: expect.stringContaining("http://127.0.0.1:9 cannot be reached"),
  });

  expect(await approver("approve", "1")).toMatchObject({
    code: 0,
    out: "Approved commit #1: Python: experience_years 5 → 8\ncv push 1 --follow applies it.\n",
  });
  const pushed = await approver("push", "1", "--follow", "--verified", "--timeout", "90s", "--json");
  const steps = pushed.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: { type: string; id: number }; outcome: string | null; push: object });
  expect(pushed).toMatchObject({ code: 0, err: "" });
  expect(steps[0]).toMatchObject({ event: { type: "push.started" } });
  expect(steps.at(-1)).toMatchObject({
    outcome: "completed",
    push: {
      state: "completed",
      percent: 100,
      jobs: [{ verifiedAt: expect.any(String) }, { verifiedAt: expect.any(String) }],
    },
  });
  const ids = steps.map(({ event }) => event.id);
  expect(ids).toEqual([...new Set(ids)].toSorted((left, right) => left - right));
  const rows = await stack.rows("d1cv");
  expect(rows.find(({ id }) => id === "python-1")).toMatchObject({ values: { experience_years: 8 } });

  const [again, status, log] = await Promise.all([
    approver("push", "1"),
    author("status", "1", "--follow"),
    author("log", "--json"),
  ]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("applied to d1cv") });
  expect(status).toMatchObject({ code: 0, out: expect.stringContaining("Done.") });
  expect(JSON.parse(log.out)).toMatchObject({
    events: expect.arrayContaining([expect.objectContaining({ type: "job.verified" })]),
  });
});

test("a failed push exits with 1, and a push continues after Ctrl-C", { timeout: 200_000 }, async (test) => {
  const carla = await join(test, stack, "Carla");
  const said = await carla.asks("/cv tokens new Admin --scopes read,stage,review,push,admin", "shown this once");
  await carla.asks("/cv roles @priya editor", /editor/);
  await carla.asks("/cv settings mode solo", /solo/i);
  const token = /cvops_[\w-]+/.exec(said)?.[0] ?? "";
  const cv = shellOf(token);
  await cv("stage", "delete", "technology", "jquery-1");
  const commit = await cv("commit", "-m", "Without jQuery", "--json");
  const { number } = JSON.parse(commit.out) as { number: number };
  await cv("approve", String(number));
  await stack.breaks("d1cv.refuse");
  const failed = await cv("push", String(number), "--follow");
  expect(failed).toMatchObject({
    code: 1,
    out: expect.stringMatching(/d1cv: Failed: [^]*cv retry \d+ sends what failed again/),
  });

  await stack.breaks("ai-agent.slow");
  const follower = start(token, stack.url, ["retry", String(number), "--follow"]);
  const left = ended(follower);
  await new Promise<void>((resolve) => follower.stdout?.once("data", () => resolve()));
  follower.kill("SIGINT");
  expect(await left).toMatchObject({
    code: 130,
    err: expect.stringContaining(`continues: cv status ${number} --follow`),
  });
  await stack.breaks("ai-agent.slow", false);
  expect(await cv("status", String(number), "--follow")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Done."),
  });
});
