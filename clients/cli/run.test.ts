/** What `cv` prints, and its exit codes; test/stories/command-line.slow.test.ts runs it against the whole stack. */
import { describe, expect, test } from "vitest";
import { noFaults } from "../sdk/testing/faults.ts";
import { applied, jobOf, pushOf } from "../sdk/testing/pushes.ts";
import { problem } from "../sdk/testing/scripted-server.ts";
import { readArguments } from "./arguments.ts";
import { commands } from "./table.ts";
import { settings, shellOf } from "./testing/shell.ts";

/** As lists have it. */
const listed = {
  number: 7,
  message: "Skill updates",
  summary: "Python: experience_years 5 → 8",
  hash: "c".repeat(64),
  review: "in_review",
  status: "pending",
  error: null,
  author: "U0AVERY01",
  contributors: ["U0AVERY01"],
  createdAt: "2031-03-03T09:00:00.000Z",
  appliedBy: null,
  drifted: [] as string[],
};

const job = jobOf("job-a", "d1cv");
const push = pushOf([job]);
const result = applied;
const about = { commit: 7, push: 3, jobId: "job-a", target: "d1cv", attempt: 1 };

const conflict = {
  targets: ["d1cv"],
  entityType: "technology",
  entityId: "python-1",
  name: "Python",
  action: "UPDATE",
  kind: "changed",
  fields: [{ field: "experience_years", base: 5, live: 7, yours: 8 }],
};

const wholeStaged = { count: 3, ownCount: 3, next: null };
const restOfWork = { finished: [], counts: { actionItems: 2, onTheWay: 1, waiting: 1 }, next: null };
describe("cv resolve", () => {
  const seen = "ab".repeat(32);
  const withConflict = () => {
    const shell = shellOf();
    shell.server.replies.set("GET /commits/7/conflicts", { commit: 7, conflicts: [conflict], unanswered: [], seen });
    return shell;
  };

  test("cv resolve shows the three values of each field in conflict", async () => {
    const { out, code } = await withConflict().cv("resolve", "7");
    expect(code).toBe(0);
    expect(out).toContain("technology Python (python-1) at d1cv\n  experience_years: staged on 5, live now 7, yours 8");
  });

  test.each<[string[], object[]]>([
    [["mine"], [{ take: "mine" }]],
    [["theirs", "python"], [{ take: "theirs", entityType: "technology", entityId: "python-1" }]],
    [
      ["theirs", "python-1", "experience-years"],
      [{ take: "theirs", entityType: "technology", entityId: "python-1", field: "experience_years" }],
    ],
    [
      ["python-1", "experience_years=9"],
      [{ take: "value", value: "9", entityType: "technology", entityId: "python-1", field: "experience_years" }],
    ],
  ])("cv resolve 7 %j sends the choice with what was looked at", async (words, choices) => {
    const { cv, server } = withConflict();
    server.replies.set("POST /commits/7/resolve", problem(409, "no_conflicts", "nothing to resolve"));
    await cv("resolve", "7", ...words);
    expect(server.requests.at(-1)?.body).toEqual({ choices, seen });
  });

  test("cv resolve of a row that is not in conflict sends nothing", async () => {
    const { cv, server } = withConflict();
    const { code, err } = await cv("resolve", "7", "mine", "go-1");
    expect([code, server.requests.length]).toEqual([2, 1]);
    expect(err).toContain('"go-1" is not in conflict');
  });
});

/** A push that is under way, and ends like this. */
const pushEnding = (
  { server }: ReturnType<typeof shellOf>,
  state: "completed" | "failed",
  error = { code: "disk_full", message: "No space" },
): void => {
  server.replies.set("POST /push/all", push);
  let asked = 0;
  server.replies.set("GET /pushes/3", () => {
    asked += 1;
    const ended = { ...job, state, ...(state === "failed" ? { error } : { percent: 100, result }) };
    return asked === 1 ? push : { ...push, state, percent: state === "completed" ? 100 : 0, jobs: [ended] };
  });
  server.publish({ commit: 7, push: 3, type: "push.started" });
  server.publish({ ...about, type: "job.dispatched" });
  server.publish({ ...about, type: "job.progress", data: { stage: "writing", percent: 40 } });
  if (state === "completed") server.publish({ ...about, type: "job.completed", data: { result } });
  else
    server.publish({
      ...about,
      type: "job.failed",
      data: { error, final: true },
    });
};

