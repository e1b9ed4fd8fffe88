import { describe, expect, test } from "vitest";
import { Random } from "../../../../test/support/random.ts";
import { tokenize } from "./tokenize.ts";

const words = (typed: string): string[] => {
  const result = tokenize(typed);
  if (!result.ok) throw new Error(`unclosed quote before: ${result.reason.after}`);
  return result.value.map(({ text }) => text);
};

const cases: [typed: string, expected: string[], what: string][] = [
  ["", [], "nothing"],
  ["   \t\n ", [], "only space"],
  ["stage update technology python-1", ["stage", "update", "technology", "python-1"], "plain words"],
  ["  a   b  ", ["a", "b"], "spaces around and between"],
  ["a\nb\tc", ["a", "b", "c"], "newlines and tabs"],
  ["a\u00a0b", ["a", "b"], "a no-break space, as phones type it"],
  ['"Skill updates"', ["Skill updates"], "quotes"],
  ['a "b c" d', ["a", "b c", "d"], "quotes in the middle"],
  ["'Skill updates'", ["Skill updates"], "single quotes"],
  ['name="Rust lang"', ["name=Rust lang"], "a value in quotes"],
  ["name='Rust lang'", ["name=Rust lang"], "a value in single quotes"],
  ['items="a, b",c', ['items="a, b",c'], "a list with a quoted item"],
  ["“Skill updates”", ["Skill updates"], "smart quotes"],
  ["„Skill updates‟", ["Skill updates"], "low and reversed quotes"],
  ["«Skill updates»", ["Skill updates"], "guillemets"],
  ["‘Skill updates’", ["Skill updates"], "smart single quotes"],
  ["don't touch", ["don't", "touch"], "an apostrophe"],
  ["don’t touch", ["don’t", "touch"], "a smart apostrophe"],
  ["name=O’Reilly", ["name=O’Reilly"], "a smart apostrophe in a value"],
  ['note="it’s “long” and ‘fine’"', ["note=it’s “long” and ‘fine’"], "typographic quotes in straight ones"],
  ["“He said “hi” to me”", ["He said “hi” to me"], "typographic quotes in typographic ones"],
  ["„Er sagte „hallo“ zu mir“", ["Er sagte „hallo“ zu mir"], "German quotes in German ones"],
  ["«Elle a dit «salut»»", ["Elle a dit «salut»"], "guillemets in guillemets"],
  ["name=„Größe“ level=”Expert”", ["name=Größe", "level=Expert"], "German and Swedish quotes"],
  ['name="Rust lang” x', ["name=Rust lang", "x"], "a straight quote that a phone has closed"],
  ['“it is 5" wide”', ['it is 5" wide'], "an inch in typographic quotes"],
  ["size=5″", ["size=5″"], "a double prime"],
  ["the dogs' bowl", ["the", "dogs'", "bowl"], "an apostrophe at the end of a word"],
  ["rock 'n roll", ["rock", "'n", "roll"], "an apostrophe at the start of a word"],
  ["name='it's fine'", ["name=it's fine"], "an apostrophe in single quotes"],
  ['"it\'s fine"', ["it's fine"], "an apostrophe in double quotes"],
  ['"say \\"hi\\""', ['say "hi"'], "escaped quotes"],
  ['"say \\“hi\\”, it\\’s me"', ["say “hi”, it’s me"], "escaped smart quotes, which stay what they are"],
  ['"back\\\\slash"', ["back\\slash"], "an escaped backslash"],
  ['"C:\\temp"', ["C:\\temp"], "a backslash before something else"],
  ['5" disk', ['5"', "disk"], "an inch"],
  ['""', [""], "an empty word"],
  ['name=""', ["name="], "an empty value in quotes"],
  ["name=", ["name="], "an empty value"],
  ["—draft", ["--draft"], "an em dash before an option"],
  ["–draft", ["--draft"], "an en dash before an option"],
  ["–m hello", ["-m", "hello"], "an en dash before a short option"],
  ["—m=hello", ["-m=hello"], "an em dash before a short option with a value"],
  ["—target=ai", ["--target=ai"], "an em dash before an option with a value"],
  ["2019–2024", ["2019–2024"], "a dash between years"],
  ["– 5", ["–", "5"], "a dash by itself"],
  ["—5", ["—5"], "a dash before a number"],
  ['"—draft"', ["—draft"], "a dash in quotes"],
  ["<@U0AVERY01|avery>", ["@avery"], "a person"],
  ["<@U0AVERY01>", ["@U0AVERY01"], "a person without label"],
  ["<#C0PORT01|portfolio>", ["#portfolio"], "a channel"],
  ["<#C0PORT01|>", ["#C0PORT01"], "a private channel"],
  ["<!subteam^S0TEAM01|@reviewers>", ["@reviewers"], "a group"],
  ["<!subteam^S0TEAM01>", ["@S0TEAM01"], "a group without label"],
  ["since <!date^1392734382^{date}|Feb 18, 2014>", ["since", "Feb 18, 2014"], "a date"],
  ["phone=<tel:+351210000000|+351 21 000 00 00>", ["phone=+351 21 000 00 00"], "a telephone number"],
  ["see <https://example.com/a|the page>, please", ["see", "the page,", "please"], "a link in prose"],
  ['note="thanks to <@U0AVERY01|Avery "A" Lee>"', ['note=thanks to @Avery "A" Lee'], "a label with quotes"],
  ["name=<http://socket.io|socket.io>", ["name=socket.io"], "a word that Slack took for an address"],
  ["url=<https://example.com/a?b=1&amp;c=2>", ["url=https://example.com/a?b=1&c=2"], "an address"],
  ["url=<https://example.com|example.com>", ["url=https://example.com"], "an address with another label"],
  ["email=<mailto:a@b.example|a@b.example>", ["email=a@b.example"], "an e-mail address"],
  ["email=<mailto:a@b.example>", ["email=a@b.example"], "an e-mail address without label"],
  ["R&amp;D", ["R&D"], "an ampersand"],
  ["a &lt;b&gt; c", ["a", "<b>", "c"], "angle brackets"],
  ["&amp;lt;", ["&lt;"], "an entity that was typed as such"],
  ["name=🦀 x", ["name=🦀", "x"], "emoji"],
  ["👩‍👩‍👧‍👦 👋🏽", ["👩‍👩‍👧‍👦", "👋🏽"], "joined emoji"],
  ['name="שלום עולם"', ["name=שלום עולם"], "right-to-left text"],
  ["name=مرحبا", ["name=مرحبا"], "Arabic"],
  ["a=b=c", ["a=b=c"], "a second equals sign"],
  ["a,b", ["a,b"], "a comma"],
  ["<", ["<"], "half an entity"],
  ["<!channel>", ["@channel"], "a broadcast"],
  ["<!here|here>", ["@here"], "a broadcast with label"],
];

