/** No text of the corpus gets a special meaning in Slack, in any position. */
import { describe, expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { restored } from "../../bot/slack/core/modals/restore.ts";
import { section } from "../../bot/slack/blocks/blocks.ts";
import { withOrigin } from "../../bot/slack/core/modals/origin.ts";
import { cardsOf, homesOf, linesOf } from "../support/bot/card-fixtures.ts";
import { formsOf, repliesOf } from "../support/bot/view-fixtures.ts";
import { refusalsSaying } from "../support/messages/refusals.ts";
import { refusalText } from "../../bot/slack/blocks/mrkdwn.ts";
import { markupProblems } from "./markup.ts";
import { mentions } from "./mentions.ts";

/** People and channels of the states that the cards render. */
const ours = { people: ["U0AVERY01", "U0PRIYA01", "U0CARLA01"], channels: ["C0123456789"] };
const problemsOf = (values: readonly unknown[]): string[] => [
  ...new Set(values.flatMap((value) => markupProblems(value, ours))),
];

test("the corpus of mentions has at least 200 unique texts", () => {
  expect(new Set(mentions.map(([text]) => text)).size).toBe(mentions.length);
  expect(mentions.length).toBeGreaterThanOrEqual(200);
});

describe("the markup checker", () => {
  test.each([
    "<!channel>",
    "<@U0CARLA02>",
    "<https://evil.example|x>",
    "<",
    "a > b",
    "&",
    "&#60;",
    "<!date^1^{date}|x>",
  ])("the markup checker finds %s", (text) => expect(problemsOf([section(text), { text }])).not.toEqual([]));

  test("the markup checker finds links, and mentions outside plain text", () => {
    for (const value of [
      { type: "button", url: "https://evil.example" },
      {
        type: "rich_text",
        elements: [{ type: "rich_text_section", elements: [{ type: "broadcast", range: "here" }] }],
      },
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "link" }] }] },
      { text: "x", link_names: true },
    ])
      expect(problemsOf([value])).toHaveLength(1);
  });

  test("the markup checker accepts permitted markup", () => {
    const mine =
      "By <@U0AVERY01> in <#C0123456789> at <!date^1930294800^{date_short_pretty} {time}|2031-03-03 09:00 UTC>: 1 &lt; 2\n>quoted";
    expect(problemsOf([section(mine)])).toEqual([]);
  });
});

/** Rotates the types: one code renders all fields, and all types would take six times as long. */
const cases = mentions.map(([text], index) => ({
  text,
  types: entityTypes.slice(index % entityTypes.length).slice(0, 1),
}));

describe.each(cases)("$text", ({ text, types }) => {
  test("a hostile text stays text in cards, fallback texts and on Home", () => {
    expect(problemsOf([...cardsOf(text), ...homesOf(text)])).toEqual([]);
  });

  test("a hostile text stays text in the lines of the log", () => {
    expect(problemsOf(linesOf(text).map(section))).toEqual([]);
  });

  test("a hostile text stays text in forms, replies and refused forms", () => {
    const forms = formsOf(text, types);
    const again = forms.map((view) => restored({ private_metadata: "", ...view, state: { values: {} } }, [text]));
    expect(problemsOf([...forms.map((view) => withOrigin(view, "C0123456789")), ...repliesOf(text), ...again])).toEqual(
      [],
    );
  });

  test("a hostile text stays text in refusals", () => {
    expect(problemsOf(refusalsSaying(text).map((refusal) => section(refusalText(refusal))))).toEqual([]);
  });
});
