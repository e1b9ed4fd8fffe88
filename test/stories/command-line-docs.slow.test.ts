/** Every shell line in docs/reference/command-line.md, run against the stack in a suitable state. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildCommandLine } from "../../clients/cli/build.ts";
import { type Client, createClient } from "../../clients/sdk/index.ts";
import { join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

const root = path(import.meta.dirname, "../..");
const page = readFileSync(path(root, "docs/reference/command-line.md"), "utf8");

/** The lines without their explanations. */
const lines = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
  block
    .trim()
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "")),
);

let stack: StoryStack;
let folder: string;
beforeAll(async () => {
  stack = await startStory();
  folder = mkdtempSync(path(tmpdir(), "cv-ops-cli-docs-"));
  const program = await buildCommandLine(folder);
  writeFileSync(path(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(path(folder, "cv"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(path(folder, "cv"), 0o755);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stack.remove();
});

interface Example {
  /** Prepares the state for the line. @returns this stack's numbers by those of the page */
  before?: (team: Team) => Promise<Record<string, number>>;
  says: RegExp;
  after?: (team: Team) => Promise<void>;
}

/** Prepares the state for the examples. */
class Team {
  readonly client: Client;
  #rows = 0;
  /** The number of the newest commit. */
  number = 0;

  constructor(client: Client) {
    this.client = client;
  }

  async staged(): Promise<number> {
    this.#rows += 1;
    const payload = { name: `Language ${this.#rows}`, experience_years: 1, category: "Backend" };
    const change = await this.client.stageChange({ action: "CREATE", entityType: "technology", payload });
    return change.number;
  }

  async committed(): Promise<Record<string, number>> {
    const changes = [await this.staged()];
    const commit = await this.client.createCommit({ message: "An example", changes });
    this.number = commit.number;
    return { 42: this.number };
  }

  async approved(): Promise<Record<string, number>> {
    const numbers = await this.committed();
    await this.client.approveCommit({ number: this.number });
    return numbers;
  }

  /** Pushes and waits until the push is done. */
  async pushed(scope = "all"): Promise<void> {
    await this.ends((await this.client.startPush({ scope }, { commit: this.number })).number);
  }

  async ends(push: number): Promise<void> {
    for await (const { outcome } of this.client.followPush(push)) if (outcome !== null) return;
  }

  async failed(target: "d1cv" | "ai-agent"): Promise<Record<string, number>> {
    const numbers = await this.approved();
    await stack.breaks(`${target}.refuse`);
    await this.pushed();
    return numbers;
  }

  async newestEnds(): Promise<void> {
    const { pushes } = await this.client.showCommit({ number: this.number });
    await this.ends(pushes[0]?.number ?? 0);
  }
}

const stagedOne = async (team: Team): Promise<Record<string, number>> => ({ 3: await team.staged() });
const stagedTwo = async (team: Team): Promise<Record<string, number>> => ({
  3: await team.staged(),
  4: await team.staged(),
});
const latest = async (team: Team): Promise<Record<string, number>> => ({ 42: team.number });
const committed = (team: Team) => team.committed();
const approved = (team: Team) => team.approved();
const newestEnds = (team: Team) => team.newestEnds();

const examples: Record<string, Example> = {
  "cv stage update technology python-1 experience_years=8": { says: /^Staged as change \d+ for d1cv, ai-agent:/ },
  'cv stage create technology name="Rust" experience_years=1 category=Backend': { says: /\+ name: Rust/ },
  "cv stage delete technology jquery-1 --target all": { says: /^Staged as change \d+ for d1cv, ai-agent:/ },
  "cv staged": { says: /Python.*\n.*Rust.*\n.*jQuery/ },
  "cv staged --mine": { says: /Rust/ },
  "cv edit python level=Expert": { says: /^Change \d+ is now:[^]*\+ level: Expert/ },
  "cv edit 3 experience_years=9": { before: stagedOne, says: /^Change \d+ is now:[^]*\+ experience_years: 9/ },
  'cv edit 3 level= --note "As agreed"': { before: stagedOne, says: /^Change \d+ is now:[^]*“As agreed”/ },
  "cv unstage 3": { before: stagedOne, says: /^Removed change \d+: .*\n$/ },
  "cv unstage 3 4": { before: stagedTwo, says: /^(Removed change \d+: .*\n){2}$/ },
  "cv unstage all": { says: /^(Removed change \d+: .*\n){5}$/ },
  "cv unstage python": {
    before: async ({ client }) => {
      const payload = { experience_years: 8 };
      await client.stageChange({ action: "UPDATE", entityType: "technology", entityId: "python-1", payload });
      return {};
    },
    says: /^Removed change \d+: Python.*\n$/,
  },
  "cv diff": { before: stagedOne, says: /\+ technology Language[^]*1 change\n$/ },
  "cv diff 42": { before: committed, says: /\+ technology Language[^]*1 change\n$/ },
  'cv commit -m "Skill updates"': { says: /^Commit #\d+: .*\n1 change to d1cv, ai-agent\./ },
  'cv commit -m "Rust alone" --only 2': {
    before: async (team) => {
      await team.staged();
      return { 2: await team.staged() };
    },
    says: /^Commit #\d+: .*\n1 change /,
  },
  'cv commit -m "Not yet" --draft': { says: /^Commit #\d+: .*\n1 change[^]*draft/i },
  "cv review 42": { before: committed, says: /^Requested a review of commit #\d+:/ },
  "cv reopen 42": { before: committed, says: /^Reopened commit #\d+: 1 change staged again\.\n$/ },
  "cv drop 42": { before: committed, says: /^Dropped commit #\d+ with 1 change\.\n$/ },
  "cv why 42": { before: approved, says: /^ok {2}The commit has 1 change\.\n[^]*You may push\./ },
  "cv open": { says: /^http:.*\/app\n$/ },
  "cv open 42": { before: committed, says: /\/app\/commits\/\d+\n$/ },
  "cv commits": { says: /Rust alone/ },
  "cv commits --status in_review": { says: /\(in review\).*“Skill updates”/ },
  "cv commits --limit 100 --json": { says: /^\{"commits":\[\{.*"message":"Not yet"/ },
  "cv show 42": { before: committed, says: /An example/ },
  "cv approve 42": { before: committed, says: /^Approved commit #\d+: .*\ncv push \d+ --follow applies it\.\n$/ },
  'cv reject 42 "The years do not add up"': { before: committed, says: /^Rejected commit #\d+\.\n$/ },
  "cv push 42": { before: approved, says: /^Push #\d+ of commit #\d+ to d1cv, then ai-agent has/, after: newestEnds },
  "cv push 42 all --follow": { before: approved, says: /Done\.\n$/ },
  "cv push 42 --follow --verified --timeout 10m": { before: approved, says: /Done\.\n$/ },
  "cv status": { says: /\S/ },
  "cv status 42": { before: latest, says: /applied all/ },
  "cv status 42 --follow": { before: latest, says: /Done\.\n$/ },
  "cv retry 42": {
    before: (team) => team.failed("d1cv"),
    says: /^Sent commit #\d+ to d1cv again, attempt 2\.\n$/,
    after: newestEnds,
  },
  "cv retry 42 --follow": { before: (team) => team.failed("ai-agent"), says: /Done\.\n$/ },
  "cv cancel 42": {
    before: async (team) => {
      const numbers = await team.approved();
      // Requests to d1cv are delayed for seconds.
      await stack.breaks("d1cv.slow");
      const isUnderWay = stack.logged("fault.slow", { path: "/api/admin/apply" });
      await team.client.startPush({ scope: "all" }, { commit: team.number });
      // A request that leaves the queue after this would not be delayed.
      await isUnderWay;
      await stack.breaks("d1cv.slow", false);
      return numbers;
    },
    says: /^Cancelled at d1cv, ai-agent\.\n$/,
  },
  "cv log": { says: /cancelled/i },
  "cv log --follow --json": { says: /^(\{"id":\d+,"type":"[a-z_]+\.[a-z_]+".*\}\n){20}/ },
  'cv search "systems programming"': { says: /^\d\.\d\d {2}\w+ / },
  "cv verify": { says: /^d1cv: \d+ rows\nai-agent: \d+ rows, \d+ vectors\n$/ },
  "cv reconcile": { says: /^d1cv and the bot have the same jobs\.\nai-agent and the bot have the same jobs\.\n$/ },
  "cv reconcile d1": { says: /^d1cv and the bot have the same jobs\.\n$/ },
  "cv verify accept d1 technology Python": { says: /^technology python-1 is accepted as it is live at d1\.\n$/ },
  "cv withdraw 42": { before: approved, says: /ithdr/ },
  "cv roles export priya": { says: /"name": "members"/ },
  "cv roles": { says: /^admin {5}Carla Mendes\n/m },
  "cv roles priya approver": { says: /^Priya Raman is approver now\.\n/ },
  'cv roles "Viktor Hale" editor': { says: /^Viktor Hale is editor now\.\n$/ },
  "cv tokens": {
    says: /^ +\d+ {2}Docs {2}\(read, stage, review, push, admin\) {2}active, until \S+, of Carla Mendes\n/,
  },
  "cv webhooks": {
    before: async ({ client }) => {
      await client.createWebhook({ url: "https://hooks.example.com/cv", description: "Status board" });
      return {};
    },
    says: /^ +1 {2}Status board, https:\/\/hooks\.example\.com\/cv {2}active, \*\n$/,
  },
  'cv webhooks disable "Status board"': { says: /^Disabled webhook 1, https:/ },
  "cv targets": {
    says: /^ +1 {2}d1cv {2}portfolio \S+, a service of the operator's: pushes go there\n +2 {2}ai-agent \(ai\) /,
  },
  "cv targets test d1": {
    says: /^d1cv answers, and takes the read token and our signature\. Nothing was changed\.\n$/,
  },
  "cv targets first ai": {
    says: /^Pushes go to ai-agent, then d1cv from now on\.\n$/,
    after: async ({ client }) => void (await client.moveTarget({ target: "d1cv" }, { to: "first" })),
  },
  "cv doctor": { says: /^ok: D1 answers\n[^]*\nNothing is wrong/ },
  "cv whoami": { says: /^Carla Mendes, admin of T0CVOPS01, with token Docs / },
};

/** A browser confirms them: test/browser/portal-login.test.ts. */
const withBrowser = [
  "cv login https://cv-ops.example.com",
  "cv login --with-token < token.txt",
  "cv logout",
  "cv tokens revoke CI",
];

/** A stack has two targets, whose secrets are its own: clients/cli/run.test.ts shows what these print. */
const ofAThirdTarget = [
  "cv targets rotate archive < secrets.json",
  "cv targets add < archive.json",
  "cv targets remove archive",
];

/** What these need, somebody else does at a target: clients/cli/run.test.ts shows what they print. */
const afterOthersEdits = [
  "cv resolve 42",
  "cv resolve 42 mine",
  "cv resolve 42 python-1 level=Expert",
  "cv resolve 42 theirs python-1 level",
  "cv verify fix d1 technology python-1",
  "cv verify push d1 technology python-1",
];

const shell = (line: string, token: string): ChildProcess =>
  spawn("bash", ["-euo", "pipefail", "-c", `exec ${line}`], {
    env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, CV_OPS_URL: stack.url, CV_OPS_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Stops a following command with Ctrl-C when it has printed the expected lines. */
const run = async (line: string, token: string, isEndless: boolean) => {
  const cv = shell(line, token);
  if (!cv.stdout || !cv.stderr) throw new Error("cv has no output");
  if (isEndless) {
    let seen = 0;
    const look = (chunk: Buffer): void => {
      seen += chunk.toString().split("\n").length - 1;
      if (seen < 20) return;
      // A second signal would end it immediately.
      cv.stdout?.off("data", look);
      cv.kill("SIGINT");
    };
    cv.stdout.on("data", look);
  }
  const [out, err, [code]] = await Promise.all([text(cv.stdout), text(cv.stderr), once(cv, "close")]);
  return { out, err, code: code as number };
};

/** This stack's numbers differ from the page's. */
const withNumbers = (line: string, numbers: Record<string, number>): string =>
  line.replaceAll(/(?<![\w-])\d+(?![\w-])/g, (number) => String(numbers[number] ?? number));

test("every documented shell line prints what the page shows", { timeout: 400_000 }, async (context) => {
  const carla = await join(context, stack, "Carla");
  const said = await carla.asks("/cv tokens new Docs --scopes read,stage,review,push,admin", "shown this once");
  await carla.asks("/cv roles @priya editor", /editor/);
  await carla.asks("/cv settings mode solo", /solo/i);
  const token = /cvops_[\w-]+/.exec(said)?.[0] ?? "";
  const team = new Team(createClient({ baseUrl: stack.url, token }));

  const [setUp, ...commands] = lines;
  expect(setUp).toBe("cv login https://cv-ops.example.com");
  expect([...new Set(commands)].toSorted()).toEqual(
    [...Object.keys(examples), ...ofAThirdTarget, ...afterOthersEdits, ...withBrowser].toSorted(),
  );
  for (const [line, { before, says, after }] of Object.entries(examples)) {
    const numbers = (await before?.(team)) ?? {};
    const isEndless = line.startsWith("cv log --follow");
    const { out, err, code } = await run(withNumbers(line, numbers), token, isEndless);
    // The message names what was printed: a log of CI shows no more of a failure.
    expect({ out, err, code }, `${line} printed ${JSON.stringify({ out, err, code })}`).toEqual({
      out: expect.stringMatching(says),
      err: isEndless ? expect.any(String) : "",
      code: isEndless ? 130 : 0,
    });
    await after?.(team);
  }
});
