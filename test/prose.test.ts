import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { problemsOfSource } from "../tools/scripts/prose-in-code.ts";
import { problemsOfPage, readRules } from "../tools/scripts/prose.ts";
import { root } from "../tools/scripts/tree.ts";

const rules = readRules(readFileSync(join(root, "docs/explanation/glossary.md"), "utf8"));
const whatIsWrong = (page: string): string[] => problemsOfPage(page, rules).map(({ line, what }) => `${line}: ${what}`);
const wrongIn = (source: string, isTest = false): string[] =>
  problemsOfSource("page.tsx", source, isTest, rules).map(({ line, what }) => `${line}: ${what}`);
const words = (count: number): string => Array.from({ length: count }, () => "so").join(" ");

test("the rules of prose come from the glossary's table", () => {
  expect(rules.length).toBeGreaterThan(40);
});

describe("a forbidden word", () => {
  test("a forbidden word is found anywhere in a page, with its replacement", () => {
    const page = "# The house\n\nA verb\nis told.\n\n- a wish\n\n| a | gate |\n";
    expect(whatIsWrong(page)).toEqual([
      '1: "house": say module, layer, folder',
      '3: "told": say notify, send, publish, say, show',
      '3: "verb": say use case',
      '6: "wish": say form input, intent',
      '8: "gate": say fault proxy; check, passed or failed',
    ]);
  });

  test("a forbidden word is allowed in code, addresses and permitted phrases", () => {
    const page = "A `verb` at [this page](house.md), a dead letter, at most\ntwo.\n\n```\nthe house\n```\n";
    expect(whatIsWrong(page)).toEqual([]);
  });

  test("a forbidden word is found across lines, and not within another word", () => {
    expect(whatIsWrong("A change is held\nup, unknown to warehouses.")).toEqual([
      '1: "held": say placeholder',
      '1: "held\nup": say blocked by the circuit breaker',
    ]);
  });
});

test("a sentence of more than 35 words before a full stop or colon is found", () => {
  expect(whatIsWrong(`${words(35)}.`)).toEqual([]);
  expect(whatIsWrong(`${words(18)}: ${words(18)}.`)).toEqual([]);
  expect(whatIsWrong(`${words(18)}\n${words(18)}.`)).toEqual([expect.stringMatching(/^1: a sentence of more than 35/)]);
});

test("a line of more than 120 columns is found, but for tables, addresses and code", () => {
  const long = `${words(30)}. ${words(30)}.`.slice(0, 121);
  expect(whatIsWrong(long)).toEqual(["1: more than 120 columns"]);
  expect(whatIsWrong(`| ${long} |\n\n![${long}](a.png)\n\n[a](${"b".repeat(120)})\n\n\`\`\`\n${long}\n\`\`\``)).toEqual(
    [],
  );
  expect(whatIsWrong(`- \`${long.replaceAll(".", "")}\``)).toEqual([]);
});

describe("the language of source code", () => {
  const verb = '"verb": say use case';
  const long = expect.stringMatching(/^2: a sentence of more than 35/);

  test.each([
    ["a string", "'Type a verb.'"],
    ["a template", "`Type a verb for ${name}.`"],
    ["JSX text", "<p>Type a <b>verb</b>.</p>"],
    ["an attribute", "<input placeholder='Type a verb' />"],
    ["a line comment", "0; // A verb."],
    ["a comment of several lines", "0; /**\n * A\n * verb.\n */"],
  ])("a forbidden word is found in %s of source code", (_, code) => {
    expect(wrongIn(`\nconst it = ${code}`)).toContain(`2: ${verb}`);
  });

  test.each([
    ["a string", `"${words(36)}."`],
    ["a template", `\`${words(18)} \${name} ${words(18)}.\``],
    ["JSX text", `<p>${words(18)} <b>so</b> {name} ${words(18)}.</p>`],
  ])("a long sentence is found in %s of source code", (_, code) => {
    expect(wrongIn(`\nconst it = ${code}`)).toEqual([long]);
  });

  test("a long line is found in a comment of source code", () => {
    const long = words(60);
    expect(wrongIn(`\n// ${long}`)).toEqual(["2: more than 120 columns"]);
    expect(wrongIn(`\n/**\n * ${long}\n */`)).toEqual(["2: more than 120 columns"]);
    expect(wrongIn(`const it = "${words(30)}. ${words(30)}.";`)).toEqual([]);
  });

  test("codes, types, imports, SQL and tests have no checked texts", () => {
    expect(
      wrongIn('import it from "./verb file"; type It = "a verb"; it("verb", sql`SELECT verb FROM verbs`);'),
    ).toEqual([]);
    expect(wrongIn("it('a verb'); // A verb.", true)).toEqual([`1: ${verb}`]);
  });
});
