import { describe, expect, test } from "vitest";
import { jobOf, pushState, verified } from "../../../test/support/bot/card-states.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { pushCard } from "./push-card.ts";
import { isBroadcast, pushOutcomeCard } from "./outcome-card.ts";
import { pushPlanCard } from "./plan-card.ts";
import type { PushCardState } from "./card-state.ts";

test("the card of a push links to the portal when there is one", () => {
  const context = (portal: string | null) => textsOf(pushCard(pushState([jobOf("d1cv", "completed")], { portal })));
  expect(context("https://cv-ops.example.com/app")).toContain(
    "<https://cv-ops.example.com/app/pushes/7?workspace=T0CVOPS01|Open in the portal>",
  );
  expect(context(null)).not.toContain("portal");
});

describe("the plan of a push", () => {
  const tasksOf = (state: PushCardState): string[] => {
    const [plan] = pushPlanCard(state).blocks;
    if (plan?.type !== "plan") throw new Error("no plan");
    return (plan.tasks ?? []).map(({ status, title }) => `${String(status)} ${String(title)}`);
  };

  test("the plan of a push says what is done, in progress and to do", () => {
    const state = pushState([
      jobOf("d1cv", "completed"),
      jobOf("ai-agent", "processing", { stage: "indexing", percent: 80 }),
    ]);
    expect(tasksOf(state)).toEqual([
      "complete d1cv: Sent",
      "complete d1cv: Wrote rows: 1 added, 1 changed, 1 removed",
      "in_progress d1cv: Verifying: comparing its rows with the commit",
      "complete ai-agent: Sent",
      "complete ai-agent: Wrote rows: 1 added, 1 changed, 1 removed",
      "in_progress ai-agent: Indexing for search (80 %)",
      "pending ai-agent: Will verify",
    ]);
  });

  test("the plan of a push says what a waiting target will do", () => {
    const state = pushState([jobOf("d1cv", "processing"), jobOf("ai-agent", "pending")]);
    expect(tasksOf(state)).toEqual([
      "complete d1cv: Sent",
      "in_progress d1cv: Writing rows (40 %)",
      "pending d1cv: Will verify",
      "pending ai-agent: Will be sent after the target before it",
      "pending ai-agent: Will write rows",
      "pending ai-agent: Will verify",
    ]);
  });

  test("the plan of a finished push is in the past tense", () => {
    const state = pushState([verified(jobOf("ai-agent", "completed"))]);
    expect(tasksOf(state)).toEqual([
      "complete ai-agent: Sent",
      "complete ai-agent: Wrote rows: 1 added, 1 changed, 1 removed",
      "complete ai-agent: Indexed for search: 66 vectors",
      "complete ai-agent: Verified: 66 rows and 66 vectors there now",
    ]);
  });

  test("the plan of a push ends at the failed step, with the cause", () => {
    const state = pushState([jobOf("d1cv", "failed", { attempt: 2, stage: "writing" }), jobOf("ai-agent", "pending")]);
    expect(tasksOf(state)).toEqual([
      "complete d1cv: Sent again, attempt 2",
      "error d1cv: Writing rows failed",
      "pending ai-agent: Not started",
    ]);
    expect(textsOf(pushPlanCard(state).blocks)).toContain("answered 503: down for maintenance");
    expect(tasksOf(pushState([jobOf("d1cv", "failed")]))).toEqual(["error d1cv: Sending failed"]);
    expect(tasksOf(pushState([jobOf("d1cv", "timeout", { stage: "accepted" })]))).toEqual([
      "complete d1cv: Sent",
      "error d1cv: Outcome unknown",
    ]);
  });

  test("the plan of a push learns from an earlier push which target has an index", () => {
    const earlier = { ...verified(jobOf("ai-agent", "completed")), id: "old", pushId: "push-0" };
    const state = pushState([jobOf("ai-agent", "pending", { dispatchedAt: "2031-03-03T09:01:10.000Z" })]);
    expect(tasksOf({ ...state, jobs: [earlier, ...state.jobs] })).toContain("pending ai-agent: Will index for search");
    expect(tasksOf(state)).not.toContain("pending ai-agent: Will index for search");
  });
});

describe("an outcome", () => {
  test("the outcome of a job is broadcast when it failed or is unknown", () => {
    expect(isBroadcast(jobOf("d1cv", "failed"))).toBe(true);
    expect(isBroadcast(jobOf("d1cv", "timeout"))).toBe(true);
    expect(isBroadcast(jobOf("d1cv", "completed"))).toBe(false);
    expect(isBroadcast(jobOf("d1cv", "cancelled"))).toBe(false);
    expect(isBroadcast(jobOf("d1cv", "failed", { attempt: 2 }), 1)).toBe(false);
  });

  test("the outcome of a successful job has the times of applied, searchable and verified", () => {
    const state = pushState([verified(jobOf("ai-agent", "completed"))]);
    const [job] = state.jobs;
    if (!job) throw new Error("no job");
    const texts = textsOf(pushOutcomeCard(state, job, 1));
    for (const fact of ["Applied", "Searchable", "Verified"]) expect(texts).toMatch(new RegExp(`${fact} <!date`));
  });

  test("the outcome of a failed job names the targets that have the commit", () => {
    const state = pushState([jobOf("d1cv", "completed"), jobOf("ai-agent", "failed")]);
    const failed = state.jobs[1];
    if (!failed) throw new Error("no job");
    expect(textsOf(pushOutcomeCard(state, failed, 1))).toContain(
      "Nothing was applied to ai-agent. d1cv has it already.",
    );
  });
});

test.each([
  ["timeout" as const, "It reported late; this outcome counts"],
  ["failed" as const, "It had reported a failure before; this outcome counts"],
])("the outcome of a completion after %s says that it settles the job", (completedAfter, words) => {
  const job = jobOf("d1cv", "completed", { completedAfter });
  expect(textsOf(pushOutcomeCard(pushState([job]), job, 1))).toContain(words);
});
