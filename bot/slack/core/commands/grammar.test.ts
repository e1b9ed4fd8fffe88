import { describe, expect, test } from "vitest";
import { Random } from "../../../../test/support/random.ts";
import { type Arguments, type OptionSpec, numberOf, parseArguments, splitCommand } from "./grammar.ts";

const options: OptionSpec[] = [
  { name: "target", value: "all, or targets" },
  { name: "message", short: "m", value: "a message in quotes" },
  { name: "page", value: "the number of a page", isNumber: true },
  { name: "draft" },
];

const parsed = (typed: string): Arguments => {
  const result = parseArguments(typed, options);
  if (!result.ok) throw new Error(result.reason.code);
  return result.value;
};

describe("the arguments of a command", () => {
  test.each<[typed: string, expected: Partial<Arguments>]>([
    ["update technology python-1", { positionals: ["update", "technology", "python-1"] }],
    ["experience_years=8", { fields: { experience_years: "8" } }],
    ['name="Rust lang" category=Backend', { fields: { name: "Rust lang", category: "Backend" } }],
    ["name=", { fields: { name: "" } }],
    ['name=""', { fields: { name: "" } }],
    ["Experience-Years=8", { fields: { experience_years: "8" } }],
    ["url=https://x.example/?a=b", { fields: { url: "https://x.example/?a=b" } }],
    ['technologies=Rust,"C, C++"', { fields: { technologies: 'Rust,"C, C++"' } }],
    ['"a=b"', { positionals: ["a=b"] }],
    ["=b", { positionals: ["=b"] }],
    ["5=b", { positionals: ["5=b"] }],
    ["--target=ai", { options: { target: "ai" } }],
    ["--target ai", { options: { target: "ai" } }],
    ["--TARGET ai", { options: { target: "ai" } }],
    ["—target=ai", { options: { target: "ai" } }],
    ['-m "Skill updates"', { options: { message: "Skill updates" } }],
    ['-m="Skill updates"', { options: { message: "Skill updates" } }],
    ["–m “Skill updates”", { options: { message: "Skill updates" } }],
    ['--message "Skill updates" --draft', { options: { message: "Skill updates" }, switches: ["draft"] }],
    ["--page #2", { options: { page: "#2" }, numbers: { page: 2 } }],
    ["--page two", { options: { page: "two" } }],
    ['-m "--draft"', { options: { message: "--draft" } }],
    ["-1", { positionals: ["-1"] }],
    ["-", { positionals: ["-"] }],
    ["--", { positionals: ["--"] }],
    ['"--draft"', { positionals: ["--draft"] }],
  ])("the arguments %j are parsed into their parts", (typed, expected) => {
    expect(parsed(typed)).toEqual({ positionals: [], fields: {}, options: {}, numbers: {}, switches: [], ...expected });
  });

  test.each([
    [
      "--tarket=ai",
      {
        code: "unknown_option",
        typed: "--tarket=ai",
        suggestion: "--target",
        allowed: ["--target", "--message", "--page", "--draft"],
      },
    ],
    [
      "--zzz",
      {
        code: "unknown_option",
        typed: "--zzz",
        suggestion: null,
        allowed: ["--target", "--message", "--page", "--draft"],
      },
    ],
    ["-m", { code: "option_value_required", option: "-m", value: "a message in quotes" }],
    ["--target=", { code: "option_value_required", option: "--target=", value: "all, or targets" }],
    ["name=a name=b", { code: "duplicate_field", field: "name" }],
    ["name=a Name=b", { code: "duplicate_field", field: "name" }],
    ['name="Rust', { code: "unclosed_quote", after: "Rust" }],
  ])("the arguments %j are refused with a reason", (typed, reason) => {
    expect(parseArguments(typed, options)).toEqual({ ok: false, reason });
  });

  test("the arguments may have fields with names that every object has", () => {
    expect(Object.keys(parsed("constructor=1 toString=2").fields)).toEqual(["constructor", "tostring"]);
  });

  test("the parser of arguments never throws", () => {
    const random = new Random("grammar");
    const alphabet = ["-", "--", "m", "target", "=", " ", '"', "'", "a", "_", "—", ",", "🦀", "draft", "x=1"];
    for (let round = 0; round < 5000; round += 1) {
      const typed = random.text(alphabet, 20);
      expect(() => parseArguments(typed, options), JSON.stringify(typed)).not.toThrow();
    }
  });
});

test.each([
  ["", { name: "", rest: "" }],
  ["  ", { name: "", rest: "" }],
  ["HELP", { name: "help", rest: "" }],
  [" stage\n update x ", { name: "stage", rest: "update x " }],
])("the name of the command is split from %j", (typed, expected) => {
  expect(splitCommand(typed)).toEqual(expected);
});

test.each([
  ["42", 42],
  ["#42", 42],
  ["#", null],
  ["4 2", null],
  ["4.2", null],
  ["-1", null],
  ["1234567890", null],
  ["٤٢", null],
  [undefined, null],
])("the number in the word %j is %j", (word, number) => {
  expect(numberOf(word)).toBe(number);
});
