import { describe, expect, test } from "vitest";
import type { CommitCardState } from "../commits/card-state.ts";
import { describe as wording, validateMessage } from "../../../tools/slack/validate-blocks.ts";
import { cancelledStates, changeStates, commitStates, jobStates } from "../../../test/support/bot/card-state-space.ts";
import {
  approvalOf,
  changeOf,
  changeState,
  commitOf,
  commitState,
  jobOf,
  pushOf,
  pushState,
  targetOf,
  verified,
} from "../../../test/support/bot/card-states.ts";
import { extremeChange, extremeTexts, manyChanges } from "../../../test/support/bot/extreme-inputs.ts";
import { mrkdwnOf, textsOf } from "../../../test/support/bot/texts.ts";
import type { Message } from "../blocks/blocks.ts";
import { changeCard } from "../staging/change-card.ts";
import { commitCard, commitCardFallbacks } from "../commits/commit-card.ts";
import { pushCard } from "../pushes/push-card.ts";
import { pushOutcomeCard } from "../pushes/outcome-card.ts";
import { pushPlanCard, pushPlanFallback } from "../pushes/plan-card.ts";
import type { PushCardState } from "../pushes/card-state.ts";

/** What every message of ours has to be, whatever it shows. */
const expectSound = (message: Message): void => {
  expect(validateMessage(message).map(wording)).toEqual([]);
  expect(message.text.trim()).not.toBe("");
  expect(textsOf(message)).not.toMatch(/undefined|\bnull\b|NaN|\[object|Invalid Date/);
  for (const text of mrkdwnOf(message)) expect(text).not.toMatch(/<!(channel|here|everyone)|<@U1[>|]|<https?:\/\/evil/);
  expect(primaryButtons(message).length).toBeLessThanOrEqual(1);
};

/** What holds where nobody has written marks of their own: read aloud it makes sense, and no icon stands alone. */
const expectReadable = (message: Message): void => {
  expect(message.text).not.toMatch(/:[a-z_]+:|<!date|[*`]/);
  for (const text of mrkdwnOf(message)) expect(text).not.toMatch(/:[a-z_0-9]+:(?!\s+(\S+\s)?[*\w<])/);
};

const primaryButtons = (message: Message): unknown[] =>
  message.blocks.flatMap((block) =>
    block.type === "actions"
      ? block.elements.filter((element) => element.type === "button" && element.style === "primary")
      : [],
  );

const buttons = (message: Message): string[] =>
  message.blocks.flatMap((block) =>
    block.type === "actions"
      ? block.elements.flatMap((element) => (element.type === "button" ? [element.text.text] : []))
      : [],
  );

const menuOf = (message: Message): string[] =>
  message.blocks.flatMap((block) =>
    block.type === "actions"
      ? block.elements.flatMap((element) =>
          element.type === "overflow" ? element.options.map(({ value = "" }) => value) : [],
        )
      : [],
  );

const commitCards = (state: CommitCardState): Message[] => [commitCard(state), ...commitCardFallbacks(state)];

const pushCards = (state: PushCardState): Message[] => [
  pushCard(state),
  pushPlanCard(state),
  pushPlanFallback(state),
  ...state.jobs
    .filter((job) => ["completed", "failed", "timeout", "cancelled"].includes(job.state))
    .flatMap((job) => [
      pushOutcomeCard(state, job, job.attempt),
      ...(job.attempt > 1 ? [pushOutcomeCard(state, job, job.attempt - 1)] : []),
    ]),
];

describe("every possible state", () => {
  const expectAllWell = (messages: Message[]): void => {
    for (const message of messages) {
      expectSound(message);
      expectReadable(message);
    }
  };

  test("every state of a commit makes a sound card", () => {
    const states = commitStates();
    expectAllWell(states.flatMap(commitCards));
    expect(states.length).toBeGreaterThan(100);
  });

  test("every state of a push makes sound cards", { timeout: 30_000 }, () => {
    const states = [...jobStates(), ...cancelledStates()];
    expectAllWell(states.flatMap(pushCards));
    expect(states.length).toBeGreaterThan(500);
  });

  test("every state of a change makes a sound reply under its message", () => {
    const states = changeStates();
    expectAllWell(states.map(changeCard));
    expect(states.length).toBeGreaterThan(20);
  });

  test("the card of a commit offers only what can be done next", () => {
    for (const state of commitStates()) {
      const { review, status } = state.commit;
      const offered = buttons(commitCard(state));
      expect(offered.includes("Approve"), review).toBe(review === "in_review");
      expect(offered.includes("Reject"), review).toBe(review === "in_review");
      if (review !== "approved") expect(offered.some((label) => label.startsWith("Push"))).toBe(false);
      if (state.targets.some(({ state: at }) => at === "in_flight"))
        expect(
          offered.some((label) => label.startsWith("Push")),
          status,
        ).toBe(false);
      const isOver = review === "dropped" || review === "reopened";
      if (isOver) expect(offered).toEqual([]);
      const canReopen = !isOver && state.targets.every(({ state: at }) => at === "pending" || at === "failed");
      const inMenu = menuOf(commitCard(state));
      expect(inMenu.includes("do:reopen 42"), `${review} ${status}`).toBe(canReopen);
      expect(inMenu.includes("do:review 42"), review).toBe(review === "in_review" || review === "draft");
      expect(inMenu.includes("go:why 42")).toBe(!isOver);
    }
  });

  test("the card of a commit with several targets left has one primary button", () => {
    const targets = [targetOf("d1cv", "applied"), targetOf("ai-agent", "pending"), targetOf("cdn", "pending")];
    const card = commitCard(commitState({ targets, commit: commitOf({ review: "approved" }) }));
    expect(buttons(card)).toEqual(["Push to ai-agent", "Push to cdn", "Details"]);
    expect(primaryButtons(card)).toHaveLength(1);
  });

  test("the card of a push offers to cancel only while it runs", () => {
    for (const state of [...jobStates(), ...cancelledStates()])
      expect(buttons(pushCard(state)).includes("Cancel…"), state.push.state).toBe(state.push.state === "running");
  });
});

describe("extreme content", () => {
  const hostile = Object.values(extremeTexts);

  const statesOf = (text: string): CommitCardState[] => {
    const many = Array.from({ length: 500 }, (_, index) =>
      extremeChange(text, { id: `c${index}`, number: index + 1, entityId: `${index} ${text.slice(0, 70)}` }),
    );
    const targets = [targetOf("d1cv", "applied"), targetOf("ai-agent", "failed", text)];
    const commit = commitOf({ message: text.slice(0, 500) });
    const rejected = approvalOf({ decision: "rejected", reason: text });
    const failed = {
      ...commit,
      review: "approved",
      status: "failed",
      errorTarget: "ai-agent",
      errorMessage: text,
    } as const;
    return [[extremeChange(text)], many].flatMap((changes) => [
      commitState({ changes, commit }),
      commitState({ changes, commit: { ...commit, review: "rejected" }, approvals: [rejected] }),
      commitState({ changes, targets, approvals: [approvalOf()], commit: failed }),
    ]);
  };

  test.each(Object.entries(extremeTexts))("commits of one and 500 changes with %s make sound cards", (_what, text) => {
    for (const state of statesOf(text)) for (const message of commitCards(state)) expectSound(message);
  });

  test("a commit of 500 rows with values of 3,000 characters makes a sound card", () => {
    expectSound(commitCard(commitState({ changes: manyChanges() })));
  });

  test("hostile texts make sound replies under messages", () => {
    for (const text of hostile) {
      for (const state of ["applied", "failed", "in_flight"] as const) {
        const targets = [targetOf(text.slice(0, 40), state), targetOf("d1cv", state)];
        const change = extremeChange(text, { targets: [text.slice(0, 40), "d1cv"] });
        expectSound(changeCard(changeState({ change, targets, commit: commitOf({ review: "approved" }) })));
      }
    }
  });

  test("hostile errors and stages make sound push cards", () => {
    for (const text of hostile) {
      const failed = jobOf("ai-agent", "failed", { errorMessage: text, attempt: 3 });
      const unknown = jobOf("ai-agent", "timeout", { errorMessage: text });
      const working = jobOf("ai-agent", "processing", { stage: text.slice(0, 60), percent: 99.999 });
      for (const job of [failed, unknown, working]) {
        const state = pushState([verified(jobOf("d1cv", "completed")), job], {
          commit: commitOf({ review: "approved", message: text.slice(0, 500) }),
        });
        for (const message of pushCards(state)) expectSound(message);
      }
    }
  });

  test("40 targets with long names make sound cards", () => {
    const names = Array.from({ length: 40 }, (_, index) => `target-${index}-${"n".repeat(28)}`);
    const targets = names.map((name) => targetOf(name, "pending"));
    const jobs = names.map((name, index) =>
      jobOf(name, index === 0 ? "completed" : "pending", { asked: { inserted: 0, updated: 0, deleted: 0 } }),
    );
    expectSound(
      commitCard(commitState({ targets, commit: commitOf({ review: "approved" }), approvals: [approvalOf()] })),
    );
    expect(
      buttons(
        commitCard(commitState({ targets, commit: commitOf({ review: "approved" }), approvals: [approvalOf()] })),
      ),
    ).toEqual(expect.arrayContaining(["Push to all", "Details"]));
    for (const message of pushCards(pushState(jobs, { targets }))) expectSound(message);
    const failing = names.map((name) => jobOf(name, "failed", { errorMessage: "x".repeat(3000), attempt: 2 }));
    for (const message of pushCards(pushState(failing, { targets }))) expectSound(message);
  });

  test("40 approvers and 200 reviewers make sound cards", () => {
    const people = Array.from({ length: 200 }, (_, index) => `U${String(index).padStart(10, "0")}`);
    const approvals = people.slice(0, 40).map((decidedBy) => approvalOf({ decidedBy }));
    expectSound(commitCard(commitState({ reviewers: people, approvals, approvalsNeeded: 50 })));
    expectSound(commitCard(commitState({ reviewers: people, approvals, commit: commitOf({ review: "approved" }) })));
  });

  test("a card counts the rows that do not fit", () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      changeOf({
        id: `c${index}`,
        entityId: `row-${index}`,
        number: index + 1,
        payload: { level: `Row ${index}: ${"x".repeat(60)}` },
      }),
    );
    const card = commitCard(commitState({ changes: many }));
    expect(card.text).toContain("and 497 more");
    const texts = textsOf(card.blocks);
    const left = Number(/… and (\d+) more/.exec(texts)?.[1]);
    expect(texts.match(/Row \d+:/g)?.length).toBe(500 - left);
    expect(left).toBeGreaterThan(0);
  });
});

describe("the text of cards", () => {
  test("the card of a commit in review names the reviewers", () => {
    expect(textsOf(commitCard(commitState()))).toContain("Needs approval by <@U0PRIYA01> or <@U0CARLA01>.");
  });

  test("the card of a commit that nobody can approve says what to do", () => {
    expect(textsOf(commitCard(commitState({ reviewers: [] })))).toContain("Nobody can approve this");
  });

  test("the card of a commit with one of two approvals shows one missing", () => {
    const texts = textsOf(commitCard(commitState({ approvals: [approvalOf()], approvalsNeeded: 2 })));
    expect(texts).toContain("Approved by <@U0PRIYA01>. Needs approval by <@U0CARLA01>.");
  });

  test("the card of a stopped push shows the next target as not started", () => {
    const state = pushState([jobOf("d1cv", "failed"), jobOf("ai-agent", "pending")]);
    for (const message of [pushPlanCard(state), pushPlanFallback(state)])
      expect(textsOf(message)).toContain("ai-agent: Not started");
  });

  test("the card of a running push says how far it is, and for how long", () => {
    const state = pushState([jobOf("d1cv", "completed"), jobOf("ai-agent", "processing", { percent: 30 })]);
    expect(textsOf(pushCard(state).blocks)).toContain(
      ":hourglass_flowing_sand: ai-agent: Writing rows (30 %)  ·  1 of 2 done  ·  65 % in all  ·  3.0 s so far",
    );
  });

  test("the card of a cancelled push says what was applied and how to push again", () => {
    const one = pushState([jobOf("d1cv", "completed"), jobOf("ai-agent", "cancelled")]);
    expect(textsOf(pushCard(one))).toContain("Cancelled. Applied to d1cv, not applied to ai-agent. `/cv push 42 all`");
    expect(textsOf(pushCard(one))).toContain("stopped after 5.0 s");
    const none = pushState([jobOf("d1cv", "cancelled"), jobOf("ai-agent", "cancelled")]);
    expect(textsOf(pushCard(none))).toContain("Cancelled. Nothing was applied. `/cv push 42 all` pushes it again.");
    expect(textsOf(pushPlanCard(none))).toContain("d1cv: Cancelled, nothing was applied");
    expect([...buttons(pushCard(one)), ...buttons(pushCard(none))]).toEqual([]);
    const [first] = none.jobs;
    if (!first) throw new Error("no job");
    expect(textsOf(pushOutcomeCard(none, first, 1))).toContain("d1cv was cancelled: nothing was applied there.");
  });

  test("the card of a commit does not count an approval of earlier content", () => {
    const texts = textsOf(commitCard(commitState({ approvals: [approvalOf({ commitHash: "old" })] })));
    expect(texts).not.toContain("Approved by");
  });

  test("the card of a successful push ends in verified", () => {
    const state = pushState([verified(jobOf("d1cv", "completed")), verified(jobOf("ai-agent", "completed"))]);
    expect(textsOf(pushCard(state))).toContain("Applied to 2 targets, searchable and verified live in 7.0 s.");
    expect(buttons(pushCard(state))).toEqual([]);
  });

  test("the card of a push with differing stores does not say verified live", () => {
    const state = pushState([verified(jobOf("d1cv", "completed"), false)]);
    expect(textsOf(pushCard(state))).toContain("d1cv has rows that differ from the commit");
    expect(textsOf(pushCard(state))).not.toContain("verified live");
  });

  test("the card of a failure has cause, effect, next step and a Retry", () => {
    const state = pushState([jobOf("d1cv", "failed"), jobOf("ai-agent", "pending")]);
    const [failed] = state.jobs;
    if (!failed) throw new Error("no job");
    const message = pushOutcomeCard(state, failed, 1);
    const texts = textsOf(message);
    expect(texts).toContain("*d1cv* failed: answered 503: down for maintenance");
    expect(texts).toContain("Nothing was applied to d1cv. ai-agent was not started.");
    expect(texts).toContain("Press Retry, or type `/cv retry 42`");
    expect(buttons(message)).toEqual(["Retry"]);
    // Taken back later, it has not been started either: nothing writes the message anew for that.
    const cancelled = pushState([failed, jobOf("ai-agent", "cancelled", { dispatchedAt: null })]);
    expect(textsOf(pushOutcomeCard(cancelled, failed, 1))).toContain("ai-agent was not started.");
  });

  test("the card of an unknown outcome claims neither success nor failure", () => {
    const state = pushState([jobOf("d1cv", "timeout")]);
    const [unknown] = state.jobs;
    if (!unknown) throw new Error("no job");
    expect(textsOf(pushOutcomeCard(state, unknown, 1))).toContain("It is unknown whether d1cv applied the commit.");
    expect(textsOf(pushCard(state))).toContain("it is unknown whether it was applied");
    expect(textsOf(pushPlanCard(state))).toContain("Outcome unknown");
  });

  test("the card of an older attempt points to the newer one and offers nothing", () => {
    const state = pushState([jobOf("d1cv", "processing", { attempt: 2 })]);
    const [job] = state.jobs;
    if (!job) throw new Error("no job");
    const message = pushOutcomeCard(state, job, 1);
    expect(textsOf(message)).toContain("attempt 1 failed and was tried again");
    expect(buttons(message)).toEqual([]);
  });

  test("the fallback of a push plan has the same text as the plan", () => {
    const state = pushState([jobOf("d1cv", "processing"), jobOf("ai-agent", "pending")]);
    expect(pushPlanFallback(state).text).toBe(pushPlanCard(state).text);
    expect(textsOf(pushPlanFallback(state))).toContain("d1cv: Writing rows (40 %)");
  });

  test("the card of a push leaves out jobs of another push", () => {
    const other = jobOf("d1cv", "failed", { id: "old", pushId: "push-0" });
    const state = pushState([jobOf("d1cv", "completed")], { push: pushOf({ state: "completed" }) });
    expect(textsOf(pushCard({ ...state, jobs: [other, ...state.jobs] }))).not.toContain("Failed");
  });
});
