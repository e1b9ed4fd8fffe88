/** The thread's messages when a target fails, and the recovery by Retry; no commit is applied twice. */
import { type TestContext, afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Teammate, channels, join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";
import { type Fault, StrictTarget, failure, sendWebhook } from "./strict-target.ts";

const d1cv = new StrictTarget("d1cv");
const aiAgent = new StrictTarget("ai-agent");
let stack: StoryStack;

beforeAll(async () => {
  await Promise.all([d1cv.start(), aiAgent.start()]);
  stack = await startStory(() => ({
    D1CV_API_URL: d1cv.url,
    AI_AGENT_API_URL: aiAgent.url,
    COMPLETION_TIMEOUT_MS: "4000",
    ASK_INTERVAL_MS: "2000",
  }));
  d1cv.reportsTo(`${stack.url}/v2/webhook/d1cv`);
  aiAgent.reportsTo(`${stack.url}/v2/webhook/ai-agent`);
});
afterAll(() => Promise.all([stack.remove(), d1cv.stop(), aiAgent.stop()]));

interface Scene {
  avery: Teammate;
  priya: Teammate;
  /** The number of the commit. */
  number: number;
}

let turn: Promise<unknown> = Promise.resolve();
let scenes = 0;

/** An approved commit that changes one row of d1cv. Serialised, because a commit takes all staged changes. */
const approvedCommit = (
  test: TestContext,
  message: string,
  row: string,
  years: number,
  target = "d1cv",
): Promise<Scene> => {
  const prepared = turn.then(async () => {
    // Slack accepts one post per second in each channel, so two channels double the rate.
    scenes += 1;
    const where = { channel: channels[scenes % 2] ?? channels[0] };
    const avery = await join(test, stack, "Avery", where);
    const priya = await join(test, stack, "Priya", where);
    await avery.asks(
      `/cv stage update technology ${row} experience_years=${years} --target ${target}`,
      new RegExp(`→ ${years}\\b`),
    );
    const reply = await avery.asks(`/cv commit -m "${message}"`, /^Commit #\d+ /);
    const number = Number(/#(\d+)/.exec(reply)?.[1]);
    await priya.asks(`/cv approve ${number}`, new RegExp(`Approved commit #${number}\\.`));
    return { avery, priya, number };
  });
  turn = prepared.catch(() => undefined);
  return prepared;
};

const hasTheChange = /^d1cv has the change: +1 changed/;
const ignored = { recorded: false, reason: expect.stringMatching(/^(repeated|ignored)$/) };
const problem = (error: string, message: string): string => JSON.stringify({ error, message });

const failures: { what: string; row: string; faults: Fault[]; cause: string; retry: "button" | "typed" }[] = [
  {
    what: "refuses the values with 422",
    row: "kotlin-1",
    faults: [{ answer: 422, body: problem("invalid_request", "experience_years is more than I believe.") }],
    cause: "d1cv answered 422: experience_years is more than I believe.",
    retry: "typed",
  },
  {
    what: "accepts and reports failure later",
    row: "sql-1",
    faults: ["fails later"],
    cause: "the disk is full",
    retry: "button",
  },
];

describe.concurrent("a failing target", () => {
  it.for(failures)(
    "a target that $what: the thread shows the failure, and Retry resolves it",
    async ({ what, row, faults, cause, retry }, test) => {
      d1cv.misbehaves(what, ...faults);
      const { priya, number } = await approvedCommit(test, what, row, 20);
      await priya.type(`/cv push ${number} d1cv`);

      const outcome = await priya.readsInThread(number, /^❌ d1cv failed/);
      expect(outcome).toContain(`❌ d1cv failed: ${cause}`);
      expect(outcome).toContain("Nothing was applied to d1cv.");
      expect(outcome).toContain(`Press Retry, or type \`/cv retry ${number}\``);
      await priya.reads(
        new RegExp(
          `^Push #\\d+ {2}commit #${number} [^]*❌ Failed at d1cv: nothing was applied there[^]*\\[ Retry \\]`,
        ),
      );
      await priya.reads(`❌ Push failed at d1cv: ${cause}. \`/cv retry ${number}\` tries again.`);
      const shown = await priya.asks(`/cv show ${number}`, new RegExp(`^Commit #${number} `));
      expect(shown).toContain("status `failed`");
      expect(shown).toContain(`d1cv: Failed (1 changed): ${cause}`);
      expect(await priya.asks(`/cv status ${number}`, new RegExp(`^Commit #${number}\\n`))).toContain(
        `d1cv: Failed: ${cause}`,
      );
      expect(d1cv.timesApplied(what)).toBe(0);

      await (retry === "button"
        ? priya.presses("Retry", new RegExp(`/cv retry ${number}\``))
        : priya.type(`/cv retry ${number}`));
      await priya.readsInThread(
        number,
        /^Pushed commit #\d+\n● d1cv: Sent again, attempt 2[^]*● d1cv: Wrote rows: 1 changed/,
      );
      await priya.readsInThread(number, hasTheChange);
      await priya.readsInThread(number, /d1cv: attempt 1 failed and was tried again/);
      const healed = await priya.asks(`/cv show ${number}`, new RegExp(`^Commit #${number} [^]*applied_all`));
      expect(healed).not.toContain(cause);
      expect(d1cv.timesApplied(what)).toBe(1);
      expect(d1cv.technology(row)?.values).toMatchObject({ experience_years: 20 });
      expect(d1cv.requests.filter(({ message }) => message === what).map(({ attempt }) => attempt)).toEqual([
        ...faults.map(() => 1),
        2,
      ]);
    },
  );

  it("a target that answers 500 twice is retried without a person", async (test) => {
    const message = "answers 500 twice";
    const away: Fault = { answer: 500, body: problem("internal", "The database is away.") };
    d1cv.misbehaves(message, away, away);
    const { priya, number } = await approvedCommit(test, message, "bash-1", 20);
    await priya.type(`/cv push ${number} d1cv`);
    await priya.readsInThread(number, /^Pushed commit #\d+\n● d1cv: Sent\n● d1cv: Wrote rows: 1 changed/);
    await priya.readsInThread(number, hasTheChange);
    expect(priya.everything().filter((text) => text.startsWith(`❌`) && text.includes(`retry ${number}\``))).toEqual(
      [],
    );
    expect(d1cv.requests.filter((request) => request.message === message).map(({ attempt }) => attempt)).toEqual([
      1, 1, 1,
    ]);
    expect(d1cv.timesApplied(message)).toBe(1);
  });

  it("a target that finds changed rows lists them, and Retry compares them again", async (test) => {
    const message = "another field was changed meanwhile";
    d1cv.misbehaves(message, () => d1cv.edit("elixir-1", { summary: "Changed by somebody else" }));
    const { priya, number } = await approvedCommit(test, message, "elixir-1", 20);
    await priya.type(`/cv push ${number} d1cv`);
    const outcome = await priya.readsInThread(number, /^❌ d1cv failed/);
    expect(outcome).toContain(
      "d1cv answered 409: Rows have changed; nothing was applied: technology elixir-1 was changed by somebody else",
    );
    expect(outcome).toContain(`Retry looks at them again; if they still clash, \`/cv resolve ${number}\``);
    expect(d1cv.timesApplied(message)).toBe(0);

    await priya.presses("Retry", `/cv resolve ${number}\``);
    await priya.readsInThread(number, hasTheChange);
    expect(d1cv.timesApplied(message)).toBe(1);
    expect(d1cv.technology("elixir-1")?.values).toMatchObject({
      experience_years: 20,
      summary: "Changed by somebody else",
    });
  });

  it("a target that finds the same field changed gets the author's value once they have kept it", async (test) => {
    const message = "the same field was changed meanwhile";
    d1cv.misbehaves(message, () => d1cv.edit("nodejs-1", { experience_years: 12 }));
    const { avery, priya, number } = await approvedCommit(test, message, "nodejs-1", 20);
    await priya.type(`/cv push ${number} d1cv`);
    await priya.readsInThread(number, /^❌ d1cv failed/);
    const refused = await priya.asks(
      `/cv retry ${number}`,
      `d1cv has changed since commit #${number} was made, so nothing was sent`,
    );
    expect(refused).toMatch(/experience_years +11 +12 +20/);
    expect(d1cv.technology("nodejs-1")?.values).toMatchObject({ experience_years: 12 });
    expect(d1cv.timesApplied(message)).toBe(0);
    await avery.asks(`/cv resolve ${number} mine`, "it needs approval again");
    await priya.asks(`/cv approve ${number}`, /pproved/);
    await priya.type(`/cv retry ${number}`);
    await priya.readsInThread(number, hasTheChange);
    expect(d1cv.technology("nodejs-1")?.values).toMatchObject({ experience_years: 20 });
    expect(d1cv.timesApplied(message)).toBe(1);
  });

  it("a target that accepts and never reports is queried for the outcome", async (test) => {
    const message = "never reports";
    d1cv.misbehaves(message, "is slow");
    const { priya, number } = await approvedCommit(test, message, "hono-1", 20);
    await priya.type(`/cv push ${number} d1cv`);
    const outcome = await priya.readsInThread(number, /^❌ d1cv gave no outcome/);
    expect(outcome).toContain("Timeout: d1cv accepted the push but did not report back within 0.1 min");
    expect(outcome).toContain("It is unknown whether d1cv applied the commit. It is asked every minute");
    const shown = await priya.asks(`/cv show ${number}`, new RegExp(`^Commit #${number} `));
    expect(shown).toContain("status `failed`");
    expect(shown).toContain("d1cv: Outcome unknown (1 changed): Timeout: d1cv accepted the push");
    await priya.asks(
      `/cv retry ${number}`,
      `It is unknown whether d1cv applied commit #${number}, and it does not answer. Nothing was sent again`,
    );

    d1cv.finish(message);
    await priya.readsInThread(number, hasTheChange);
    await priya.asks(`/cv show ${number}`, /^Commit #\d+ [^]*status `applied_all`/);
    expect(d1cv.timesApplied(message)).toBe(1);
    expect(d1cv.requests.filter((request) => request.message === message)).toHaveLength(1);
  });

  it("a target that reports three times and out of order has one outcome", async (test) => {
    const message = "reports out of order";
    d1cv.misbehaves(message, "keeps quiet");
    const { priya, number } = await approvedCommit(test, message, "express-1", 20);
    await priya.type(`/cv push ${number} d1cv`);
    await priya.readsInThread(number, "d1cv");
    const result = d1cv.resultOf(message);
    await d1cv.report(message, "job.verified", {
      result: { d1Count: result.d1Count, vectorCount: null, synced: true },
    });
    const completed = await d1cv.report(message, "job.completed", { result });
    await d1cv.report(message, "job.progress", { stage: "writing", percent: 40 });
    expect(await Promise.all([sendWebhook(completed), sendWebhook(completed)])).toEqual([ignored, ignored]);
    await priya.readsInThread(number, /^d1cv has the change: +1 changed[^]*🔒 Verified/);
    await priya.readsInThread(number, /^Pushed commit #\d+\n[^]*● d1cv: Verified/);

    // A failure under another id, after the completion.
    await d1cv.report(message, "job.failed", { error: failure });
    expect(await sendWebhook(completed)).toEqual(ignored);
    await priya.asks(
      `/cv show ${number}`,
      /^Commit #\d+ [^]*status `applied_all`[^]*d1cv: Applied, verified \(1 changed\)/,
    );
    expect(d1cv.timesApplied(message)).toBe(1);
  });

  it("a target that is down makes the push wait until it is back", async (test) => {
    const message = "ai-agent is down";
    const { priya, number } = await approvedCommit(test, message, "fastapi-1", 20, "both");
    await aiAgent.stop();
    await priya.type(`/cv push ${number} all`);
    await priya.readsInThread(number, hasTheChange);
    await priya.readsInThread(
      number,
      /^Pushing commit #\d+\n● d1cv: Sent\n● d1cv: Wrote rows: 1 changed[^]*ai-agent: Waiting for the target to answer; it continues by itself/,
    );
    await priya.reads(
      new RegExp(
        `^Push #\\d+ {2}commit #${number} [^]*ai-agent is not answering since [^]*goes on by itself[^]*\\[ Cancel… \\]`,
      ),
    );
    await priya.reads(/⚠️ ai-agent is not answering since [^]*could not be reached[^]*Pushes to it wait/);
    const shown = await priya.asks(`/cv show ${number}`, new RegExp(`^Commit #${number} `));
    expect(shown).not.toContain("Failed");
    expect(await priya.asks("/cv status", /Where things stand/)).toContain("ai-agent is not answering since");

    await aiAgent.start();
    await priya.readsInThread(number, /^ai-agent has the change: +1 changed/);
    await priya.reads(/✅ ai-agent answers again since/);
    await priya.asks(`/cv show ${number}`, /^Commit #\d+ [^]*status `applied_all`/);
    expect([d1cv.timesApplied(message), aiAgent.timesApplied(message)]).toEqual([1, 1]);
    expect(
      aiAgent.requests.filter((request) => request.message === message).every(({ attempt }) => attempt === 1),
    ).toBe(true);
  });
});

it("a target that applied without answering gets the request again, and applies once", async (test) => {
  const message = "never answers";
  d1cv.misbehaves(message, "hangs");
  const { priya, number } = await approvedCommit(test, message, "django-1", 20);
  await priya.type(`/cv push ${number} d1cv`);
  await priya.readsInThread(number, hasTheChange);
  expect(d1cv.requests.filter((request) => request.message === message).map(({ attempt }) => attempt)).toEqual([1, 1]);
  expect(d1cv.timesApplied(message)).toBe(1);
});

it("a target that answers nonsense makes the push wait without a person", async (test) => {
  const message = "answers nothing of use three times";
  d1cv.misbehaves(
    message,
    { answer: 500, body: problem("internal", "The database is away.") },
    { answer: 202, body: "<html>It works!</html>", headers: { "content-type": "text/html" } },
    { answer: 302, headers: { location: "/elsewhere" } },
  );
  const { priya, number } = await approvedCommit(test, message, "java-1", 20);
  await priya.type(`/cv push ${number} d1cv`);
  await priya.reads(
    new RegExp(`^Push #\\d+ {2}commit #${number} [^]*d1cv is not answering since [^]*answered 302[^]*\\[ Cancel… \\]`),
  );
  await priya.readsInThread(number, hasTheChange);
  await priya.reads(/✅ d1cv answers again since/);
  expect(d1cv.timesApplied(message)).toBe(1);
  expect(d1cv.requests.filter((request) => request.message === message).map(({ attempt }) => attempt)).toEqual([
    1, 1, 1, 1,
  ]);
});

it("CV Ops keeps to the target protocol in every request", () => {
  expect([...d1cv.violations, ...aiAgent.violations]).toEqual([]);
});
