import { describe, expect, test } from "vitest";
import type { Change } from "../staging/change.ts";
import type { Approval, Commit, CommitTarget } from "../commits/commit.ts";
import { statusOf } from "../../../test/support/shared/commit-status.ts";
import { type ActionItem, type Open, type Step, outlookOf, percentOf } from "./action-items.ts";
import type { Job } from "../pushes/push.ts";
import type { Role } from "./roles.ts";
import type { CommitTargetState, JobState, ReviewState } from "../states.ts";

const at = "2031-03-03T09:00:00.000Z";

const people = { author: "U0AUTHOR", other: "U0OTHER", approver: "U0APPROVER", second: "U0SECOND", admin: "U0ADMIN" };
type Person = keyof typeof people;

const members: { userId: string; role: Role }[] = [
  { userId: people.author, role: "editor" },
  { userId: people.other, role: "editor" },
  { userId: people.approver, role: "approver" },
  { userId: people.second, role: "approver" },
  { userId: people.admin, role: "admin" },
];

interface Spec {
  number?: number;
  review: ReviewState;
  by?: string;
  /** Who has edited changes of it. */
  editedBy?: string[];
  at?: [CommitTargetState, CommitTargetState?];
  decisions?: [userId: string, decision: Approval["decision"], hash?: string][];
  jobs?: JobState[];
}

/** Of a review where a test says nothing of it. */
const defaultDecisions: Partial<Record<ReviewState, Spec["decisions"]>> = {
  approved: [[people.second, "approved"]],
};

/** Everything that is open when these commits are there, for a person. */
const openWith = (reader: string, specs: Spec[], more: Partial<Open> = {}): Open => {
  const commits: Commit[] = [];
  const targets: CommitTarget[] = [];
  const approvals: Approval[] = [];
  const jobs: Job[] = [];
  for (const [index, spec] of specs.entries()) {
    const number = spec.number ?? index + 1;
    const id = `commit-${number}`;
    const own = (spec.at ?? ["pending", "pending"]).map((state, place) => ({
      commitId: id,
      target: place === 0 ? "d1cv" : "ai-agent",
      state: state ?? "pending",
      error: null,
      appliedAt: null,
      drift: null,
    }));
    targets.push(...own);
    const failed = own.find(({ state }) => state === "failed");
    commits.push({
      id,
      number,
      message: "m",
      summary: "Python: experience_years 5 → 8",
      hash: `hash-${number}`,
      review: spec.review,
      status: statusOf(own),
      createdBy: spec.by ?? people.author,
      contributors: [spec.by ?? people.author, ...(spec.editedBy ?? [])],
      createdAt: at,
      appliedBy: null,
      errorTarget: failed?.target ?? null,
      drifted: [],
      errorMessage: failed ? "no space" : null,
    });
    for (const [decidedBy, decision, hash] of spec.decisions ?? defaultDecisions[spec.review] ?? [])
      approvals.push({
        commitId: id,
        commitHash: hash ?? `hash-${number}`,
        decision,
        reason: decision === "rejected" ? "too much" : null,
        decidedBy,
        decidedAt: at,
      });
    jobs.push(...(spec.jobs ?? []).map((state, position) => jobOf(id, state, position)));
  }
  return {
    readerId: reader,
    role: members.find(({ userId }) => userId === reader)?.role ?? "viewer",
    mode: "team",
    approvalsNeeded: 1,
    members,
    staged: [],
    unreadable: [],
    commits,
    approvals,
    targets,
    touches: [],
    jobs,
    deadLetters: 0,
    ...more,
  };
};

const jobOf = (commitId: string, state: JobState, position: number): Job => ({
  workspaceId: "T1",
  id: `${commitId}-job-${position}`,
  pushId: `${commitId}-push`,
  commitId,
  target: position === 0 ? "d1cv" : "ai-agent",
  position,
  state,
  attempt: 1,
  stage: null,
  percent: 40,
  asked: { inserted: 0, updated: 0, deleted: 0 },
  result: null,
  errorCode: null,
  errorMessage: null,
  dispatchedAt: at,
  acceptedAt: null,
  deadlineAt: null,
  completedAt: null,
  searchableAt: null,
  verifiedAt: null,
  synced: null,
  tries: 1,
  waitingSince: null,
  traceId: null,
  outage: null,
  completedAfter: null,
  createdAt: at,
  updatedAt: at,
});

