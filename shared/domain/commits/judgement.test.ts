import { describe, expect, test } from "vitest";
import type { Approval } from "./commit.ts";
import { type Judged, type Policy, judge, shownApprovals } from "./judgement.ts";

const members: Policy["members"] = [
  { userId: "author", role: "editor" },
  { userId: "priya", role: "approver" },
  { userId: "paul", role: "approver" },
  { userId: "carla", role: "admin" },
];
const team: Policy = { mode: "team", approvalsNeeded: 1, members };

const by = (decidedBy: string, more: Partial<Approval> = {}): Approval => ({
  commitId: "c",
  commitHash: "h",
  decision: "approved",
  reason: null,
  decidedBy,
  decidedAt: "2031-03-03T09:00:00.000Z",
  ...more,
});

const commit: Judged["commit"] = {
  id: "c",
  hash: "h",
  review: "approved",
  status: "pending",
  createdBy: "author",
  contributors: ["author", "carla"],
};

const judged = (approvals: Approval[], policy: Partial<Policy> = {}, more: Partial<Judged["commit"]> = {}) =>
  judge({ commit: { ...commit, ...more }, targets: [{ state: "pending" }], approvals }, { ...team, ...policy });

const reasons = (judgement: ReturnType<typeof judge>): string[] =>
  judgement.voided.map(({ approval, because }) => `${approval.decidedBy}: ${because}`);

describe("approvals are judged when they are used", () => {
  test("approvals count by today's role: whoever has none, or another, approves no more", () => {
    const judgement = judged([by("gone"), by("author"), by("priya")], { approvalsNeeded: 2 });
    expect(judgement.counted.map(({ decidedBy }) => decidedBy)).toEqual(["priya"]);
    expect(reasons(judgement)).toEqual(["gone: not_approver", "author: not_approver"]);
    expect(judgement).toMatchObject({ needed: 2, missing: 1, isApproved: false, review: "in_review" });
  });

  test("approvals count by today's policy: when more are needed, an approved commit is in review again", () => {
    expect(judged([by("priya")])).toMatchObject({ isApproved: true, review: "approved" });
    expect(judged([by("priya")], { approvalsNeeded: 2 })).toMatchObject({ missing: 1, review: "in_review" });
    expect(judged([by("priya"), by("paul")], { approvalsNeeded: 2 }, { review: "in_review" }).review).toBe("approved");
  });

  test("an approval by somebody with input in the content counts in solo mode only", () => {
    expect(reasons(judged([by("carla")]))).toEqual(["carla: contributor"]);
    const own = judged([by("carla")], {}, { createdBy: "carla" });
    expect(reasons(own)).toEqual(["carla: own"]);
    expect(judged([by("carla")], { mode: "solo" }, { createdBy: "carla" })).toMatchObject({ isApproved: true });
  });

  test("what is applied everywhere keeps the approvals of its content, whatever policy follows", () => {
    const approvals = [
      by("carla"),
      by("priya", { decision: "withdrawn" }),
      by("paul", { commitHash: "other" }),
      by("gone"),
    ];
    const of = { commit: { ...commit, status: "applied_all" }, targets: [{ state: "applied" as const }], approvals };
    const shown = shownApprovals({ ...of, judgement: judge(of, team) });
    expect(shown.counted.map(({ decidedBy }) => decidedBy)).toEqual(["carla", "gone"]);
    expect(shown.voided.map(({ because }) => because)).toEqual(["withdrawn", "other_content"]);
    const open = { ...of, commit, targets: [{ state: "pending" as const }] };
    expect(shownApprovals({ ...open, judgement: judge(open, team) }).counted).toEqual([]);
  });

  test("an approval that was withdrawn, or is of other content, or of another commit, does not count", () => {
    const withdrawn = by("priya", { decision: "withdrawn" });
    const other = by("paul", { commitHash: "h0" });
    const judgement = judged([withdrawn, other, by("priya", { commitId: "c2" }), by("paul", { decision: "rejected" })]);
    expect(reasons(judgement)).toEqual(["priya: withdrawn", "paul: other_content"]);
    expect(judgement.counted).toEqual([]);
  });

  test("reviewers are those who may approve today, without contributors in team mode", () => {
    expect(judged([]).reviewers).toEqual(["priya", "paul"]);
    expect(judged([], { mode: "solo" }).reviewers).toEqual(["priya", "paul", "carla"]);
  });

  test("a push that has begun finishes, and what is applied or decided otherwise stays so", () => {
    const moving = judge({ commit, targets: [{ state: "in_flight" }, { state: "pending" }], approvals: [] }, team);
    expect(moving).toMatchObject({ review: "approved", isApproved: false });
    expect(judged([], {}, { status: "applied_all" }).review).toBe("approved");
    for (const review of ["draft", "rejected", "dropped", "reopened"] as const) {
      expect(judged([by("priya")], {}, { review }).review).toBe(review);
    }
    const partly = judge({ commit, targets: [{ state: "applied" }, { state: "pending" }], approvals: [] }, team);
    expect(partly.review).toBe("in_review");
  });
});
