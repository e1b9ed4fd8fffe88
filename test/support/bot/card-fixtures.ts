/** Every message and Home that shows state, and every line of the log, with one text wherever people may write. */
import type { HomeView } from "@slack/types";
import type { Actor } from "../../../shared/domain/workspace/actor.ts";
import type { Change } from "../../../shared/domain/staging/change.ts";
import { type Drift, driftOf } from "../../../shared/domain/commits/drift.ts";
import type { Overlap } from "../../../shared/domain/commits/overlaps.ts";
import { type ActionItem, type Step, stepKinds } from "../../../shared/domain/workspace/action-items.ts";
import type { Job } from "../../../shared/domain/pushes/push.ts";
import { stateNames } from "../../../shared/domain/states.ts";
import { type TargetHealth, healthOf } from "../../../shared/domain/pushes/target-health.ts";
import { eventTypes } from "../../../shared/domain/events/event-types.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import { type Mode, modes } from "../../../shared/domain/workspace/settings.ts";
import type { Message } from "../../../bot/slack/blocks/blocks.ts";
import { changeCard } from "../../../bot/slack/staging/change-card.ts";
import { commitCard, commitCardFallbacks } from "../../../bot/slack/commits/commit-card.ts";
import { datedEventLine } from "../../../bot/slack/components/event-lines.ts";
import { outageCard } from "../../../bot/slack/pushes/outage-card.ts";
import { homeView } from "../../../bot/slack/home/home-card.ts";
import { pushOutcomeCard } from "../../../bot/slack/pushes/outcome-card.ts";
import { pushPlanCard, pushPlanFallback } from "../../../bot/slack/pushes/plan-card.ts";
import { pushCard } from "../../../bot/slack/pushes/push-card.ts";
import { approvalOf, changeState, commitOf, commitState, jobOf, pushOf, pushState, targetOf } from "./card-states.ts";
import { conflictsOf } from "../messages/refusals.ts";
import { webhookNotices } from "./view-fixtures.ts";
import { extremeChange } from "./extreme-inputs.ts";

const changesOf = (text: string): Change[] => {
  const written = { createdBy: text, sourceAuthor: text, permalink: text, targets: [text, "d1cv"] };
  return [
    extremeChange(text, written),
    extremeChange(text, {
      ...written,
      id: "change-2",
      number: 2,
      action: "CREATE",
      base: { [text]: { seen: "absent" } },
    }),
    extremeChange(text, { ...written, id: "change-3", number: 3, action: "DELETE", payload: {} }),
  ];
};

const commitMessages = (text: string): Message[] => {
  const changes = changesOf(text);
  const written = {
    message: text,
    createdBy: text,
    appliedBy: text,
    errorTarget: text,
    errorMessage: text,
    status: text,
  };
  const approvals = [
    approvalOf({ decidedBy: text, reason: text }),
    approvalOf({ decision: "rejected", decidedBy: text, reason: text }),
  ];
  return stateNames("review").flatMap((review) =>
    stateNames("commit_target").flatMap((state) => {
      const targets = [{ ...targetOf(text, state, text), drift: driftWith(text) }, targetOf("d1cv", state, text)];
      const commit = commitOf({ ...written, review, drifted: [text, "d1cv"] });
      const at = commitState({ changes, commit, targets, approvals, reviewers: [text], overlaps: overlapsOf(text) });
      return [
        commitCard(at),
        ...commitCardFallbacks(at),
        ...changes.map((change) => changeCard(changeState({ change, commit, targets }))),
      ];
    }),
  );
};

const driftWith = (text: string): Drift | null => driftOf(conflictsOf(text));

const jobsOf = (text: string): Job[] => {
  const written = { stage: text, errorCode: text, errorMessage: text, attempt: 2 };
  return [
    ...stateNames("job").map((state) => jobOf(text, state, written)),
    jobOf(text, "pending", {
      ...written,
      waitingSince: "2031-03-03T09:00:00.000Z",
      outage: { since: "2031-03-03T09:00:00.000Z", error: text },
    }),
  ];
};

