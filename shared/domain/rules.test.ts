import { describe, expect, test } from "vitest";
import type { Base } from "./staging/change.ts";
import { closest } from "./closest.ts";
import { hasStarted } from "./commits/commit.ts";
import { isVerified, isWaiting } from "./pushes/push.ts";
import { includes, may, permissionNames, roles } from "./workspace/roles.ts";
import { slugOf } from "./staging/slug.ts";
import { type CommitTargetState, stateNames } from "./states.ts";
import { summaryOfChange } from "./staging/summary.ts";
import type { Change } from "./staging/change.ts";

describe("the closest word", () => {
  const words = ["experience_years", "name", "level", "is_featured"];
  test.each([
    ["experiance_years", "experience_years"],
    ["NAME", "name"],
    ["nme", "name"],
    ["levl", "level"],
    ["experiecne_yaers", "experience_years"],
    ["lvele", null],
    ["featured", "is_featured"],
    ["xyz", null],
    ["", null],
    ["salary", null],
  ])("the closest word to %j is %j", (typed, expected) => {
    expect(closest(typed, words)).toBe(expected);
  });

  test("there is no closest word when there are no candidates", () => {
    expect(closest("name", [])).toBeNull();
  });
});

describe("a slug", () => {
  test.each([
    ["Vite & friends", "vite-friends"],
    ["Café Übersee", "cafe-ubersee"],
    ["C++", "c"],
    ["日本", "row"],
    ["", "row"],
    [`${"a".repeat(39)} b`, "a".repeat(39)],
  ])("the slug of %j is %j", (text, expected) => {
    expect(slugOf(text)).toBe(expected);
  });
});

describe("a summary", () => {
  const python: Base = { seen: "row", version: "1", values: { name: "Python", experience_years: 5, summary: null } };
  const of = (overrides: Partial<Change>): string =>
    summaryOfChange({
      id: "change-1",
      number: 1,
      state: "staged",
      commitId: null,
      targets: Object.keys(overrides.base ?? { d1cv: python }),
      note: null,
      permalink: null,
      sourceAuthor: null,
      createdBy: "U",
      contributors: ["U"],
      unseenEdit: null,
      createdAt: "2026-11-23T08:00:00.000Z",
      entityType: "technology",
      entityId: "python-1",
      action: "UPDATE",
      payload: {},
      base: { d1cv: python },
      ...overrides,
    });

  test.each<[string, Partial<Change>, string]>([
    ["of an update shows before and after", { payload: { experience_years: 8 } }, "Python: experience_years 5 → 8"],
    ["calls an empty value empty", { payload: { experience_years: null } }, "Python: experience_years 5 → empty"],
    [
      "shows three fields and counts the rest",
      { payload: { a: "1", b: "2", c: "3", d: "4", e: "5" } },
      "Python: a empty → 1, b empty → 2, c empty → 3 and 2 more",
    ],
    ["shortens long values", { payload: { summary: "x".repeat(60) } }, `Python: summary empty → ${"x".repeat(39)}…`],
    ["keeps to one line", { payload: { summary: "a\nb" } }, "Python: summary empty → a b"],
    [
      "of a new row names it",
      { action: "CREATE", payload: { name: "Rust" }, base: { d1cv: { seen: "absent" } } },
      "New technology: Rust",
    ],
    ["of a removal names what goes", { action: "DELETE" }, "Remove technology: Python"],
    [
      "falls back to the id where the row could not be seen",
      { base: { d1cv: { seen: "unknown" } }, payload: { experience_years: 8 } },
      "python-1: experience_years → 8",
    ],
    [
      "says at which target the value before is unknown",
      { base: { d1cv: { seen: "unknown" }, "ai-agent": python }, payload: { experience_years: 8 } },
      "Python: experience_years → 8 at d1cv; Python: experience_years 5 → 8 at ai-agent",
    ],
    [
      "never calls a row that could not be seen by the name that it is to get",
      { base: { d1cv: { seen: "unknown" } }, payload: { name: "Rust" } },
      "python-1: name → Rust",
    ],
    [
      "shows two long values from where they differ",
      {
        base: { d1cv: { seen: "row", version: "1", values: { name: "Python", summary: `${"x".repeat(60)} 9` } } },
        payload: { summary: `${"x".repeat(60)} 44` },
      },
      "Python: summary …xxxxxxxxx 9 → …xxxxxxxxx 44",
    ],
    [
      "says so where only spaces differ",
      {
        base: { d1cv: { seen: "row", version: "1", values: { name: "Python", summary: "a b" } } },
        payload: { summary: "a\nb" },
      },
      "Python: summary differs in its spaces or items",
    ],
  ])("a change's one-line summary %s", (_name, described, expected) => {
    expect(of(described)).toBe(expected);
  });
});

describe("roles", () => {
  const allowed = Object.fromEntries(
    roles.map((role) => [role, permissionNames.filter((permission) => may(role, permission))]),
  );

  test("each role has the permissions of the design's table", () => {
    const viewer = ["read", "ownTokens"];
    const editor = [...viewer, "stage", "commit", "requestReview", "resolve", "dropOwn", "tokens"];
    const approver = [...editor, "approve", "reject", "push", "retry", "cancel", "verify", "reindex"];
    expect(allowed).toEqual({
      viewer,
      editor,
      approver,
      admin: [...approver, "changeOthers", "settings", "roles", "deadLetters", "webhooks", "targets"],
    });
  });

  test("each role includes the roles before it", () => {
    expect(roles.map((role) => roles.filter((needed) => includes(role, needed)))).toEqual([
      ["viewer"],
      ["viewer", "editor"],
      ["viewer", "editor", "approver"],
      ["viewer", "editor", "approver", "admin"],
    ]);
  });
});

test("a commit has started once a target is applied or in flight", () => {
  const started = (state: CommitTargetState): boolean => hasStarted([{ state: "pending" }, { state }]);
  expect(stateNames("commit_target").filter(started)).toEqual(["in_flight", "applied"]);
});

test("a job waits while it is pending and was never dispatched", () => {
  expect(isWaiting({ state: "pending", dispatchedAt: null })).toBe(true);
  expect(isWaiting({ state: "pending", dispatchedAt: "2026-11-23T08:00:00.000Z" })).toBe(false);
  expect(isWaiting({ state: "cancelled", dispatchedAt: null })).toBe(false);
});

test("a push is verified when every target is, and not without any", () => {
  expect(isVerified([{ verifiedAt: "x" }, { verifiedAt: "y" }])).toBe(true);
  expect(isVerified([{ verifiedAt: "x" }, { verifiedAt: null }])).toBe(false);
  expect(isVerified([])).toBe(false);
});
