/** What people and targets may write, at its worst. Every message, modal and Home has to take it. */
import type { Change } from "../../../shared/domain/staging/change.ts";
import { visible } from "../../../shared/domain/unseen.ts";
import { changeOf } from "./card-states.ts";

export const extremeTexts = {
  "mentions and markup": "<!channel> <!here|here> <@U1> <https://evil.example|click> & < > *bold* _it_ ~no~ `code`",
  "3,000 characters without a space": "x".repeat(3000),
  "3,000 ampersands": "&".repeat(3000),
  "3,000 brackets": "<".repeat(3000),
  "500 mentions of everybody": "<!channel>".repeat(300),
  "1,500 emoji": "🦀".repeat(1500),
  "emoji of several parts": "👩‍👩‍👧‍👦".repeat(270),
  "right to left": "שלום עולם ".repeat(300),
  "a forced direction": "\u202eright to left\u202c ".repeat(160),
  "1,500 lines": "a\n".repeat(1500),
  "1,500 words": "w ".repeat(1500),
  "words that all differ": Array.from({ length: 500 }, (_, index) => `w${index}`).join(" "),
  "only a space": " ",
  "3,000 backticks": "`".repeat(3000),
  "marks around words": "*a* _b_ ~c~ `d` ```e``` > f ".repeat(100),
  "nothing to be seen": "\u200b\u2060\ufeff".repeat(900),
  "half a surrogate pair": "\ud83e lone surrogate \udd80",
  "control characters": "\u0000\u0007\u001b[31mred\u007f",
  "emoji codes": ":boom: :x: :white_check_mark:",
} as const satisfies Record<string, string>;

const texts = Object.values(extremeTexts);

/** A change that writes the text wherever a person may write one. */
export const extremeChange = (text: string, overrides: Partial<Change> = {}): Change => {
  const before = { name: text.slice(0, 80), category: "Backend", summary: `${text.slice(0, 1000)} old` };
  const seen = { seen: "row" as const, version: "1", values: before };
  return changeOf({
    entityId: text.slice(0, 80) || "x",
    payload: { name: text.slice(0, 80), summary: text.slice(0, 3000) },
    base: { d1cv: seen, "ai-agent": seen },
    note: text,
    ...overrides,
  });
};

/** 500 changes of 500 rows, each with values of 3,000 characters. */
export const manyChanges = (): Change[] =>
  Array.from({ length: 500 }, (_, index) => {
    const unit = `${texts[index % texts.length] ?? ""} `;
    // As long as a value may be when it is shown: each unseen character takes eight.
    const whole = unit.repeat(Math.ceil(2980 / unit.length)).slice(0, 2980);
    const text = whole.slice(0, Math.floor((2980 * whole.length) / visible(whole).length));
    return extremeChange(text, {
      id: `change-${index}`,
      number: index + 1,
      entityId: `row-${index}`,
      payload: { name: `Row ${index}`, summary: `${text} end ${index}` },
    });
  });
