import { describe, expect, test } from "vitest";
import { ApiProblem } from "../../sdk/index.ts";
import { pushWith } from "../testing/examples.ts";
import { isFolded } from "../overview/lately-pushed.ts";
import { explainFailure } from "./failures.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { apiCheckMessage } from "../../../shared/messages/api-check.ts";
import { textDiff } from "./text-diff.ts";
import { timeAgo } from "./times.ts";
import { valueText } from "./format.ts";

const names: Record<string, string> = { U0AVERY01: "Avery", U0PRIYA01: "Priya" };
const nameOf = (id: string): string => names[id] ?? id;

describe("a refusal", () => {
  test("a refusal in the portal names people and the trace", () => {
    const said = { number: 1, reviewers: ["U0PRIYA01"] };
    const problem = new ApiProblem({
      ...said,
      status: 403,
      code: "self_approval",
      title: "",
      detail: "You wrote commit 1. Ask U0PRIYA01.",
      traceId: "ab12",
    });
    expect(explainFailure(problem, nameOf)).toEqual({
      text: "You wrote commit #1, so somebody else has to approve it: Priya.",
      detail: "Trace ab12",
    });
  });

  test("a refusal with an unknown code is shown in the server's message", () => {
    const problem = new ApiProblem({
      status: 409,
      code: "eclipse",
      title: "",
      detail: "The sun is gone.",
      traceId: null,
    });
    expect(explainFailure(problem, nameOf)).toEqual({ text: "The sun is gone.", detail: null });
    expect(explainFailure(new Error("Nobody answers"), nameOf).text).toBe("Nobody answers");
  });
});

describe("a check in words", () => {
  const check = { who: [], role: null, mine: false, about: {} };
  test("a check in the portal says who can clear it", () => {
    const approvals = {
      ...check,
      name: "approvals",
      state: "blocked" as const,
      who: ["U0PRIYA01"],
      about: { given: [], needed: 1 },
    };
    expect(plainText(apiCheckMessage(approvals), { nameOf })).toBe(
      "The commit has 0 of 1 approval. Priya can change that.",
    );
    const permission = {
      ...check,
      name: "permission",
      state: "blocked" as const,
      role: "approver" as const,
      about: { readerRole: "editor" },
    };
    expect(plainText(apiCheckMessage(permission), { nameOf })).toBe(
      "Only approvers may push; your role is editor. Ask an approver.",
    );
  });

  test("a check of an unknown kind or with unknown facts is still named", () => {
    expect(plainText(apiCheckMessage({ ...check, name: "full_moon", state: "blocked" }))).toBe("full moon");
    expect(
      plainText(apiCheckMessage({ ...check, name: "no_drift", state: "blocked", about: { conflicts: "many" } })),
    ).toContain("has changed");
  });
});

test("times and values in the portal are worded for people", () => {
  const nowMs = Date.parse("2031-03-03T09:00:00.000Z");
  const ago = (ms: number): string => timeAgo(new Date(nowMs - ms).toISOString(), nowMs);
  expect([20_000, 50_000, 300_000, 7_200_000, 90_000_000, 260_000_000].map(ago)).toEqual([
    "just now",
    "1 min ago",
    "5 min ago",
    "2 h ago",
    "yesterday",
    "3 days ago",
  ]);
  expect([null, true, ["a", "b, c"], 8].map(valueText)).toEqual(["–", "yes", 'a, "b, c"', "8"]);
});

test("a finished push is shown whole for a minute and folded after it", () => {
  const finishedAt = "2031-03-03T09:00:00.000Z";
  const nowMs = Date.parse(finishedAt);
  const commit = { pushes: [pushWith({ state: "completed", finishedAt })] };
  expect([isFolded(commit, nowMs + 59_000), isFolded(commit, nowMs + 60_000)]).toEqual([false, true]);
  expect(isFolded({ pushes: [pushWith({ finishedAt: null })] }, nowMs + 600_000)).toBe(false);
});

describe("a changed text", () => {
  const before = "Typed JavaScript for services and interfaces that live for years";

  test("a changed long text is compared word by word when most of it stays", () => {
    const pieces = textDiff(before, "Typed JavaScript for services, tools and interfaces that live for years");
    expect(pieces?.filter(({ is }) => is !== "same").map(({ text }) => text)).toEqual([",", "tools "]);
  });

  test("a changed text is shown whole when it is short or mostly new", () => {
    expect(textDiff(before, "Most of what runs in production, and what everybody asks about first")).toBeNull();
    expect(textDiff("Python", "Python 3")).toBeNull();
  });
});