const pushMessages = (text: string): Message[] =>
  jobsOf(text).flatMap((job) => {
    const other = jobOf("d1cv", "completed", { stage: text });
    const states = [pushState([job]), pushState([other, job])].map((state) => ({
      ...state,
      commit: commitOf({ review: "approved", message: text, createdBy: text, status: text }),
      push: { ...state.push, requestedBy: text, scope: text },
    }));
    return [
      ...states,
      ...states.map((state) => ({ ...state, push: pushOf({ ...state.push, state: "cancelled" }) })),
    ].flatMap((state) => [
      pushCard(state),
      pushPlanCard(state),
      pushPlanFallback(state),
      pushOutcomeCard(state, job, 1),
      pushOutcomeCard(state, job, 2),
    ]);
  });

const actorsOf = (text: string): Actor[] => [
  { kind: "slack", id: text },
  { kind: "access", id: text },
  { kind: "token", id: text, token: { id: text, name: text, scopes: [] } },
  { kind: "target", id: text },
  { kind: "system", id: text },
];

const eventsOf = (text: string): LoggedEvent[] =>
  eventTypes.flatMap((type) =>
    actorsOf(text).map((actor) => ({
      id: 1,
      type,
      commitId: text,
      pushId: text,
      jobId: text,
      attempt: 2,
      actor,
      data: {
        ...Object.fromEntries(
          [
            "target",
            "because",
            "summary",
            "message",
            "reason",
            "userId",
            "role",
            "before",
            "stage",
            "queue",
            "cause",
            "host",
          ].map((name) => [name, text]),
        ),
        reviewers: [text],
        targets: [text],
        error: { code: text, message: text },
        result: { inserted: 1 },
        after: { mode: text, approvalsNeeded: 2, channelId: text },
      },
      traceId: text,
      at: "2031-03-03T09:00:00.000Z",
      commitNumber: 4,
      pushNumber: 2,
      changeNumber: 3,
      deadLetterNumber: 5,
      target: text,
      tokenName: text,
    })),
  );

export const linesOf = (text: string): string[] => eventsOf(text).map(datedEventLine);

const stepsOf = (text: string): Step[] =>
  stepKinds.map((kind, index) => ({
    kind,
    commit: commitOf({
      number: index + 1,
      message: text,
      createdBy: text,
      errorTarget: text,
      errorMessage: text,
      drifted: [text],
    }),
    targets: [{ ...targetOf(text, "failed", text), drift: driftWith(text) }],
    who: [text],
    approvedBy: [text],
    rejection: approvalOf({ decision: "rejected", decidedBy: text, reason: text }),
    isUnknown: false,
    overlaps: overlapsOf(text),
  }));

const overlapsOf = (text: string): Overlap[] =>
  [1, 2, 3, 4].map((number) => ({
    commit: number > 1 ? number : null,
    change: number > 1 ? null : number,
    author: text,
    rows: [{ entityType: "technology", entityId: text, targets: [text], fields: [text, text], whole: number === 3 }],
    rowCount: 12,
  }));

const downOf = (text: string): TargetHealth => ({
  ...healthOf(text),
  state: "open",
  error: text,
  failingSince: "2031-03-03T09:00:00.000Z",
});

const homeOf = (text: string, mode: Mode): HomeView => {
  const changes = changesOf(text);
  const actionItems: ActionItem[] = [...stepsOf(text), { kind: "commit", changes }];
  return homeView({
    session: {
      workspace: { id: "T1", mode, approvalsNeeded: 1, channelId: null, disconnectedAt: null, installedBy: null },
      members: [{ userId: text, role: "admin" }],
      targets: [],
      role: "admin",
      token: null,
      record: null,
      unreadable: [],
    },
    readerId: text,
    staged: changes,
    actionItems,
    onTheWay: [{ commit: commitOf({ message: text }), jobs: jobsOf(text), percent: 33 }],
    waiting: stepsOf(text),
    isNew: false,
    down: [downOf(text)],
    backlog: { messages: 1, cards: 1 },
    events: eventsOf(text).slice(0, 8),
    nowMs: Date.parse("2031-03-03T09:05:00.000Z"),
  });
};

const outageMessages = (text: string): Message[] =>
  [downOf(text), { ...downOf(text), state: "closed" as const }, null].map(outageCard);

export const cardsOf = (text: string): Message[] => [
  ...commitMessages(text),
  ...pushMessages(text),
  ...outageMessages(text),
  ...webhookNotices(text),
];

export const homesOf = (text: string): HomeView[] => modes.map((mode) => homeOf(text, mode));
