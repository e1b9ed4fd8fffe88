/** People's words show as they were typed, whatever mrkdwn has for their characters. */
import { describe, expect, test } from "vitest";
import { lostMarks } from "../../../test/corpora/markup.ts";
import { cardsOf, homesOf, linesOf } from "../../../test/support/bot/card-fixtures.ts";
import {
  deadLetterReplies,
  formsOf,
  repliesOf,
  tokenReplies,
  targetReplies,
  webhookReplies,
} from "../../../test/support/bot/view-fixtures.ts";
import { refusalsSaying } from "../../../test/support/messages/refusals.ts";
import { fit, section, unformatted } from "./blocks.ts";
import { refusalText } from "./mrkdwn.ts";
import { code, literal, quoted } from "./text.ts";

/** Each has the core `K9K`, which shows only with what stands around it here. Fixtures cut at ten characters. */
const marked = [
  "*K9K*",
  "_K9K_",
  "~K9K~",
  "`K9K`",
  "```K9K```",
  ":tada: K9K",
  "K9K* *star",
  "K9K` `code",
  "*K9K*&~b~",
  "<K9K>|*b*",
  "> K9K",
];
const core = /K9K/;

const everythingOf = (text: string): unknown[] => [
  ...cardsOf(text).map(fit),
  ...homesOf(text),
  ...linesOf(text).map(section),
  ...formsOf(text, ["technology"]),
  ...repliesOf(text),
  ...deadLetterReplies(text),
  ...tokenReplies(text),
  ...targetReplies(text),
  ...webhookReplies(text),
  ...refusalsSaying(text).map((refusal) => section(refusalText(refusal))),
];

describe("people's words in mrkdwn", () => {
  test.each(marked)("no card, Home, form or reply gives the marks of %s a meaning", (text) => {
    expect(lostMarks(everythingOf(text), { core, text })).toEqual([]);
  });

  test("the checker of marks finds a text that was put into mrkdwn as it is", () => {
    for (const text of marked)
      expect(
        lostMarks([section(text), section(`*${text}*`), section(`\`${text}\``)], { core, text }),
        text,
      ).not.toEqual([]);
  });

  test.each(["snake_case_id", "2 * 3", "C#, C++ and ~", "10:30:00 UTC"])("%s needs no date around it", (text) => {
    expect(literal(text).replace(/<!date[^|]*\|([^>]*)>/g, "$1")).toBe(text);
  });

  test("a mark between two characters of a word stays as it is, so that an id can be copied", () => {
    expect(quoted("my_row_id")).toBe("my_row_id");
    expect(code("my_row_id_")).toBe("`my_row_id_`");
  });

  test("what is typed with a backtick is no code, and loses nothing", () => {
    expect(code("a`b")).toBe("a<!date^00000000^{_}|`>b");
  });

  test("a line for notifications keeps the marks that people wrote", () => {
    const line = `:warning: *Row* ${quoted("*a*")} and ${code("*b*")} of \`/cv show\``;
    expect(unformatted(line)).toBe("Row <!date^00000000^{_}|*a*> and <!date^00000000^{_}|*b*> of /cv show");
  });
});
