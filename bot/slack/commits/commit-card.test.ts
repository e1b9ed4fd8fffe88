import { describe, expect, test } from "vitest";
import { commitStates } from "../../../test/support/bot/card-state-space.ts";
import { approvalOf, changeOf, commitOf, commitState } from "../../../test/support/bot/card-states.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import type { Message } from "../blocks/blocks.ts";
import { commitCard, commitCardFallbacks } from "./commit-card.ts";

describe("the card of a commit", () => {
  test("the card of a commit shows field by field what changes", () => {
    const texts = textsOf(commitCard(commitState({ changes: commitStates()[0]?.changes ?? [] })).blocks);
    expect(texts).toContain("What | Change | Before | After");
    expect(texts).toContain("*technology Python*, Years of experience | changed in d1cv, ai-agent | 5 | 8");
    expect(texts).toContain("*technology Rust*, Name | added");
    expect(texts).toContain(" | _empty_ | Rust");
    expect(texts).toContain("*technology jquery-1* | removed");
  });

  test("the card of a commit shows which words of a long text change", () => {
    const before = "Built services and command line tools in Python for ten years at a small company by the sea";
    const summary = before.replace("ten", "twelve");
    const base = { d1cv: { seen: "row" as const, version: "1", values: { name: "Python", summary: before } } };
    const texts = textsOf(
      commitCard(commitState({ changes: [changeOf({ payload: { summary }, base, targets: ["d1cv"] })] })).blocks,
    );
    expect(texts).toContain(
      "Summary | changed | … in Python for ~ten~ years at a small company by the sea | … in Python for *twelve* years at a small company by the sea",
    );
  });

  test("the card of a commit lists one line a change beyond 20 rows", () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        changeOf({ id: `c${index}`, number: index + 1, entityId: `r${index}` }),
      );
    const typesOf = (message: Message) => message.blocks.map(({ type }) => type);
    expect(typesOf(commitCard(commitState({ changes: rows(20) })))).toContain("data_table");
    expect(typesOf(commitCard(commitState({ changes: rows(21) })))).not.toContain("data_table");
    const [table, fallback] = commitCardFallbacks(commitState({ changes: rows(10) }));
    if (!table || !fallback) throw new Error("a small card has two fallbacks");
    expect(typesOf(table)).toContain("table");
    expect(typesOf(fallback)).not.toContain("table");
    expect(textsOf(fallback.blocks)).toContain(":pencil2: Change  Python: experience_years 5 → 8");
    expect(fallback.text).toBe(commitCard(commitState({ changes: rows(10) })).text);
  });

  test("the card of a commit has no confirmation before the rejection form", () => {
    const actions = commitCard(commitState()).blocks.at(-1);
    expect(JSON.stringify(actions)).toContain("commit.reject");
    expect(JSON.stringify(actions)).not.toContain("confirm");
  });

  test("the card of a commit says who has decided, and when", () => {
    const approved = commitState({ commit: commitOf({ review: "approved" }), approvals: [approvalOf()] });
    expect(textsOf(commitCard(approved))).toMatch(/Approved by <@U0PRIYA01>, <!date\^\d+\^[^>]+>\. Ready to push\./);
    const rejection = approvalOf({ decision: "rejected", reason: "Python is 7 years" });
    const rejected = commitState({ commit: commitOf({ review: "rejected" }), approvals: [rejection] });
    expect(textsOf(commitCard(rejected))).toMatch(/Rejected by <@U0PRIYA01>, <!date[^>]+>: Python is 7 years\./);
  });
});
