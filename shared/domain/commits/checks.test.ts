import { describe, expect, test } from "vitest";
import { type Check, type PushFacts, checksOf, isClear, nextStep } from "./checks.ts";
import type { Conflict } from "./conflict.ts";
import type { Approval } from "./commit.ts";
import type { JobState } from "../states.ts";

const at = "2026-11-23T08:00:00.000Z";
const members = [
  { userId: "author", role: "editor" },
  { userId: "reviewer", role: "approver" },
  { userId: "second", role: "approver" },
  { userId: "admin", role: "admin" },
] as const;
const reader = (userId: "viewer" | "author" | "reviewer" | "second" | "admin"): PushFacts["reader"] => ({
  userId,
  role: members.find((member) => member.userId === userId)?.role ?? "viewer",
});
const commit = (review: PushFacts["commit"]["review"]): PushFacts["commit"] => ({
  number: 4,
  review,
  createdBy: "author",
});
const tooLarge = () => ({ ...job("failed"), errorCode: "too_large" });

const both = (state: "pending" | "in_flight" | "applied" | "failed") =>
  [
    { target: "d1cv", state },
    { target: "ai-agent", state: state === "applied" ? state : "pending" },
  ] as const;
const job = (state: JobState, target = "d1cv", dispatchedAt: string | null = at) => ({
  target,
  state,
  dispatchedAt,
  errorCode: null as string | null,
  errorMessage: state === "failed" || state === "timeout" ? "no space" : null,
});
const drift = (kind: "gone" | "not_yet" | "changed"): Conflict => ({
  targets: ["d1cv"],
  entityType: "technology",
  entityId: "python-1",
  name: "Python",
  action: "UPDATE",
  kind,
  fields: kind === "changed" ? [{ field: "experience_years", base: 5, live: 7, yours: 8 }] : [],
});

const approval = (decidedBy: string, commitHash = "h"): Approval => ({
  commitId: "c",
  commitHash,
  decision: "approved",
  reason: null,
  decidedBy,
  decidedAt: at,
});
/** By members; `stranger` has no role any more. */
const judged = (
  approvedBy: string[],
  needed = 1,
  reviewers = ["reviewer", "second", "admin"],
): PushFacts["judgement"] => ({
  counted: approvedBy.filter((userId) => userId !== "stranger").map((userId) => approval(userId)),
  voided: approvedBy
    .filter((userId) => userId === "stranger")
    .map((userId) => ({ approval: approval(userId), because: "not_approver" as const })),
  needed,
  reviewers,
});

/** Approved, never pushed, both targets there; read by somebody who may push. */
const ready: PushFacts = {
  commit: commit("approved"),
  reader: reader("reviewer"),
  members,
  judgement: judged(["reviewer"]),
  changes: 2,
  targets: both("pending"),
  jobs: [],
  superseded: { by: [], isOnItsWay: false },
  oversized: [],
  answers: [
    { target: "d1cv", conflicts: [] },
    { target: "ai-agent", conflicts: [] },
  ],
};
const check = (facts: Partial<PushFacts>, name: Check["name"]): Check | undefined =>
  checksOf({ ...ready, ...facts }).find((each) => each.name === name);

test("a commit that is ready passes every check, in the order of the steps", () => {
  const checks = checksOf(ready);
  expect(checks.map(({ name }) => name)).toEqual([
    "content",
    "review",
    "approvals",
    "permission",
    "no_push_on_its_way",
    "last_outcome",
    "reachable",
    "reachable",
    "no_drift",
    "no_drift",
    "not_superseded",
    "fits",
    "not_applied",
  ]);
  expect(isClear(checks)).toBe(true);
  expect(nextStep(checks)).toBeNull();
});

const newerOne = {
  target: "d1cv",
  commitNumber: 5,
  entityType: "technology" as const,
  entityId: "python-1",
  fields: ["level"],
};
const undecided = { commit: commit("in_review"), judgement: judged([]) } as const;
const draft = { commit: commit("draft"), judgement: judged([]) } as const;
const rejected = { commit: commit("rejected"), judgement: judged([]) } as const;

