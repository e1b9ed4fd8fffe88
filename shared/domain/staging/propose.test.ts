import { describe, expect, test } from "vitest";
import type { FieldValues } from "../portfolio/entity.ts";
import type { EntityType } from "../portfolio/registry.ts";
import { findRows, indexRows } from "./find-rows.ts";
import { propose, proposeFrom } from "./propose.ts";
import type { CachedRow } from "./proposal.ts";

const row = (entityType: EntityType, id: string, values: FieldValues): CachedRow => ({ entityType, id, values });
const technology = (id: string, name: string, more: FieldValues = {}): CachedRow =>
  row("technology", id, { name, category: "Backend", ...more });

const rows = [
  technology("python-1", "Python", { experience_years: 5, level: "Advanced" }),
  technology("jquery-1", "jQuery", { category: "Frontend" }),
  technology("go-1", "Go"),
  technology("c-1", "C"),
  technology("cpp-1", "C++"),
  technology("java-1", "Java"),
  technology("javascript-1", "JavaScript"),
  technology("react-1", "React"),
  technology("react-native-1", "React Native"),
  technology("node-1", "Node.js"),
  row("project", "tide-1", { name: "Tide tables", description: "Forecasts", technologies: ["Rust", "jQuery"] }),
  row("experience", "harbour-1", { company: "Harbour Labs", role: "Senior engineer", start_date: "2021-03" }),
  row("certification", "cloud-1", { name: "Cloud Architect", issuer: "Cloud Institute" }),
  row("profile", "noor-1", { name: "Noor Vega", headline: "Engineer for the web", email: "noor@example.com" }),
];

/** As short as a test reads: "update python-1 {…}". */
const read = (text: string): string[] =>
  propose(text, rows).proposals.map(
    ({ action, entityType, row: id, values }) =>
      `${action.toLowerCase()} ${id ?? entityType} ${JSON.stringify(values)}`,
  );

describe("rows found in a text", () => {
  const found = (text: string): string[] => findRows(text, indexRows(rows)).map((mention) => mention.row.id);
  test.each([
    ["we use python a lot", ["python-1"]],
    ["PYTHON!", ["python-1"]],
    ["see python-1", ["python-1"]],
    ["python-10 is another id", []],
    ["React Native and React", ["react-native-1", "react-1"]],
    ["JavaScript is not the other one", ["javascript-1"]],
    ["C++ is fast", ["cpp-1"]],
    ["I know C", ["c-1"]],
    ["let's go, it is c o'clock", []],
    ["Go is a language", ["go-1"]],
    ["Node.js, please", ["node-1"]],
    ["at Harbour Labs", ["harbour-1"]],
    ["Senior engineer at Harbour Labs", ["harbour-1"]],
    ["pythonic", []],
    ["", []],
  ])("the rows found in the text %j are %j", (text, ids) => {
    expect(found(text)).toEqual(ids);
  });

  test("a row of the type that the text names is preferred", () => {
    const duplicates = [technology("rust-1", "Rust"), row("certification", "rust-2", { name: "Rust", issuer: "X" })];
    expect(findRows("the certification Rust", indexRows(duplicates))[0]?.row.id).toBe("rust-2");
    expect(findRows("Rust", indexRows(duplicates))[0]?.row.id).toBe("rust-1");
  });
});

describe("a value of a row", () => {
  test.each([
    ["Python is 8 years now", 'update python-1 {"experience_years":8}'],
    ["python is now 8 years", 'update python-1 {"experience_years":8}'],
    ["Python: 8 yrs, Expert", 'update python-1 {"experience_years":8,"level":"Expert"}'],
    ["We have 8+ years of Python by now.", 'update python-1 {"experience_years":8}'],
    ["Python 7.5 years", 'update python-1 {"experience_years":7.5}'],
    ["Python is at 85 %", 'update python-1 {"proficiency_percent":85}'],
    ["Set Python level to expert", 'update python-1 {"level":"Expert"}'],
    ["Python level: Expert", 'update python-1 {"level":"Expert"}'],
    ["Python level Advanced → Expert", 'update python-1 {"level":"Expert"}'],
    ["Python years 5 -> 8", 'update python-1 {"experience_years":8}'],
    ["Python → 8 years", 'update python-1 {"experience_years":8}'],
    ["python-1 experience_years=8 level=Expert", 'update python-1 {"experience_years":8,"level":"Expert"}'],
    ["update technology python-1 experience_years=8", 'update python-1 {"experience_years":8}'],
    ['Python summary="Snakes, mostly"', 'update python-1 {"summary":"Snakes, mostly"}'],
    ["Python should be featured", 'update python-1 {"is_featured":true}'],
    ["*Python* is `8 years` now", 'update python-1 {"experience_years":8}'],
    ["drop Python to 3 years", 'update python-1 {"experience_years":3}'],
    ["jQuery category is Tools", 'update jquery-1 {"category":"Tools"}'],
    ["Harbour Labs end date is 2025-01", 'update harbour-1 {"end_date":"2025-01"}'],
    ["Tide tables url: https://tide.example", 'update tide-1 {"url":"https://tide.example"}'],
    ["headline is Engineer of quiet systems", 'update noor-1 {"headline":"Engineer of quiet systems"}'],
    ['Change the headline to "Engineer, twice"', 'update noor-1 {"headline":"Engineer, twice"}'],
    ["email: noor@vega.example", 'update noor-1 {"email":"noor@vega.example"}'],
    ["Add Rust to Tide tables", null],
    ["add Go to Tide tables", 'update tide-1 {"technologies":["Rust","jQuery","Go"]}'],
    ["remove jQuery from Tide tables", 'update tide-1 {"technologies":["Rust"]}'],
  ])("a proposal reads the new value of a row from %j", (text, expected) => {
    if (expected === null) expect(read(text).filter((line) => line.includes("technologies"))).toEqual([]);
    else expect(read(text)).toEqual([expected]);
  });

  test("a proposal of a present or invalid value leaves the change to the person", () => {
    expect(read("Python is 5 years")).toEqual(["update python-1 {}"]);
    expect(read("Python is 99 years now")).toEqual(["update python-1 {}"]);
  });
});