describe("invalid arguments of cv", () => {
  test.each([
    [["stge", "update"], 'There is no command "stge". Did you mean cv stage?'],
    [["push", "7", "--folow"], "There is no option --folow. Did you mean --follow?"],
    [["push"], "Say which: the number of a commit."],
    [["push", "seven"], '"seven" is not the number of a commit.'],
    [["push", "7", "all", "now"], '"now" is too much.'],
    [["push", "7", "--verified"], "--verified and --timeout go with --follow."],
    [["push", "7", "--follow", "--timeout", "soon"], '"soon" is not a duration'],
    [["commit"], "A message is required"],
    [["commit", "-m"], "Option '-m, --message <value>' argument missing"],
    [["reject", "7"], "Say why"],
    [["stage", "updat", "technology"], '"updat" is not an action. Did you mean "update"?'],
    [["stage", "update", "technology", "python-1"], "Say what to set: field=value."],
    [["stage", "update", "technology", "python-1", "a=1", "a=2"], "a is given twice."],
    [["search"], "Say what to look for."],
  ])("cv refuses the arguments %j with a reason, and sends no request", async (argv, expected) => {
    const { cv, server } = shellOf();
    const { code, err, out } = await cv(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
    expect(server.requests).toEqual([]);
  });

  test("cv shows a command's usage when it is incomplete or asked for help", async () => {
    expect((await shellOf().cv("push")).err).toContain("cv push 42 --follow --verified --timeout 10m");
    expect(await shellOf().cv()).toMatchObject({ code: 2, err: expect.stringContaining("Exit codes:") });
    expect(await shellOf().cv("help", "push")).toMatchObject({
      code: 0,
      out: expect.stringContaining("--timeout <90s"),
    });
    expect(await shellOf().cv("push", "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("--timeout <90s"),
    });
  });

  test.each(commands.flatMap(({ name, options, examples }) => examples.map((example) => ({ name, options, example }))))(
    "cv accepts the documented example $example",
    ({ name, options, example }) => {
      const [cv, command, ...words] = (example.match(/"[^"]*"|[^\s"]+(?:"[^"]*")?/g) ?? []).map((word) =>
        word.replaceAll('"', ""),
      );
      expect([cv, command]).toEqual(["cv", name]);
      expect(() => readArguments(words, options ?? [], name === "stage")).not.toThrow();
    },
  );

  test.each([
    [{}, "Set CV_OPS_URL"],
    [{ CV_OPS_URL: "cv-ops", CV_OPS_TOKEN: "t" }, "which is not a URL"],
    [
      { CV_OPS_URL: "https://cv-ops.test" },
      "Sign in with cv login, or set CV_OPS_TOKEN to an API token: /cv tokens new in Slack makes one.",
    ],
  ])("cv without valid settings names the missing one: %j", async (env, expected) => {
    const { code, err } = await shellOf({ env: { ...env } }).cv("whoami");
    expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
  });
});