const changeOf = (number: number, createdBy: string): Change => ({
  id: `change-${number}`,
  number,
  state: "staged",
  commitId: null,
  targets: ["d1cv"],
  entityType: "technology",
  action: "DELETE",
  entityId: "jquery-1",
  payload: {},
  base: {},
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy,
  contributors: [createdBy],
  unseenEdit: null,
  createdAt: at,
});

const words = (actionItem: ActionItem): string => {
  if (actionItem.kind === "dead_letters") return `letters ${actionItem.count}`;
  if (actionItem.kind === "unreadable") return `unreadable ${actionItem.rows.length}`;
  return actionItem.kind === "commit"
    ? `commit ${actionItem.changes.map(({ number }) => number).join(",")}`
    : stepOf(actionItem);
};
const stepOf = ({ kind, commit }: Step): string => `${kind} ${commit.number}`;

/** For each person: what they can do, what is on its way, what waits for others. */
const seenBy = (person: Person | "viewer", specs: Spec[], more: Partial<Open> = {}) => {
  const outlook = outlookOf(openWith(person === "viewer" ? "U0VIEWER" : people[person], specs, more));
  return {
    actionItems: outlook.actionItems.map(words),
    onTheWay: outlook.onTheWay.map(({ commit, percent }) => `${commit.number} ${percent}`),
    waiting: outlook.waiting.map((step) => `${stepOf(step)} ${step.who.join(",")}`),
  };
};

const both = `${people.approver},${people.second},${people.admin}`;

describe("the next step of one commit", () => {
  test.each<
    [string, Spec, Partial<Open>, Partial<Record<Person | "viewer", [actionItems: string[], waiting: string[]]>>]
  >([
    [
      "a draft is its author's alone",
      { review: "draft" },
      {},
      { author: [["ask 1"], []], other: [[], []], approver: [[], []], admin: [[], []], viewer: [[], []] },
    ],
    [
      "in review it waits for those who may approve it",
      { review: "in_review" },
      {},
      {
        author: [[], [`approve 1 ${both}`]],
        approver: [["approve 1"], []],
        admin: [["approve 1"], []],
        viewer: [[], [`approve 1 ${both}`]],
      },
    ],
    [
      "an approver does not approve their own",
      { review: "in_review", by: people.approver },
      {},
      { approver: [[], [`approve 1 ${people.second},${people.admin}`]], second: [["approve 1"], []] },
    ],
    [
      "in solo mode they do",
      { review: "in_review", by: people.approver },
      { mode: "solo" },
      { approver: [["approve 1"], []] },
    ],
    [
      "an author who may not approve does not in solo mode either",
      { review: "in_review" },
      { mode: "solo" },
      { author: [[], [`approve 1 ${both}`]] },
    ],
    [
      "who has approved waits for the others",
      { review: "in_review", decisions: [[people.approver, "approved"]] },
      { approvalsNeeded: 2 },
      { approver: [[], [`approve 1 ${people.second},${people.admin}`]], second: [["approve 1"], []] },
    ],
    [
      "an approval of another content does not count",
      { review: "in_review", decisions: [[people.approver, "approved", "before the edit"]] },
      { approvalsNeeded: 2 },
      { approver: [["approve 1"], []] },
    ],
    [
      "when nobody can approve it, an admin has to do something",
      { review: "in_review", by: people.admin },
      { members: [{ userId: people.admin, role: "admin" }] },
      { admin: [["unblock 1"], []], author: [[], [`unblock 1 ${people.admin}`]] },
    ],
    [
      "when too few can, those who can are still asked",
      { review: "in_review" },
      { approvalsNeeded: 4 },
      { approver: [["approve 1"], [`unblock 1 ${people.admin}`]], admin: [["approve 1", "unblock 1"], []] },
    ],
    [
      "approved, it is pushed by an approver",
      { review: "approved" },
      {},
      { approver: [["push 1"], []], author: [[], [`push 1 ${both}`]], viewer: [[], [`push 1 ${both}`]] },
    ],
    [
      "applied at one target, it is pushed to the other",
      { review: "approved", at: ["applied", "pending"] },
      {},
      { approver: [["push 1"], []] },
    ],
    [
      "failed, it is retried",
      { review: "approved", at: ["failed", "pending"] },
      {},
      { approver: [["retry 1"], []], author: [[], [`retry 1 ${both}`]] },
    ],
    [
      "a push that went silent is retried, though the next target still waits",
      { review: "approved", at: ["failed", "pending"], jobs: ["timeout", "pending"] },
      {},
      { approver: [["retry 1"], []] },
    ],
    [
      "rejected, it is its author's",
      { review: "rejected", decisions: [[people.approver, "rejected"]] },
      {},
      { author: [["revise 1"], []], approver: [[], [`revise 1 ${people.author}`]] },
    ],
    ["closed, it is nobody's", { review: "dropped" }, {}, { author: [[], []], admin: [[], []] }],
    ["reopened, it is nobody's", { review: "reopened" }, {}, { author: [[], []], admin: [[], []] }],
    [
      "applied everywhere, it is nobody's",
      { review: "approved", at: ["applied", "applied"] },
      {},
      { approver: [[], []], author: [[], []] },
    ],
  ])("action items and waiting items of each person: %s", (_name, spec, more, expected) => {
    for (const [person, [actionItems, waiting]] of Object.entries(expected)) {
      expect({ person, ...seenBy(person as Person, [spec], more) }).toEqual({
        person,
        actionItems,
        waiting,
        onTheWay: [],
      });
    }
  });
});

