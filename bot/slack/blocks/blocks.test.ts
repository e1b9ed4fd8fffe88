import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { validateMessage } from "../../../tools/slack/validate-blocks.ts";
import { Random } from "../../../test/support/random.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type Message, actions, button, context, fit, header, listSections, section } from "./blocks.ts";

const codesOf = (message: Message): string[] => validateMessage(message).map(({ code }) => code);
const approve = actions(button("Approve", { action_id: "a", value: "1" }));

describe("a message cut to Slack's limits", () => {
  test("a message that fits Slack's limits is left alone", () => {
    const message = { text: "Hello", blocks: [header("Hello"), section("*World*"), context("now", "here"), approve] };
    expect(fit(message)).toEqual(message);
  });

  test("a message with too much text is cut, but keeps its buttons", () => {
    const long = Array.from({ length: 6 }, (_, index) => section(`${index} ${"x".repeat(2990)}`));
    const contexts = Array.from({ length: 10 }, () => "y".repeat(2000));
    const message = { text: "Long", blocks: [...long, context(...contexts), approve] };
    expect(codesOf(message)).toContain("msg_blocks_too_long");
    expect(codesOf(fit(message))).toEqual([]);
    expect(fit(message).blocks.at(-1)).toEqual(approve);
    expect(textsOf(fit(message))).toContain("2 xxx");
  });

  test("a fallback text that chat.update would refuse is cut", () => {
    const message = { text: "&amp;".repeat(2000), blocks: [section("x")] };
    expect(codesOf(message)).toContain("msg_too_long");
    expect(codesOf(fit(message))).toEqual([]);
    expect(fit(message).text).toMatch(/^(&amp;)+…$/);
  });

  test("a message of more than 50 blocks is cut to 50", () => {
    const message = { text: "Many", blocks: Array.from({ length: 60 }, (_, index) => section(String(index))) };
    expect(codesOf(fit(message))).toEqual([]);
  });

  test("a message of any text is cut to what Slack accepts", () => {
    const random = new Random("blocks");
    const parts = ["x".repeat(500), "&amp;".repeat(100), "<@U0AVERY01> ", "🦀".repeat(200), "line\n", "`code` "];
    for (let round = 0; round < 300; round += 1) {
      const blocks = Array.from({ length: random.between(1, 60) }, (): KnownBlock => {
        const text = `- ${random.text(parts, 12)}`;
        return random.chance(0.5) ? section(text) : context(text, text);
      });
      expect(codesOf(fit({ text: `- ${random.text(parts, 20)}`, blocks: [...blocks.slice(0, 40), approve] }))).toEqual(
        [],
      );
    }
  });
});

describe("a list in sections", () => {
  const lineOf = (index: number): string => `${index}:${"x".repeat(97)}`;
  const lines = Array.from({ length: 200 }, (_, index) => lineOf(index));
  const shown = (sections: { text?: { text: string } }[]): string[] =>
    sections.flatMap(({ text }) => (text?.text ?? "").split("\n"));

  test("a list puts all lines into one section while they fit", () => {
    expect(listSections(["a", "b"])).toEqual([section("a\nb")]);
    expect(listSections([])).toEqual([]);
  });

  test("a list shows as many lines as fit, and counts the rest", () => {
    const all = shown(listSections(lines, 5000));
    const last = all.pop();
    expect(all).toEqual(lines.slice(0, all.length));
    expect(last).toBe(`… and ${200 - all.length} more`);
    expect(all.length).toBeGreaterThan(45);
  });

  test("a list uses sections that Slack accepts", () => {
    for (const { text } of listSections(lines, 20_000)) expect(text?.text.length).toBeLessThanOrEqual(3000);
    expect(shown(listSections(lines, 50_000))).toEqual(lines);
  });

  test("a list shows the start of a line that is too long by itself", () => {
    const [only] = listSections(["y".repeat(9000)], 1000);
    expect(only?.text?.text).toMatch(/^y{900,}…$/);
  });
});

test("a button's texts are cut to Slack's limits", () => {
  const long = "w".repeat(400);
  const cut = button(long, { action_id: "a", value: "1" }, { confirm: { title: long, text: long, confirm: long } });
  expect(codesOf({ text: "x", blocks: [actions(cut)] })).toEqual([]);
});
