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

describe("in review", () => {
  test("an approver may decide, and is told why it cannot be pushed yet", () => {
    expect(offered(commitWith(), null, priya)).toEqual([
      "approve",
      "reject",
      "push all (blocked)",
      "push d1cv (blocked)",
      "push ai-agent (blocked)",
    ]);
  });

  test("the author is offered to ask again, reopen and drop; and nobody's approval of their own", () => {
    expect(offered(commitWith(), null, avery)).toEqual(["review", "reopen", "drop"]);
    const own = offersFor(commitWith({ author: "U0PRIYA01" }), null, priya);
    expect(own[0]).toEqual({ name: "approve", blocked: "You wrote it, so somebody else has to approve it." });
  });

  test("in solo mode the author may approve", () => {
    expect(offered(commitWith({ author: "U0PRIYA01" }), null, as("U0PRIYA01", approver, "solo"))).toContain("approve");
  });

  test("who has approved it already waits for the others", () => {
    const approvals = [{ decision: "approved", reason: null, by: "U0PRIYA01", at: "", counts: true }] as const;
    expect(offered(commitWith({ approvals: [...approvals] }), null, priya)).toContain("approve (blocked)");
  });
});

describe("approved", () => {
  const approved = commitWith({ review: "approved" });

  test("it can be pushed to all, or to one target", () => {
    expect(offered(approved, checksWith(), priya)).toEqual(["push all", "push d1cv", "push ai-agent"]);
  });

  test("a gate of one target leaves the other open, and says itself why", () => {
    const drifts = [{ name: "Python", kind: "gone", fields: [] }];
    const checks = checksWith({ about: { target: "d1cv", drifts } });
    expect(offered(approved, checks, priya)).toEqual(["push all (blocked)", "push d1cv (blocked)", "push ai-agent"]);
    expect(offersFor(approved, checks, priya)[0]?.blocked).toBe(
      "d1cv has changed since: Python does not exist any more.",
    );
  });

  test("what is applied already is not offered again", () => {
    const targets = approved.targets.map((each) =>
      each.target === "d1cv" ? { ...each, state: "applied" as const } : each,
    );
    const half = { ...approved, status: "applied_d1cv", targets };
    expect(offered(half, checksWith(), priya)).toEqual(["push ai-agent"]);
  });

  test("while it is on its way it can be cancelled, and not pushed, reopened or dropped", () => {
    const targets = approved.targets.map((target) => ({ ...target, state: "in_flight" as const }));
    const moving = { ...approved, targets, pushes: [pushWith()] };
    expect(offered(moving, null, priya)).toEqual(["cancel"]);
    expect(offered(moving, null, avery)).toEqual([]);
  });

  test("what has failed can be tried again", () => {
    const failed = pushWith({ state: "failed", jobs: [jobWith({ state: "failed" })] });
    expect(offered({ ...approved, status: "failed", pushes: [failed] }, null, priya)).toEqual(["retry"]);
  });
});

test("with a commit that is closed nothing can be done", () => {
  expect(offered(commitWith({ review: "dropped" }), null, priya)).toEqual([]);
  expect(offered(commitWith({ review: "reopened" }), null, avery)).toEqual([]);
});