describe("cv without --follow", () => {
  test("cv log shows the latest events and exits with 0", async () => {
    const { cv, server } = shellOf();
    server.publish({ commit: 7, push: 3, type: "push.started" });
    expect(await cv("log")).toMatchObject({ code: 0, out: expect.stringMatching(/started push #3.*\n$/) });
    expect(server.requests.map(({ path }) => path.replace(/\?.*/, ""))).toEqual(["/activity"]);
  });

  test("cv status shows a person's action items and those of others", async () => {
    const { cv, server } = shellOf();
    const commit = listed;

    /** As a list shows it. */
    const card = {
      ...commit,
      overlaps: [],
      overlapCount: 0,
      operations: null,
      operationCount: null,
      changeCount: 1,
      targets: [],
      approvals: [],
      missing: 1,
      pushes: [],
    };

    const step = { kind: "approve", commit: card, who: ["U0PRIYA01", "U0CARLA01"], count: null };
    server.replies.set("GET /action-items", {
      actionItems: [step, { kind: "commit", commit: null, who: [], count: 2 }],
      onTheWay: [{ commit: card, percent: 40 }],
      ...restOfWork,
      waiting: [step],
      down: [],
      unreadable: [],
    });
    const { code, out } = await cv("status");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^#7 {2}Python: experience_years 5 → 8 .*“Skill updates”.*: needs your approval$/),
      "2 staged changes of yours: not in a commit yet",
      expect.stringMatching(/^#7 .*: in progress, 40 %$/),
      expect.stringMatching(/^#7 .*: needs approval by U0PRIYA01 or U0CARLA01$/),
    ]);
  });

  test("cv commits says the conflict of a commit, and who else is about to change its rows", async () => {
    const { cv, server } = shellOf();
    const commit = {
      number: 7,
      message: "Skill updates",
      summary: "Python: experience_years 5 → 8",
      hash: "c".repeat(64),
      review: "approved",
      status: "pending",
      error: null,
      author: "U0AVERY01",
      contributors: ["U0AVERY01"],
      createdAt: "2031-03-03T09:00:00.000Z",
      appliedBy: null,
      drifted: ["d1cv"],
      overlaps: [{ commit: 8, change: null, author: "U0PRIYA01", rows: [], rowCount: 1 }],
      overlapCount: 1,
    };
    server.replies.set("GET /commits", { commits: [commit], next: null });
    expect((await cv("commits")).out).toContain("(approved, in conflict; overlaps with commit #8)");
  });

  test("cv review, reopen and drop say what has become of the commit", async () => {
    const { cv, server } = shellOf();
    server.replies.set("POST /commits/7/reopen", { ...listed, meta: { changeCount: 2 } });
    server.replies.set("DELETE /commits/7", { ...listed, meta: { changeCount: 1 } });
    expect(await cv("reopen", "#7")).toEqual({
      code: 0,
      err: "",
      out: "Reopened commit #7: 2 changes staged again.\n",
    });
    expect(await cv("drop", "7")).toEqual({ code: 0, err: "", out: "Dropped commit #7 with 1 change.\n" });
    expect(await cv("drop")).toMatchObject({ code: 2, err: expect.stringContaining("the number of a commit") });
    server.replies.set("POST /commits/7/review", problem(409, "not_author", "Only its author"));
    expect(await cv("review", "7")).toMatchObject({ code: 1 });
  });

  test("cv verify names each difference and what repairs it, and fails; push and accept settle one", async () => {
    const { cv, server } = shellOf();
    const found = { d1Count: 2, vectorCount: null, synced: true, mismatches: [] };
    const difference = {
      target: "d1cv",
      entityType: "technology",
      entityId: "python-1",
      name: "Python",
      field: "experience_years",
      expected: { value: 8 },
      live: { value: 5 },
      commitNumber: 4,
      unlike: null,
      elsewhere: [{ target: "ai-agent", live: { value: 8 } }],
      pushAgain: 4,
    };
    const targets = [{ target: "d1cv", found, problem: null, unreadable: [] }];
    server.replies.set("GET /verify", { targets, differences: [difference], differenceCount: 1 });
    expect(await cv("verify")).toEqual({
      code: 1,
      err: "",
      out: 'd1cv: 2 rows\nPython ("python-1") at d1cv: "experience_years" is 5, and 8 by commit #4\n  live at ai-agent: 8\n  commit #4 can be pushed again\n',
    });
    server.replies.set("POST /verify/push", push);
    expect(await cv("verify", "push", "d1cv", "technology", "python-1")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Push #3 of commit #7 to d1cv"),
    });
    const row = { target: "d1cv", entityType: "technology", entityId: "python-1", values: {} };
    server.replies.set("POST /verify/accept", row);
    expect(await cv("verify", "accept", "d1cv", "technology", "python-1")).toMatchObject({
      code: 0,
      out: "technology python-1 is accepted as it is live at d1cv.\n",
    });
    expect(await cv("verify", "repair", "d1cv", "technology", "python-1")).toMatchObject({ code: 2 });
  });

  test("cv doctor names what is wrong with its remedy, and fails only where something is", async () => {
    const { cv, server } = shellOf();
    const answers = {
      check: "target_answers",
      about: "d1cv",
      ok: true,
      detail: null,
      says: "The target answers",
      remedy: null,
    };
    server.replies.set("GET /doctor", { findings: [answers, { ...answers, about: "ai-agent", ok: null }] });
    expect(await cv("doctor")).toEqual({
      code: 0,
      err: "",
      out: "ok: The target answers (d1cv)\nnot looked at: The target answers (ai-agent)\nNothing is wrong, 1 could not be looked at.\n",
    });
    const wrong = { ...answers, ok: false, detail: "status 503", remedy: "Deploy the target." };
    server.replies.set("GET /doctor", { findings: [wrong] });
    expect(await cv("doctor")).toEqual({
      code: 1,
      err: "",
      out: "wrong: The target answers (d1cv): status 503\n  Deploy the target.\n1 of 1 checks failed.\n",
    });
  });

  test("cv status without action items says so and exits with 0", async () => {
    const { cv, server } = shellOf();
    server.replies.set("GET /action-items", {
      actionItems: [],
      onTheWay: [],
      waiting: [],
      down: [],
      unreadable: [],
      ...restOfWork,
    });
    expect(await cv("status")).toEqual({ code: 0, out: "You have no action items.\n", err: "" });
  });
});

describe("a refusal in cv", () => {
  test("cv shows a refusal in the server's message with the trace, and exits with 1", async () => {
    const { cv, server } = shellOf();
    server.replies.set(
      "POST /push/all",
      problem(409, "not_approved", "Commit 7 is in_review, not approved. Ask U0PRIYA01."),
    );
    expect(await cv("push", "#7")).toEqual({
      code: 1,
      out: "",
      err: `Commit 7 is in_review, not approved. Ask U0PRIYA01.\nTrace ${"ab".repeat(16)}\n`,
    });
  });

  test("cv exits with 3 when the server cannot be reached", async () => {
    const { cv, server } = shellOf();
    server.faults = { ...noFaults, answers: () => "no answer" };
    expect(await cv("whoami")).toMatchObject({
      code: 3,
      err: expect.stringContaining("cannot be reached: connect ECONNREFUSED"),
    });
    server.faults = { ...noFaults, answers: () => ({ status: 404 }) };
    expect(await cv("whoami")).toMatchObject({ code: 3, err: expect.stringContaining("check that CV Ops is there") });
  });

  test("cv escapes control characters that a server sends to the terminal", async () => {
    const { cv, server } = shellOf({ tty: true });
    const evil = "x\u001b]0;owned\u0007\u009b2J\u202eevil\u{e0061}\r\ny";
    server.replies.set("GET /me", problem(403, "forbidden", evil));
    const { err } = await cv("whoami");
    expect(err.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e|\u{e0061}/u);
    expect(err).toContain("\\u{001B}]0;owned\\u{0007}\\u{009B}2J\\u{202E}evil");
    server.replies.set("GET /search", {
      query: "q",
      target: "t",
      hits: [{ score: 1, entityType: "technology", id: "x", name: evil }],
      commits: [],
    });
    expect((await cv("search", "q")).out).not.toContain("\u001b]");
    expect((await cv("search", "q", "--json")).out.trimEnd()).not.toMatch(/\p{Cc}|\u202e|\u{e0061}/u);
  });
});

describe("cv push --follow", () => {
  test("cv push --follow prints a line for each step until the push ends", async () => {
    const shell = shellOf();
    pushEnding(shell, "completed");
    const { code, out } = await shell.cv("push", "7", "--follow");
    expect(code).toBe(0);
    expect(out).toMatch(
      /started push #3.*\n.*Commit #7 was sent to d1cv\n.*is applying commit #7: writing, 40 %\n.*applied commit #7: 1 changed\n/,
    );
    expect(out).toContain("d1cv: Applied (1 changed)\nDone.\n");
    expect(out).not.toContain("\u001b");
  });

  test("cv push --follow exits with 1 for a failed push, and names the next command", async () => {
    const shell = shellOf();
    pushEnding(shell, "failed");
    const { code, out } = await shell.cv("push", "7", "--follow");
    expect(code).toBe(1);
    expect(out).toContain("d1cv: Failed: No space\nFailed. cv retry 7 sends what failed again.");
  });

  test("cv push --follow names no retry for what a target refuses as too large", async () => {
    const shell = shellOf();
    pushEnding(shell, "failed", { code: "too_large", message: "answered 413" });
    const { out } = await shell.cv("push", "7", "--follow");
    expect(out).toContain("Failed. d1cv takes less than this at once: commit it again in smaller parts.");
    expect(out).not.toContain("cv retry");
  });

  test("cv push --follow has a bar and colours on a terminal, unless refused", async () => {
    for (const env of [settings, { ...settings, NO_COLOR: "1" }]) {
      const shell = shellOf({ tty: true, env });
      pushEnding(shell, "completed");
      const { out } = await shell.cv("push", "7", "--follow");
      expect(out).toMatch(/█+.*─+.* 40 %/);
      expect(out).toContain("\r\u001b[K");
      expect(out).not.toContain("job progress");
      expect(out.includes("\u001b[32m")).toBe(env === settings);
    }
  });

  test("cv push --follow --json prints one JSON document a line", async () => {
    const shell = shellOf({ tty: true });
    pushEnding(shell, "completed");
    const { out } = await shell.cv("push", "7", "--follow", "--json");
    const steps = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: { type: string }; outcome: string | null });
    expect(steps.map(({ event, outcome }) => [event.type, outcome])).toEqual([
      ["push.started", null],
      ["job.dispatched", null],
      ["job.progress", null],
      ["job.completed", "completed"],
    ]);
  });

  test("cv push --follow says that the push continues after an interrupt or timeout", async () => {
    const left = shellOf({ interrupted: AbortSignal.abort() });
    pushEnding(left, "completed");
    expect(await left.cv("push", "7", "--follow")).toMatchObject({
      code: 130,
      err: "Push #3 continues: cv status 7 --follow\n",
    });
    const late = shellOf({ timeout: AbortSignal.abort() });
    pushEnding(late, "completed");
    expect(await late.cv("push", "7", "--follow", "--timeout", "10m")).toMatchObject({
      code: 1,
      err: "Timed out. Push #3 continues: cv status 7 --follow\n",
    });
  });
});