describe("a row to delete", () => {
  test.each([
    ["drop jQuery", ["delete jquery-1 {}"]],
    ["Please remove jQuery.", ["delete jquery-1 {}"]],
    ["delete jquery-1", ["delete jquery-1 {}"]],
    ["Can we get rid of jQuery?", ["delete jquery-1 {}"]],
    ["remove jQuery and React Native", ["delete jquery-1 {}", "delete react-native-1 {}"]],
    ["drop Backbone", []],
  ])("a proposal reads which rows to delete from %j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe("a new row", () => {
  test.each([
    ["add Rust, 1 year, Backend", 'create technology {"name":"Rust","experience_years":1,"category":"Backend"}'],
    ["Add technology Rust, Backend", 'create technology {"name":"Rust","category":"Backend"}'],
    ["Please add a new skill Zig with 2 years", 'create technology {"name":"Zig","experience_years":2}'],
    ["add Rust", 'create technology {"name":"Rust"}'],
    ["add Rust category=Backend", 'create technology {"name":"Rust","category":"Backend"}'],
    [
      "add certification Kube Admin, Kube Institute, 2024-05",
      'create certification {"name":"Kube Admin","issuer":"Kube Institute","issued_date":"2024-05"}',
    ],
    ["add Python, 8 years", 'update python-1 {"experience_years":8}'],
  ])("a proposal reads a new row from %j", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  test("a proposal makes no new row of a sentence that merely begins with add", () => {
    expect(read("add the numbers up before the meeting tomorrow")).toEqual([]);
  });
});

describe("a new name", () => {
  test.each([
    ["rename Python to Python 3", 'update python-1 {"name":"Python 3"}'],
    ["Python → Python 3", 'update python-1 {"name":"Python 3"}'],
    ["Tide tables -> Tides", 'update tide-1 {"name":"Tides"}'],
  ])("a proposal reads a new name from %j", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  test("a proposal renames only a row that exists", () => {
    expect(read("rename Cobol to COBOL")).toEqual([]);
    expect(read("Cobol → COBOL")).toEqual([]);
  });
});

describe("several changes", () => {
  const expected = [
    'update python-1 {"experience_years":8}',
    "delete jquery-1 {}",
    'create technology {"name":"Rust","experience_years":1,"category":"Backend"}',
  ];
  test.each(["- ", "* ", "• ", "1. ", "2) ", ""])("a proposal reads changes from a list marked with %j", (mark) => {
    const lines = ["Python is 8 years now", "drop jQuery", "add Rust, 1 year, Backend"];
    expect(read(lines.map((line) => `${mark}${line}`).join("\n"))).toEqual(expected);
  });

  test("a proposal reads changes after an introduction and from several sentences", () => {
    expect(read("For the CV:\n- Python is 8 years now\n- drop jQuery")).toEqual(expected.slice(0, 2));
    expect(read("Python is 8 years now. Drop jQuery; add Rust, 1 year, Backend")).toEqual(expected);
    expect(read("Python is 8 years and Go is 3 years")).toEqual([expected[0], 'update go-1 {"experience_years":3}']);
  });

  test("a proposal joins all changes to one row, also those under its name", () => {
    const one = ['update python-1 {"experience_years":8,"level":"Expert"}'];
    expect(read("Python is 8 years now\nPython level is Expert")).toEqual(one);
    expect(read("Python\nyears: 8\nlevel: Expert")).toEqual(one);
    expect(read("Python:\n- years: 8\n- level: Expert")).toEqual(one);
    expect(propose("Python:\n- years: 8\n- level: Expert", rows).proposals[0]?.line).toBe("years: 8, level: Expert");
  });

  test("a proposal ends the lines under a row's name at another row or a gap", () => {
    expect(read("Python:\nyears: 8\n\nlevel: Expert")).toEqual(['update python-1 {"experience_years":8}']);
    expect(read("Python:\nyears: 8\nGo is 3 years")).toEqual([expected[0], 'update go-1 {"experience_years":3}']);
  });
});

describe("a message without a change", () => {
  test.each([
    "",
    "   ",
    "good morning",
    "lunch at 12?",
    "https://example.com",
    "Python and Go are fine",
    "a → b",
    "=",
    "- ",
  ])("nothing is proposed for the message %j", (text) => {
    expect(read(text)).toEqual([]);
  });

  test("a message that changes nothing still proposes the row that it names", () => {
    expect(read("we should look at Python some day")).toEqual(["update python-1 {}"]);
  });

  test("a message of any length is read for proposals in under three seconds", () => {
    const startMs = performance.now();
    for (const text of [
      "a ".repeat(20_000),
      "→".repeat(5000),
      "add ".repeat(3000),
      "- x\n".repeat(3000),
      "level is ".repeat(1000),
    ]) {
      expect(propose(text, rows).proposals.length).toBeLessThanOrEqual(60);
    }
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
});

describe("what a message says of several things", () => {
  const parted = (text: string): { read: string[]; left: string[] } => ({
    read: read(text),
    left: propose(text, rows).notUnderstood,
  });

  test.each<[string, string[], string[]]>([
    ["Rust to 3 years, Go to 10 years", ['update go-1 {"experience_years":10}'], ["Rust to 3 years"]],
    ["Go to 10 years, Rust to 3 years", ['update go-1 {"experience_years":10}'], ["Rust to 3 years"]],
    ["Rust to 3 years and Go to 10 years", ['update go-1 {"experience_years":10}'], ["Rust to 3 years"]],
    ["- Rust to 3 years\n- Go to 10 years", ['update go-1 {"experience_years":10}'], ["Rust to 3 years"]],
    ["Rust: 3 years, Go: 10 years", ['update go-1 {"experience_years":10}'], ["Rust: 3 years"]],
    ["Rust → 3 years, Go → 10 years", ['update go-1 {"experience_years":10}'], ["Rust → 3 years"]],
    [
      "Python to 8 years, Go to 10 years and Java is Expert",
      [
        'update python-1 {"experience_years":8}',
        'update go-1 {"experience_years":10}',
        'update java-1 {"level":"Expert"}',
      ],
      [],
    ],
    ["Python and Go are 8 years", ['update go-1 {"experience_years":8}'], ["Python"]],
    ["Python, like Go, is 8 years", ['update go-1 {"experience_years":8}'], ["Python"]],
    ["Python:\n- Rust to 3 years\n- level: Expert", ['update python-1 {"level":"Expert"}'], ["Rust to 3 years"]],
    ["Python to 8 years, and dance", ['update python-1 {"experience_years":8}'], ["dance"]],
    ["drop jQuery, Python to 8 years", ["delete jquery-1 {}", 'update python-1 {"experience_years":8}'], []],
    ["drop jQuery, Backbone and React Native", ["delete jquery-1 {}", "delete react-native-1 {}"], ["Backbone"]],
    ["Python is 99 years, Go is 3 years", ['update go-1 {"experience_years":3}'], ["Python is 99 years"]],
    [
      "add Rust, 1 year, Backend, Python to 8 years",
      [
        'create technology {"name":"Rust","experience_years":1,"category":"Backend"}',
        'update python-1 {"experience_years":8}',
      ],
      [],
    ],
    ["add Rust and Zig", ['create technology {"name":"Rust"}', 'create technology {"name":"Zig"}'], []],
    ["Tide tables technologies: Rust, Python", ['update tide-1 {"technologies":["Rust","Python"]}'], []],
    ["Please set Python to 8 years, thanks", ['update python-1 {"experience_years":8}'], []],
    ["Ｐｙｔｈｏｎ to 8 years", ['update python-1 {"experience_years":8}'], []],
  ])("each number goes to its nearest row, and what is not understood is listed: %j", (text, expected, left) => {
    expect(parted(text)).toEqual({ read: expected, left });
  });

  test("what does not fit into a message's form is said", () => {
    expect(propose(`Python is 8 years\n${"x".repeat(5000)}`, rows).notUnderstood.at(-1)).toContain("4000 characters");
  });

  test("the name of a row that contains a comma or an and is not split", () => {
    const firm = row("experience", "firm-1", { company: "Smith, Jones and Co", role: "Engineer", start_date: "2020" });
    expect(propose("Smith, Jones and Co location: Lisbon", [...rows, firm])).toMatchObject({
      proposals: [{ row: "firm-1", values: { location: "Lisbon" } }],
      notUnderstood: [],
    });
  });

  test("a message is compared with 1,000 rows in as few look-ups as with ten", () => {
    const many = Array.from({ length: 1000 }, (_, index) => technology(`tool-${index}`, `Apache Tool ${index}`));
    const texts = [
      "Apache Tool 7 to 8 years, ".repeat(160),
      "Apache ".repeat(600),
      "and, ".repeat(800),
      "a".repeat(4000),
      "Nothing of it is 3 years, ".repeat(160),
    ];
    for (const text of texts) {
      const index = indexRows(many);
      proposeFrom(text.slice(0, 4000), index);
      expect(index.lookups).toBeLessThan(60_000);
    }
  });
});
