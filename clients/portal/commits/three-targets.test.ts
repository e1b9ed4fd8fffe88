import { expect, test } from "vitest";
import type { Checks } from "../data/queries.ts";
import { commitState } from "../components/state.tsx";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { apiCheckMessage } from "../../../shared/messages/api-check.ts";
import { fullTime } from "../messages/times.ts";
import { commitWith } from "../testing/examples.ts";
import { offersFor } from "./offered.ts";

const targets = ["blog", "search-engine", "archive"].map((target) => ({
  target,
  state: "pending" as const,
  error: null,
  appliedAt: null,
  operations: [],
}));
const commit = commitWith({ review: "approved", targets });
const reader = { me: { userId: "U1", permissions: ["push"], mode: "team" as const }, nameOf: (id: string) => id };

test("a push is offered to all of three targets, and to each by name", () => {
  expect(offersFor(commit, null, reader).map(({ scope }) => scope)).toEqual([
    "all",
    "blog",
    "search-engine",
    "archive",
  ]);
});

test("a commit's state names the targets where it is applied", () => {
  expect(commitState({ review: "approved", status: "applied_blog_engine", drifted: [] }).text).toBe(
    "Applied to blog, engine",
  );
});

test("a check of one target blocks a push to all and to that target only", () => {
  const about = {
    target: "search-engine",
    conflicts: [{ name: "Python", kind: "gone", action: "UPDATE", targets: ["search-engine"], fields: [] }],
  };
  const check = { name: "no_drift", state: "blocked", who: [], role: null, mine: false, about } as const;
  const said = plainText(apiCheckMessage({ ...check, who: [] }), { nameOf: reader.nameOf, moment: fullTime });
  expect(said).toBe("search-engine has changed since: Python is gone.");
  const checks = { commit, clear: false, targets: [], checks: [{ ...check, who: [] }] } as unknown as Checks;
  expect(offersFor(commit, checks, reader).flatMap(({ scope, blocked }) => (blocked === null ? [scope] : []))).toEqual([
    "blog",
    "archive",
  ]);
});

test("a commit of which a conflict is known is called so, and its push is blocked there before the checks are read", () => {
  const known = { ...commit, drifted: ["search-engine"] };
  expect(commitState(known)).toEqual({ text: "Approved, in conflict", tone: "bad" });
  const possible = offersFor(known, null, reader).flatMap(({ scope, blocked }) => (blocked === null ? [scope] : []));
  expect(possible).toEqual(["blog", "archive"]);
});
