/** What holds for every message, Home and reply of the catalogue, whatever it shows. */
import type { Button } from "@slack/types";
import { describe, expect, test } from "vitest";
import { effectOf } from "../../shared/domain/staging/summary.ts";
import { commitStates } from "../../test/support/bot/card-state-space.ts";
import { cardsOf, homesOf } from "../../test/support/bot/card-fixtures.ts";
import { commitOf } from "../../test/support/bot/card-states.ts";
import { deadLetterReplies, repliesOf, tokenReplies, webhookReplies } from "../../test/support/bot/view-fixtures.ts";
import { createWorld, people } from "../../test/support/bot/world.ts";
import { commitCard } from "./commits/commit-card.ts";
import { approveButton } from "./components/commit-buttons.ts";

const buttonsIn = (value: unknown): Button[] => {
  if (Array.isArray(value)) return value.flatMap(buttonsIn);
  if (typeof value !== "object" || value === null) return [];
  const own = "type" in value && value.type === "button" ? [value as Button] : [];
  return [...own, ...Object.values(value).flatMap(buttonsIn)];
};
const dangerousIn = (value: unknown): string[] =>
  buttonsIn(value).flatMap(({ style, text }) => (style === "danger" ? [text.text] : []));

describe("a message", () => {
  test("no message of the catalogue has more than one destructive button", () => {
    const all = [
      ...cardsOf("x"),
      ...homesOf("x"),
      ...commitStates().map(commitCard),
      ...repliesOf("x"),
      ...deadLetterReplies("x"),
      ...tokenReplies("x"),
      ...webhookReplies("x"),
    ];
    expect(all.map(dangerousIn).filter(({ length }) => length > 1)).toEqual([]);
    expect(all.some((each) => dangerousIn(each).length === 1)).toBe(true);
  });

  test("no reply about commits has more than one destructive button for an admin, whose lists are longest", async () => {
    const world = await createWorld();
    const { author, admin } = people;
    for (const years of [6, 7, 8])
      await world.run(
        [author, `stage update technology python-1 experience_years=${years}`],
        [author, `commit c${years}`],
      );
    for (const line of ["", "status", "commits", "staged", "show 1", "status 1", "why 1"]) {
      const { blocks } = await world.command(admin, line);
      expect(dangerousIn(blocks).length, `/cv ${line}`).toBeLessThanOrEqual(1);
    }
  });

  test.each([
    ["Python: experience_years 5 → 8", false],
    ["3 technologies changed, 1 project added", false],
    ["10 technologies changed", false],
    ["11 technologies changed", true],
    ["6 technologies changed, 5 projects added", true],
    ["Remove technology jQuery", true],
    ["Python: experience_years 5 → 8; Remove technology jQuery", true],
    ["3 technologies changed, 1 project removed", true],
    [null, true],
  ])("Approve of a commit that does %s asks once: %s", (summary, asks) => {
    const { confirm } = approveButton(commitOf({ summary }), "team");
    expect(confirm !== undefined).toBe(asks);
    if (summary !== null && asks) expect(JSON.stringify(confirm)).toContain(summary);
  });

  test("a summary of counts says how many rows it is about", () => {
    expect(effectOf("12 technologies changed, 3 projects removed")).toEqual({ rows: 15, removes: true });
  });
});
