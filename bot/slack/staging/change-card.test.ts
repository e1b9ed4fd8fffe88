import { describe, expect, test } from "vitest";
import { changeOf, changeState, commitOf, targetOf } from "../../../test/support/bot/card-states.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { changeCard } from "./change-card.ts";

describe("the reply under a message", () => {
  const said = (...parts: Parameters<typeof changeState>): string => textsOf(changeCard(changeState(...parts)).blocks);
  const approved = commitOf({ review: "approved" });

  test("the reply under a message says who has staged what", () => {
    expect(said()).toContain("Staged by <@U0AVERY01> as change *1*:\n:pencil2: Change  Python: experience_years 5 → 8");
  });

  test.each([
    [{ commit: null, change: changeOf({ state: "staged", commitId: null }) }, "Staged. `/cv commit`"],
    [{ commit: null, change: changeOf({ state: "discarded", commitId: null }) }, "Unstaged."],
    [{}, "In commit #42, which is in review."],
    [{ commit: approved }, "In commit #42, approved."],
    [
      { commit: approved, targets: [targetOf("d1cv", "applied"), targetOf("ai-agent", "applied")] },
      "Applied to d1cv, ai-agent, with commit #42.",
    ],
    [
      { commit: approved, targets: [targetOf("d1cv", "applied"), targetOf("ai-agent", "pending")] },
      "applied to d1cv so far; ai-agent is left.",
    ],
    [{ commit: approved, targets: [targetOf("d1cv", "in_flight")] }, "on its way to d1cv."],
    [
      { commit: approved, targets: [targetOf("d1cv", "applied"), targetOf("ai-agent", "failed")] },
      "failed at ai-agent. Applied to d1cv.",
    ],
    [{ commit: commitOf({ review: "rejected" }) }, "In commit #42, rejected."],
    [{ commit: commitOf({ review: "dropped" }) }, "Dropped with commit #42."],
  ])("the reply under a message shows the state of its change (%#)", (overrides, expected) => {
    expect(said(overrides)).toContain(expected);
  });

  test("the reply under a message leaves out targets that the change is not for", () => {
    const change = changeOf({ targets: ["d1cv"] });
    const targets = [targetOf("d1cv", "applied"), targetOf("ai-agent", "pending")];
    expect(said({ change, commit: approved, targets })).toContain("Applied to d1cv, with commit #42.");
  });
});
