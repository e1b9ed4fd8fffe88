import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "./person.ts";
import { type StoryStack, startStory } from "./stack.ts";

const targets = ["d1cv", "ai-agent"] as const;
let stack: StoryStack;

beforeAll(async () => {
  // Messages that were lost with the process are sent again after this time instead of 20 s.
  stack = await startStory(() => ({ DISPATCH_TIMEOUT_MS: "3000" }));
});
afterAll(() => stack.remove());

/** Runs cron at a shorter interval than a minute, until `done` settles. */
const tickUntil = async <T>(done: Promise<T>): Promise<T> => {
  const settled = new AbortController();
  const ticking = (async () => {
    while (!settled.signal.aborted) {
      await stack.tick();
      await delay(2_000, undefined, { signal: settled.signal }).catch(() => undefined);
    }
  })();
  try {
    return await done;
  } finally {
    settled.abort();
    await ticking;
  }
};

const moments = [
  { moment: "right after the push was acknowledged", years: 6, reached: null },
  { moment: "when d1cv has written the rows", years: 7, reached: () => stack.logged("target.apply") },
  {
    moment: "between d1cv and ai-agent",
    years: 8,
    reached: () => stack.logged("target.callback", { type: "job.completed" }),
  },
  {
    moment: "while ai-agent's rows are indexed",
    years: 9,
    reached: () => stack.logged("queue.retry", { queue: "cv-index" }),
  },
].map((each, index) => ({ ...each, number: index + 1 }));

it("a staged change survives a killed process", async (test) => {
  const carla = await join(test, stack, "Carla");
  expect(await carla.asks("/cv stage update technology go-1 experience_years=6", /Staged/)).toContain("5 → 6");
  carla.leave();
});

it.for(moments)("a push is finished after a kill $moment", async ({ number, years, reached }, test) => {
  const avery = await join(test, stack, "Avery");
  const priya = await join(test, stack, "Priya");
  const name = `Language ${number}`;
  await avery.asks(`/cv stage update technology python-1 experience_years=${years}`, new RegExp(`→ ${years}`));
  await avery.asks(`/cv stage create technology name="${name}" category=Language`, new RegExp(name));
  await avery.asks(`/cv commit -m "Killed ${number}"`, new RegExp(`#${number}`));
  await priya.asks(`/cv approve ${number}`, /Approved/);

  const moment = reached?.();
  const pushed = priya.type(`/cv push ${number} all`).catch(() => "cut off");
  await (moment ?? pushed);
  await stack.kill();
  await pushed;
  await stack.startAgain();

  const after = await join(test, stack, "Priya");
  const card = await tickUntil(after.reads(new RegExp(`^Push #${number} [^]*verified live`)));
  expect(card).toContain("Applied to 2 targets, searchable and verified live");
  await after.reads(
    new RegExp(
      `^Pushed commit #${number}\\n[^]*● d1cv: Verified[^]*● ai-agent: Indexed for search[^]*● ai-agent: Verified`,
    ),
  );
  await after.sees("each target's outcome, verified", () => {
    const outcomes = after
      .everything()
      .filter((text) => /has the change: +1 added, 1 changed[^]*🔒 Verified/.test(text));
    return targets.every((target) => outcomes.filter((text) => text.startsWith(target)).length === number) || undefined;
  });
  expect(await after.asks(`/cv show ${number}`, new RegExp(`^Commit #${number} `))).toContain("status `applied_all`");
  expect(await after.asks("/cv status", /Where things stand/)).not.toContain("On their way");

  // A target increments its version with every applied push: the seed has version 1, and each commit counts once.
  for (const target of targets) {
    const rows = await stack.rows(target);
    const python = rows.find(({ id }) => id === "python-1");
    expect(python).toMatchObject({ version: String(number + 1), values: { experience_years: years } });
    expect(rows.filter(({ values }) => values["name"] === name)).toMatchObject([
      { version: String(number + 1), deletedAt: null },
    ]);
  }
});

it("messages, staged changes and the portfolio survive an orderly restart", async (test) => {
  const before = await join(test, stack, "Carla");
  const messages = before.everything();
  const rows = await stack.rows("d1cv");
  await stack.stop();
  await stack.startAgain();

  const carla = await join(test, stack, "Carla");
  expect(carla.everything()).toEqual(messages);
  expect(await stack.rows("d1cv")).toEqual(rows);
  expect(await carla.asks("/cv staged", /Go/)).toContain("5 → 6");
});

it("a reset restores the initial state of the stack", async (test) => {
  await stack.reset();
  const carla = await join(test, stack, "Carla");
  expect(carla.everything()).toEqual([expect.stringContaining("Change the portfolio from here")]);
  expect(await carla.asks("/cv staged", /staged/)).toMatch(/nothing staged|Nothing (of yours )?is staged/i);
  expect(await carla.asks("/cv commits", /commits/)).toContain("There are no commits yet");
  for (const target of targets) {
    const rows = await stack.rows(target);
    expect(rows).toHaveLength(74);
    expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(["1"]));
  }
  // A push succeeds as on a new stack.
  await carla.asks("/cv stage update technology python-1 experience_years=8", /5 → 8/);
  await carla.asks('/cv commit -m "First again"', /#1/);
});