test.each<[string, Partial<PushFacts>, Check["name"], object]>([
  ["nothing to apply", { targets: [] }, "content", { state: "blocked", who: [], command: null, closed: null }],
  [
    "a newer commit on its way",
    { superseded: { by: [newerOne], isOnItsWay: true } },
    "not_superseded",
    { state: "blocked", who: [], command: null, mine: false },
  ],
  [
    "a newer commit applied, to its author",
    { superseded: { by: [newerOne], isOnItsWay: false }, reader: reader("author") },
    "not_superseded",
    { state: "blocked", command: "reopen 4", mine: true },
  ],
  ["dropped", { commit: commit("dropped") }, "content", { state: "blocked", closed: "dropped", command: null }],
  ["reopened", { commit: commit("reopened") }, "review", { state: "blocked", command: null, mine: false }],
  [
    "a draft, to its author",
    { ...draft, reader: reader("author") },
    "review",
    { state: "blocked", who: ["author"], command: "review 4", mine: true },
  ],
  ["a draft, to an approver", draft, "review", { state: "blocked", role: "admin", mine: false }],
  ["a draft, to an admin", { ...draft, reader: reader("admin") }, "review", { mine: true }],
  [
    "rejected, to its author",
    { ...rejected, reader: reader("author") },
    "review",
    { state: "blocked", command: "reopen 4", mine: true },
  ],
  ["in review", undecided, "review", { state: "open" }],
  [
    "in review, to an approver",
    undecided,
    "approvals",
    { state: "blocked", given: [], needed: 1, who: ["reviewer", "second", "admin"], command: "approve 4", mine: true },
  ],
  [
    "in review, to its author",
    { ...undecided, reader: reader("author") },
    "approvals",
    { state: "blocked", mine: false },
  ],
  [
    "approved by one of two, to that one",
    { ...undecided, judgement: judged(["reviewer"], 2) },
    "approvals",
    { state: "blocked", given: ["reviewer"], needed: 2, who: ["second", "admin"], mine: false },
  ],
  [
    "approved by one of two, to another",
    { ...undecided, judgement: judged(["reviewer"], 2), reader: reader("second") },
    "approvals",
    { mine: true },
  ],
  ["a draft nobody can approve yet", { ...draft }, "approvals", { state: "blocked", mine: false }],
  [
    "nobody who may approve, to an approver",
    { ...undecided, judgement: judged([], 1, []) },
    "approvals",
    { state: "blocked", who: [], role: "admin", command: "roles", mine: false },
  ],
  [
    "nobody who may approve, to an admin",
    { ...undecided, judgement: judged([], 1, []), reader: reader("admin") },
    "approvals",
    { command: "roles", mine: true },
  ],
  [
    "an approval by somebody who may not any more",
    { ...undecided, judgement: judged(["stranger"]) },
    "approvals",
    { state: "blocked", given: [], voided: [{ userId: "stranger", because: "not_approver" }], mine: true },
  ],
  [
    "a reader who may not push",
    { reader: reader("author") },
    "permission",
    { state: "blocked", who: ["reviewer", "second", "admin"], readerRole: "editor", mine: false },
  ],
  [
    "a job that is being sent",
    { jobs: [job("pending")] },
    "no_push_on_its_way",
    { state: "blocked", target: "d1cv", since: at, command: "cancel 4", mine: true },
  ],
  [
    "a job in progress, to an editor",
    { jobs: [job("processing")], reader: reader("author") },
    "no_push_on_its_way",
    { state: "blocked", who: ["reviewer", "second", "admin"], mine: false },
  ],
  [
    "a job that waits behind a failed one",
    { jobs: [job("failed"), job("pending", "ai-agent", null)] },
    "no_push_on_its_way",
    { state: "open" },
  ],
  ["a job that was cancelled", { jobs: [job("cancelled")] }, "no_push_on_its_way", { state: "open" }],
  [
    "a failure",
    { jobs: [job("failed")], targets: both("failed") },
    "last_outcome",
    { state: "blocked", target: "d1cv", error: "no space", command: "retry 4", mine: true },
  ],
  [
    "a refusal for its size, to the author",
    { jobs: [tooLarge()], targets: both("failed"), reader: reader("author") },
    "last_outcome",
    { state: "blocked", target: "d1cv", refusedSize: true, command: "reopen 4", mine: true },
  ],
  [
    "a refusal for its size after another target has applied it",
    {
      jobs: [tooLarge()],
      targets: [
        { target: "d1cv", state: "failed" },
        { target: "ai-agent", state: "applied" },
      ],
    },
    "last_outcome",
    { state: "blocked", refusedSize: true, command: null, mine: false },
  ],
  [
    "an unknown outcome",
    { jobs: [job("timeout")], targets: both("failed") },
    "last_outcome",
    { state: "unknown", command: "retry 4" },
  ],
  ["an unknown outcome", { jobs: [job("timeout")], targets: both("failed") }, "no_push_on_its_way", { state: "open" }],
  [
    "a failure before a cancelled push",
    { jobs: [job("failed"), job("cancelled")] },
    "last_outcome",
    { state: "blocked" },
  ],
  [
    "a failure that a newer push has left behind",
    { jobs: [job("failed"), job("processing")] },
    "last_outcome",
    { state: "open" },
  ],
  [
    "a failure where it is applied by now",
    { jobs: [job("failed")], targets: both("applied") },
    "last_outcome",
    { state: "open" },
  ],
  [
    "a target that gives no answer",
    { answers: [{ target: "d1cv", problem: "gave no answer" }] },
    "reachable",
    { state: "note", target: "d1cv", problem: "gave no answer", downSince: null, command: null },
  ],
  [
    "a target that gives no answer",
    { answers: [{ target: "d1cv", problem: "gave no answer" }] },
    "no_drift",
    { state: "note", conflicts: [], count: 0 },
  ],
  [
    "a target that answers, but not to pushes",
    { answers: [{ target: "d1cv", conflicts: [], downSince: at }] },
    "reachable",
    { state: "note", problem: null, downSince: at },
  ],
  [
    "a row that somebody changed, to its author",
    { answers: [{ target: "d1cv", conflicts: [drift("changed")] }], reader: reader("author") },
    "no_drift",
    {
      state: "blocked",
      command: "resolve 4",
      mine: true,
      count: 1,
      conflicts: [{ fields: [{ field: "experience_years" }] }],
    },
  ],
  [
    "a row that is gone, where another target has the commit",
    {
      answers: [{ target: "ai-agent", conflicts: [drift("gone")] }],
      targets: [
        { target: "d1cv", state: "applied" },
        { target: "ai-agent", state: "pending" },
      ],
      reader: reader("author"),
    },
    "no_drift",
    { state: "blocked", command: "resolve 4", mine: true },
  ],
  [
    "a row that somebody changed, while the outcome of a push is unknown",
    {
      answers: [{ target: "d1cv", conflicts: [drift("changed")] }],
      jobs: [job("timeout")],
      reader: reader("author"),
    },
    "no_drift",
    { state: "blocked", command: null, mine: false },
  ],
  [
    "a row that another commit makes",
    { answers: [{ target: "d1cv", conflicts: [drift("not_yet")] }], reader: reader("author") },
    "no_drift",
    { state: "blocked", command: null },
  ],
  [
    "an apply to one of two",
    {
      targets: [
        { target: "d1cv", state: "applied" },
        { target: "ai-agent", state: "pending" },
      ],
    },
    "not_applied",
    { state: "open", applied: ["d1cv"] },
  ],
  [
    "an apply everywhere",
    { targets: both("applied"), answers: [] },
    "not_applied",
    { state: "blocked", applied: ["d1cv", "ai-agent"], command: null },
  ],
])("the checks before a push explain: %s (%#)", (_what, facts, name, expected) => {
  expect(check(facts, name)).toMatchObject(expected);
});

describe("the next step", () => {
  test.each<[string, Partial<PushFacts>, string | null]>([
    ["of an author with a draft", { ...draft, reader: reader("author") }, "review 4"],
    ["of an approver with a draft of somebody else", draft, null],
    ["of an approver in review", undecided, "approve 4"],
    ["of a viewer", { ...undecided, reader: reader("viewer") }, null],
    ["of an approver after a failure", { jobs: [job("failed")], targets: both("failed") }, "retry 4"],
  ])("the next step %s is the command that they may use", (_who, facts, command) => {
    const checks = checksOf({ ...ready, ...facts });
    expect(isClear(checks)).toBe(false);
    expect(nextStep(checks)?.command ?? null).toBe(command);
  });
});
