/** Cards of any state are valid for Slack, have a fallback text, and escape user text. */
import fc from "fast-check";
import { changeCard } from "../../bot/slack/staging/change-card.ts";
import { commitCard, commitCardFallbacks } from "../../bot/slack/commits/commit-card.ts";
import { pushOutcomeCard } from "../../bot/slack/pushes/outcome-card.ts";
import { pushPlanCard, pushPlanFallback } from "../../bot/slack/pushes/plan-card.ts";
import { pushCard } from "../../bot/slack/pushes/push-card.ts";
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
} from "../support/bot/card-states.ts";
import type { Message } from "../../bot/slack/blocks/blocks.ts";
import { describe, validateMessage } from "../../tools/slack/validate-blocks.ts";
import type { Base, Change } from "../../shared/domain/staging/change.ts";
import { actions } from "../../shared/domain/staging/change.ts";
import { type EntityType, entityOf, entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { stateNames } from "../../shared/domain/states.ts";
import { modes } from "../../shared/domain/workspace/settings.ts";
import { markupProblems } from "../corpora/markup.ts";
import { type Subject, holds } from "./subject.ts";
import { typed } from "./texts.ts";

const person = fc.constantFrom("U0AVERY01", "U0PRIYA01", "U0CARLA01");
const ours = { people: ["U0AVERY01", "U0PRIYA01", "U0CARLA01"], channels: [] };
const long = fc.tuple(typed, fc.integer({ min: 1, max: 40 })).map(([text, times]) => text.repeat(times).slice(0, 3000));
const anyText = fc.oneof({ weight: 5, arbitrary: typed }, { weight: 1, arbitrary: long });
const fieldValue = fc.oneof(
  anyText,
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(typed, { maxLength: 5 }),
);
const targetName = fc.constantFrom("d1cv", "ai-agent", "a-third-target-with-a-long-name-0123456789");
const targetNames = fc.uniqueArray(targetName, { minLength: 1, maxLength: 3 });

const changeOfType = (entityType: EntityType): fc.Arbitrary<Change> => {
  const values = fc.dictionary(fc.constantFrom(...Object.keys(entityOf(entityType).fields)), fieldValue, {
    maxKeys: 5,
  });
  const base: fc.Arbitrary<Base> = fc.oneof(
    values.map((seen) => ({ seen: "row" as const, version: "1", values: seen })),
    fc.constantFrom({ seen: "absent" as const }, { seen: "unknown" as const }),
  );
  return fc
    .record({
      number: fc.integer({ min: 1, max: 999_999_999 }),
      state: fc.constantFrom(...stateNames("change")),
      targets: targetNames,
      action: fc.constantFrom(...actions),
      entityId: typed.map((text) => text.slice(0, 80) || "x"),
      payload: values,
      base: fc.dictionary(targetName, base, { maxKeys: 3 }),
      note: fc.option(anyText),
      createdBy: person,
    })
    .map((parts) => changeOf({ entityType, ...parts }));
};
/** Reused: creating arbitraries for each input takes longer than rendering the cards. */
const change = fc.oneof(...entityTypes.map(changeOfType));

const commit = fc
  .record({
    number: fc.integer({ min: 1, max: 999_999_999 }),
    message: anyText,
    review: fc.constantFrom(...stateNames("review")),
    createdBy: person,
    errorTarget: fc.option(targetName),
    errorMessage: fc.option(anyText),
  })
  .map((parts) => commitOf(parts));

const details = fc.record({
  commit,
  changes: fc
    .array(change, { minLength: 1, maxLength: 8 })
    .map((all) => all.map((each, index) => ({ ...each, id: `c${index}` }))),
  approvals: fc.array(
    fc
      .record({
        decision: fc.constantFrom("approved" as const, "rejected" as const),
        reason: fc.option(anyText),
        decidedBy: person,
      })
      .map((parts) => approvalOf(parts)),
    { maxLength: 3 },
  ),
  targets: fc
    .tuple(targetNames, fc.constantFrom(...stateNames("commit_target")), fc.option(anyText))
    .map(([names, state, error]) => names.map((name) => targetOf(name, state, error))),
});

const job = fc
  .record({
    target: targetName,
    state: fc.constantFrom(...stateNames("job")),
    attempt: fc.integer({ min: 1, max: 30 }),
    stage: fc.option(anyText),
    percent: fc.double({ min: 0, max: 100, noNaN: true }),
    errorCode: fc.option(typed),
    errorMessage: fc.option(anyText),
    synced: fc.option(fc.boolean()),
    verifiedAt: fc.option(fc.constant("2031-03-03T09:02:00.000Z")),
  })
  .map(({ target, state, ...parts }) => jobOf(target, state, parts));

const problemOf = (message: Message): string | null => {
  if (message.text.trim() === "") return "there is no fallback text";
  return validateMessage(message).map(describe)[0] ?? markupProblems(message, ours)[0] ?? null;
};
const firstProblem = (messages: Message[]): string | null =>
  messages.map(problemOf).find((problem) => problem !== null) ?? null;

const commitCards: Subject = {
  name: "cards of commits and changes: sound in any state",
  share: 1,
  property: () =>
    holds(
      fc.record({
        details,
        mode: fc.constantFrom(...modes),
        approvalsNeeded: fc.integer({ min: 1, max: 5 }),
        reviewers: fc.array(person, { maxLength: 4 }),
      }),
      ({ details: all, ...rest }) => {
        const state = commitState({ ...all, ...rest });
        const [first] = all.changes;
        return firstProblem([
          commitCard(state),
          ...commitCardFallbacks(state),
          ...(first ? [changeCard(changeState({ change: first, commit: all.commit, targets: all.targets }))] : []),
        ]);
      },
    ),
};

const pushCards: Subject = {
  name: "cards of pushes: sound in any state",
  share: 1,
  property: () =>
    holds(
      fc.record({
        details,
        jobs: fc.uniqueArray(job, { minLength: 1, maxLength: 3, selector: ({ target }) => target }),
        state: fc.constantFrom(...stateNames("push")),
        attempt: fc.integer({ min: 1, max: 3 }),
        waitedMs: fc.integer({ min: -5000, max: 2 ** 40 }),
      }),
      ({ details: all, jobs, state: pushed, attempt, waitedMs }) => {
        const drawn = pushState(jobs);
        const state = {
          ...drawn,
          ...all,
          push: pushOf({ ...drawn.push, state: pushed, requestedBy: "U0PRIYA01" }),
          nowMs: drawn.nowMs + waitedMs,
        };
        return firstProblem([
          pushCard(state),
          pushPlanCard(state),
          pushPlanFallback(state),
          ...jobs.map((each) => pushOutcomeCard(state, each, attempt)),
        ]);
      },
    ),
};

export const cardSubjects: Subject[] = [commitCards, pushCards];