test("action items come by urgency, then age, with one's staged changes last", () => {
  const specs: Spec[] = [
    { number: 9, review: "draft", by: people.admin },
    { number: 8, review: "rejected", by: people.admin },
    { number: 7, review: "approved" },
    { number: 6, review: "in_review" },
    { number: 5, review: "approved", at: ["failed", "pending"] },
    { number: 4, review: "in_review" },
  ];
  const staged = [changeOf(3, people.admin), changeOf(4, people.author), changeOf(5, people.admin)];
  expect(seenBy("admin", specs, { staged }).actionItems).toEqual([
    "retry 5",
    "approve 4",
    "approve 6",
    "push 7",
    "revise 8",
    "ask 9",
    "commit 3,5",
  ]);
});

test("a viewer has no action items, even for what they made in an earlier role", () => {
  const viewer = "U0VIEWER";
  const specs: Spec[] = [
    { review: "draft", by: viewer },
    { review: "rejected", by: viewer },
  ];
  expect(seenBy("viewer", specs, { staged: [changeOf(1, viewer)] }).actionItems).toEqual([]);
});

test("the first admin has action items without a row of members", () => {
  const open = { members: members.slice(0, 4), role: "admin" as const };
  expect(seenBy("admin", [{ review: "in_review" }, { review: "approved" }], open).actionItems).toEqual([
    "approve 1",
    "push 2",
  ]);
});

test("a push in progress is nobody's action item, and shows its percent", () => {
  const specs: Spec[] = [
    { review: "approved", at: ["in_flight", "pending"], jobs: ["processing", "pending"] },
    { review: "approved", at: ["applied", "in_flight"], jobs: ["completed", "processing"] },
  ];
  expect(seenBy("approver", specs)).toEqual({ actionItems: [], onTheWay: ["1 20", "2 70"], waiting: [] });
});

test("a retry says whether its outcome is unknown, and a rejection who gave which reason", () => {
  const unknown = outlookOf(
    openWith(people.approver, [{ review: "approved", at: ["failed", "pending"], jobs: ["timeout"] }]),
  ).actionItems[0];
  const failed = outlookOf(openWith(people.approver, [{ review: "approved", at: ["failed", "pending"] }]))
    .actionItems[0];
  expect([unknown, failed]).toMatchObject([{ isUnknown: true }, { isUnknown: false }]);
  const rejected = outlookOf(
    openWith(people.author, [{ review: "rejected", decisions: [[people.second, "rejected"]] }]),
  ).actionItems[0];
  expect(rejected).toMatchObject({ rejection: { decidedBy: people.second, reason: "too much" } });
});

test.each<[Pick<Job, "state" | "percent">[], number]>([
  [[], 0],
  [[{ state: "processing", percent: 33.4 }], 33],
  // A retry starts at nothing, whatever the attempt before had got to.
  [
    [
      { state: "completed", percent: 0 },
      { state: "pending", percent: 90 },
    ],
    50,
  ],
])("the percent of a push with the jobs %j is %d", (jobs, percent) => {
  expect(percentOf(jobs)).toBe(percent);
});

describe("undelivered messages", () => {
  test("undelivered messages come first for an admin, and are nobody else's action items", () => {
    const specs: Spec[] = [{ review: "in_review" }];
    expect(seenBy("admin", specs, { deadLetters: 2 }).actionItems).toEqual(["letters 2", "approve 1"]);
    expect(seenBy("admin", specs, { deadLetters: 0 }).actionItems).toEqual(["approve 1"]);
    for (const person of ["author", "approver", "viewer"] as const) {
      expect(seenBy(person, [], { deadLetters: 2 }).actionItems).toEqual([]);
    }
  });
});