describe("the tokenizer", () => {
  test.each(cases)("the line %j has the words %j: %s", (typed, expected) => {
    expect(words(typed)).toEqual(expected);
  });

  test.each([
    ['name="Rust', "Rust"],
    ["“never closed", "never closed"],
    ['a "b" "c d', "c d"],
    [`"${"x".repeat(100)}`, "x".repeat(30)],
  ])("the tokenizer says what follows the unclosed quote in %j", (typed, after) => {
    expect(tokenize(typed)).toEqual({ ok: false, reason: { code: "unclosed_quote", after } });
  });

  test("the tokenizer marks which words began outside quotes", () => {
    expect(tokenize('-m "-m" name="-m"')).toEqual({
      ok: true,
      value: [
        { text: "-m", meant: "-m", bare: true },
        { text: "-m", meant: "-m", bare: false },
        { text: "name=-m", meant: "name=-m", bare: true },
      ],
    });
  });

  test.each([
    ["<@U0AVERY01|avery>", "U0AVERY01"],
    ["<@U0AVERY01|avery>,<@U0PRIYA01|priya>", "U0AVERY01,U0PRIYA01"],
    ["<#C0PORT01|portfolio>", "C0PORT01"],
    ["<!subteam^S0TEAM01|@reviewers>", "S0TEAM01"],
  ])("the tokenizer knows who or what is meant by %s", (typed, meant) => {
    const read = tokenize(typed);
    expect(read.ok && read.value.map((word) => word.meant)).toEqual([meant]);
  });

  test("the tokenizer reads 3,000 characters in under a second", () => {
    const value = "it's a “long” text — ".repeat(150).slice(0, 3000);
    const startedMs = performance.now();
    tokenize(value);
    tokenize("'".repeat(3000));
    tokenize('"'.repeat(3000));
    tokenize("<".repeat(3000));
    tokenize(" ' ".repeat(1000));
    // Each of them could open a quoted part.
    tokenize(" 'a".repeat(40_000));
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(words(`summary="${"x".repeat(3000)}"`)).toEqual([`summary=${"x".repeat(3000)}`]);
  });
});

describe("generated lines", () => {
  const alphabet = [
    " ",
    "\n",
    '"',
    "'",
    "“",
    "”",
    "’",
    "\\",
    "=",
    ",",
    "-",
    "—",
    "<",
    ">",
    "|",
    "&amp;",
    "&",
    "@",
    "a",
    "B",
    "7",
    "é",
    "ש",
    "🦀",
    "\ud83e",
    "<@U1|x>",
    "name=",
  ];

  test("the tokenizer never throws on generated lines", () => {
    const random = new Random("typed lines");
    for (let round = 0; round < 5000; round += 1) {
      const typed = random.text(alphabet, 40);
      expect(() => tokenize(typed), JSON.stringify(typed)).not.toThrow();
    }
  });

  test("the tokenizer keeps every character outside quotes in its place", () => {
    const random = new Random("harmless lines");
    const harmless = [" ", "\n", "=", ",", "-", "a", "B", "7", "é", "ש", "🦀", "&", ";", "|", "\\", "!", "`", "*", "_"];
    for (let round = 0; round < 3000; round += 1) {
      const typed = random.text(harmless, 40);
      expect(words(typed).join(""), JSON.stringify(typed)).toBe(typed.replace(/\s/g, ""));
    }
  });

  test("the tokenizer returns a quoted value unchanged", () => {
    const random = new Random("quoted values");
    const inner = ["a", " ", "'", '"', "\\", "=", ",", "é", "🦀", "-", "\n"];
    for (let round = 0; round < 3000; round += 1) {
      const value = random.text(inner, 20);
      const typed = `before name="${value.replace(/[\\"]/g, "\\$&")}" after`;
      expect(words(typed), JSON.stringify(value)).toEqual(["before", `name=${value}`, "after"]);
    }
  });
});