describe("cv edit and cv why", () => {
  test("cv edit sends the fields that are given, and null for a note that is emptied", async () => {
    const { cv, server } = shellOf();
    server.replies.set("PATCH /staged/3", problem(409, "change_not_editable", "Change 3 was discarded."));
    await cv("edit", "3", "experience_years=9", "level=", "--note", "", "--target", "d1cv,ai-agent");
    expect(server.requests.at(-1)?.body).toEqual({
      payload: { experience_years: "9", level: "" },
      targets: ["d1cv", "ai-agent"],
      note: null,
    });
  });

  test("cv why says each check with who can help, and fails while something stands in the way", async () => {
    const { cv, server } = shellOf();
    const check = { who: [], role: null, mine: false, about: {} };
    const checks = [
      { ...check, name: "content", state: "open", about: { changes: 2 } },
      { ...check, name: "approvals", state: "blocked", who: ["U0PRIYA01"], about: { given: [], needed: 1 } },
    ];
    server.replies.set("GET /commits/7/checks", { commit: 7, clear: false, targets: ["d1cv"], checks });
    server.replies.set("GET /people", { people: [{ userId: "U0PRIYA01", name: "Priya Raman" }] });
    expect(await cv("why", "7")).toEqual({
      code: 1,
      out: "ok  The commit has 2 changes.\nno  The commit has 0 of 1 approval. Priya Raman can change that.\n",
      err: "",
    });
    server.replies.set("GET /commits/7/checks", { commit: 7, clear: true, targets: [], checks: checks.slice(0, 1) });
    expect((await cv("why", "7")).code).toBe(0);
  });
});

