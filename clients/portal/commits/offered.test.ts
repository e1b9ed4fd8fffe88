import { describe, expect, test } from "vitest";
import type { Check, Checks } from "../data/queries.ts";
import { commitWith, jobWith, pushWith } from "../testing/examples.ts";
import { offersFor } from "./offered.ts";

const editor = ["read", "stage", "commit", "requestReview", "dropOwn"];
const approver = [...editor, "approve", "reject", "push", "retry", "cancel"];
const names: Record<string, string> = { U0AVERY01: "Avery", U0PRIYA01: "Priya" };
const as = (userId: string, permissions: string[], mode: "team" | "solo" = "team") => ({
  me: { userId, permissions, mode },
  nameOf: (id: string) => names[id] ?? id,
});
const avery = as("U0AVERY01", editor);
const priya = as("U0PRIYA01", approver);

const checksWith = (...checks: Partial<Check>[]): Checks => ({
  commit: commitWith().number,
  clear: checks.length === 0,
  targets: ["d1cv", "ai-agent"],
  checks: checks.map((check) => ({
    name: "no_drift",
    state: "blocked",
    who: [],
    role: null,
    mine: false,
    about: {},
    ...check,
  })),
});

/** "approve", "push all (blocked)" */
const offered = (...[commit, checks, reader]: Parameters<typeof offersFor>): string[] =>
  offersFor(commit, checks, reader).map(
    ({ name, scope, blocked }) => `${name}${scope ? ` ${scope}` : ""}${blocked === null ? "" : " (blocked)"}`,
  );

describe("a commit in review", () => {
  test("a commit in review offers an approver the decision, with pushes blocked", () => {
    expect(offered(commitWith(), null, priya)).toEqual([
      "approve",
      "reject",
      "push all (blocked)",
      "push d1cv (blocked)",
      "push ai-agent (blocked)",
    ]);
  });

  test("a commit in review offers its author review, reopen and drop, but no approval", () => {
    expect(offered(commitWith(), null, avery)).toEqual(["review", "reopen", "drop"]);
    const own = offersFor(commitWith({ author: "U0PRIYA01" }), null, priya);
    expect(own[0]).toEqual({ name: "approve", blocked: "You wrote it, so somebody else has to approve it." });
  });

  test("a commit in review offers no approval to somebody who has edited a change of it", () => {
    const [edited] = offersFor(commitWith({ contributors: ["U0AVERY01", "U0PRIYA01"] }), null, priya);
    const blocked = "You have edited a change of it, so somebody else has to approve it.";
    expect(edited).toEqual({ name: "approve", blocked });
  });

  test("a commit in review offers its author the approval in solo mode", () => {
    expect(offered(commitWith({ author: "U0PRIYA01" }), null, as("U0PRIYA01", approver, "solo"))).toContain("approve");
  });

  test("a commit in review blocks another approval by the same approver", () => {
    const approvals = [
      { decision: "approved", reason: null, by: "U0PRIYA01", at: "", counts: true, void: null },
    ] as const;
    expect(offered(commitWith({ approvals: [...approvals] }), null, priya)).toContain("approve (blocked)");
  });
});

describe("an approved commit", () => {
  const approved = commitWith({ review: "approved" });

  test("an approved commit offers a push to all or to one target", () => {
    expect(offered(approved, checksWith(), priya)).toEqual(["push all", "push d1cv", "push ai-agent"]);
  });

  test("a failed check of one target blocks its push, but not the other target's", () => {
    const conflicts = [{ name: "Python", kind: "gone", action: "UPDATE", targets: ["d1cv"], fields: [] }];
    const checks = checksWith({ about: { target: "d1cv", conflicts, count: 1 } });
    expect(offered(approved, checks, priya)).toEqual(["push all (blocked)", "push d1cv (blocked)", "push ai-agent"]);
    expect(offersFor(approved, checks, priya)[0]?.blocked).toBe("d1cv has changed since: Python is gone.");
  });

  test("a target that is applied already is not offered another push", () => {
    const targets = approved.targets.map((each) =>
      each.target === "d1cv" ? { ...each, state: "applied" as const } : each,
    );
    const half = { ...approved, status: "applied_d1cv", targets };
    expect(offered(half, checksWith(), priya)).toEqual(["push ai-agent"]);
  });

  test("a push in progress offers to cancel, and no push, reopen or drop", () => {
    const targets = approved.targets.map((target) => ({ ...target, state: "in_flight" as const }));
    const moving = { ...approved, targets, pushes: [pushWith()] };
    expect(offered(moving, null, priya)).toEqual(["cancel"]);
    expect(offered(moving, null, avery)).toEqual([]);
  });

  test("a failed push offers a retry", () => {
    const failed = pushWith({ state: "failed", jobs: [jobWith({ state: "failed" })] });
    expect(offered({ ...approved, status: "failed", pushes: [failed] }, null, priya)).toEqual(["retry"]);
  });

  test("a commit that a target has refused as too large offers no retry, and its author may reopen it", () => {
    const error = { code: "too_large", message: "answered 413" };
    const refused = pushWith({ state: "failed", jobs: [jobWith({ state: "failed", error })] });
    const targets = approved.targets.map((each) => ({ ...each, state: "failed" as const }));
    const commit = { ...approved, targets, status: "failed", pushes: [refused] };
    expect(offered(commit, null, priya)).toEqual([]);
    expect(offered(commit, null, avery)).toEqual(["reopen", "drop"]);
  });
});

test("a closed commit offers no action at all", () => {
  expect(offered(commitWith({ review: "dropped" }), null, priya)).toEqual([]);
  expect(offered(commitWith({ review: "reopened" }), null, avery)).toEqual([]);
});
