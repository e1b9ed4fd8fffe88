import fc from "fast-check";
import { expect, test } from "vitest";
import { itemText, listText, readList } from "./list-text.ts";

test.each<[string, string[]]>([
  ["Rust, SQLite ,,Hono", ["Rust", "SQLite", "Hono"]],
  ['"Compilers, advanced",Databases', ["Compilers, advanced", "Databases"]],
  ['Databases , "Compilers, advanced"', ["Databases", "Compilers, advanced"]],
  ['"He said ""yes"", twice"', ['He said "yes", twice']],
  ['5" disks, 3.5" disks', ['5" disks', '3.5" disks']],
  ["Led a team\nBuilt the platform\r\n", ["Led a team", "Built the platform"]],
  ['"two\nlines",one', ["two\nlines", "one"]],
  [" , ,", []],
  ['""', []],
])("a list is read from what was typed: %j", (typed, items) => {
  expect(readList(typed)).toEqual({ ok: true, value: items });
});

test.each(['"Rust', '"Rust" and Go', 'Go,"Rust', '"a""'])(
  "a list with a quote that does not close an item is refused, not guessed: %j",
  (typed) => {
    expect(readList(typed)).toMatchObject({ ok: false, reason: { rule: expect.stringContaining("quote") as string } });
  },
);

test("an item is shown in quotes only where it would be read as something else", () => {
  expect(listText(["Rust", "Compilers, advanced", 'say "x"'])).toBe('Rust, "Compilers, advanced", "say ""x"""');
  expect(itemText("C++ (20)")).toBe("C++ (20)");
});

test("a list that is written is read as the same list", () => {
  const item = fc
    .string({ unit: fc.constantFrom('"', ",", " ", "\n", "\r", "\t", "a", "é", "👩‍💻", "\\", "=") })
    .filter((text) => text.trim() !== "");
  fc.assert(
    fc.property(fc.array(item), (items) => {
      expect(readList(listText(items))).toEqual({ ok: true, value: items });
    }),
  );
});