describe("people in cv", () => {
  const change = {
    number: 1,
    state: "staged",
    action: "UPDATE",
    entityType: "technology",
    entityId: "python-1",
    name: "Python",
    summary: "Python: url WW3 → W3C",
    targets: ["d1cv"],
    payload: { url: "W3C" },
    note: null,
    operations: [
      {
        action: "UPDATE",
        entityType: "technology",
        entityId: "python-1",
        name: "Python",
        targets: ["d1cv"],
        base: "row",
        diff: [{ field: "url", before: "WW3", after: "W3C" }],
      },
    ],
    permalink: null,
    author: "U0AVERY01",
    contributors: ["U0AVERY01"],
    createdAt: "2031-03-03T09:00:00.000Z",
    overlaps: [] as unknown[],
    overlapCount: 0,
  };
  const asked = ({ server }: ReturnType<typeof shellOf>) =>
    server.requests.filter(({ path }) => path.startsWith("/people"));
  const set = (people: object | Response) => {
    const shell = shellOf();
    shell.server.replies.set("GET /staged", {
      changes: [change, { ...change, number: 2, author: "U0PRIYA01" }, { ...change, number: 3 }],
      ...wholeStaged,
    });
    shell.server.replies.set("GET /people", people);
    return shell;
  };
  const people = [
    { userId: "U0AVERY01", name: "Avery Lindqvist" },
    { userId: "U0PRIYA01", name: "Priya \u001b[31mRaman" },
  ];

  test("cv shows people by escaped names, which it requests once", async () => {
    const shell = set({ people });
    const { code, out } = await shell.cv("staged");
    expect(code).toBe(0);
    expect(out.match(/by .*/g)).toEqual([
      "by Avery Lindqvist",
      String.raw`by Priya \u{001B}[31mRaman`,
      "by Avery Lindqvist",
    ]);
    expect(out).toContain("url WW3 → W3C");
    expect(asked(shell).map(({ path }) => decodeURIComponent(path))).toEqual(["/people?ids=U0AVERY01,U0PRIYA01"]);
    expect((await shell.cv("diff")).out).toContain("- url: WW3\n  + url: W3C");
  });

  test("cv staged names who else is about to change the row of a change", async () => {
    const shell = set({ people });
    const row = { entityType: "technology", entityId: "python-1", targets: ["d1cv"], fields: ["url"], whole: false };
    const overlap = { commit: 4, change: null, author: "U0AVERY01", rows: [row], rowCount: 2 };
    shell.server.replies.set("GET /staged", {
      changes: [{ ...change, overlaps: [overlap], overlapCount: 1 }],
      ...wholeStaged,
    });
    const { out } = await shell.cv("staged");
    expect(out).toContain('\n      Commit #4 by Avery Lindqvist also changes "python-1" ("url") and 1 more row.\n');
  });

  test("cv shows a list item by item, and an invisible character as an escape", async () => {
    const shell = set({ people });
    const diff = [
      { field: "technologies", before: ["Rust", "A, B"], after: ["Rust", "Go"] },
      { field: "name", before: "Tides", after: "Ti\u202edes" },
    ];
    shell.server.replies.set("GET /staged", {
      changes: [{ ...change, operations: change.operations.map((each) => ({ ...each, entityType: "project", diff })) }],
      ...wholeStaged,
    });
    const { out } = await shell.cv("diff");
    expect(out).toContain('  technologies: 1 item as before\n    - "A, B"\n    + Go\n');
    expect(out).toContain("  + name: Ti\\u{202E}des");
  });

  test("cv --json keeps the ids of people and requests no names", async () => {
    const shell = set({ people });
    const { out } = await shell.cv("staged", "--json");
    expect(JSON.parse(out).changes.map(({ author }: { author: string }) => author)).toEqual([
      "U0AVERY01",
      "U0PRIYA01",
      "U0AVERY01",
    ]);
    expect(asked(shell)).toEqual([]);
  });

  test.each([
    ["is not known to Slack", () => ({ people: people.slice(1) })],
    ["may not be asked for", () => problem(403, "insufficient_scope", "The token has no scope read.")],
  ])("cv shows the id of a person who %s", async (_why, reply) => {
    const { code, out, err } = await set(reply()).cv("staged");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("by U0AVERY01");
  });
});

describe("cv targets", () => {
  const secret = "whsec_ZXhhbXBsZSBvZiBhIHNpZ25pbmcgc2VjcmV0IQ==";
  const archive = {
    name: "archive",
    alias: null,
    position: 1,
    portfolioId: "noor-vega",
    url: "https://a.example.com/",
  };
  const added = {
    name: "archive",
    portfolioId: "noor-vega",
    url: "https://a.example.com",
    secrets: { request: secret, webhook: secret, read: "a-read-token" },
  };

  test("cv targets lists targets in the order of a push, and says which get no pushes", async () => {
    const { cv, server } = shellOf();
    const d1cv = { ...archive, name: "d1cv", alias: "d1", position: 0, url: null, health: "closed" };
    server.replies.set("GET /targets", { targets: [d1cv, { ...archive, health: "open" }], services: [] });
    expect((await cv("targets")).out).toBe(
      "   1  d1cv (d1)  portfolio noor-vega, a service of the operator's: pushes go there\n" +
        "   2  archive  portfolio noor-vega, https://a.example.com/: does not answer, so pushes wait\n",
    );
  });

  test.each(["first", "earlier", "later"])("cv targets %s sends the move, and prints the order", async (to) => {
    const { cv, server } = shellOf();
    server.replies.set("POST /targets/ai/move", { name: "ai-agent", order: ["ai-agent", "d1cv"] });
    expect(await cv("targets", to, "ai")).toMatchObject({
      code: 0,
      out: "Pushes go to ai-agent, then d1cv from now on.\n",
    });
    expect(server.requests.at(-1)?.body).toEqual({ to });
  });

  test("cv targets tests a target, and removes one", async () => {
    const { cv, server } = shellOf();
    server.replies.set("POST /targets/archive/test", { name: "archive" });
    server.replies.set("DELETE /targets/archive", { name: "archive" });
    expect((await cv("targets", "test", "archive")).out).toContain("archive answers, and takes the read token");
    expect((await cv("targets", "remove", "archive")).out).toContain("archive is removed, with its secrets.");
  });

  test("cv targets adds a target with the secrets of standard input, and prints none of them", async () => {
    const { cv, server } = shellOf({ input: JSON.stringify(added) });
    server.replies.set("POST /targets", { ...archive });
    const { code, out, err } = await cv("targets", "add");
    expect([code, server.requests.at(-1)?.body]).toEqual([0, added]);
    expect(out + err).toContain("archive took the secrets and is added.");
    expect(out + err).not.toContain("whsec_");
  });

  test("cv targets rotates the secrets of standard input, and says what is kept", async () => {
    const body = { secrets: { webhook: secret }, keepsOldWebhook: true };
    const { cv, server } = shellOf({ input: JSON.stringify(body) });
    server.replies.set("POST /targets/archive/rotate", { name: "archive", webhookSecrets: 2 });
    const { out } = await cv("targets", "rotate", "archive");
    expect(server.requests.at(-1)?.body).toEqual(body);
    expect(out).toContain("may be signed with the secret before as well");
    expect(out).not.toContain("whsec_");
  });

  test.each([`{"secrets":{"read":"${secret}"`, `["${secret}"]`, `"${secret}"`, ""])(
    "cv targets refuses what is no JSON object without repeating it: %j",
    async (input) => {
      const { cv, server } = shellOf({ input });
      const { code, err } = await cv("targets", "add");
      expect([code, server.requests.length]).toEqual([2, 0]);
      expect(err).toContain("Secrets are read from standard input, as JSON such as");
      expect(err).not.toContain(secret);
    },
  );

  test.each([
    [["targets", "add", secret], "is too much"],
    [["targets", "move", "archive"], '"move" is not add, test, rotate, first, earlier, later, remove.'],
    [["targets", "remove"], "Say which target, by its name."],
  ])("%j of cv is refused before a request is sent", async (words, says) => {
    const { cv, server } = shellOf({ input: "{}" });
    const { code, err } = await cv(...words);
    expect([code, server.requests.length]).toEqual([2, 0]);
    expect(err).toContain(says);
  });
});
