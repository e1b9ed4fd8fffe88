import { expect, test } from "vitest";
import fc from "fast-check";
import { type Subject, fuzz, holds } from "./subject.ts";
import { subjects } from "./subjects.ts";

/** A share of the inputs of `npm run fuzz`, the same in every run. */
const inputs = 400;
const seed = 20_261_125;

test.each(subjects)("fuzzing finds no counterexample for $name", { timeout: 60_000 }, async (subject) => {
  const { failure } = await fuzz(subject, { inputs, seed });
  expect(failure).toBeNull();
});

test("a failure of fuzzing is reproduced from its seed, path and minimal input", async () => {
  const wrong: Subject = {
    name: "texts are short",
    share: 1,
    property: () => holds(fc.string(), (text) => (text.length > 3 ? "too long" : null)),
  };
  const first = await fuzz(wrong, { inputs: 1000, seed });
  expect(first.failure).toMatchObject({ error: expect.stringContaining("too long") });
  expect(JSON.parse(first.failure?.shrunk ?? "[]")).toEqual([expect.stringMatching(/^.{4}$/)]);
  const again = await fuzz(wrong, { inputs: 1000, seed, path: first.failure?.path ?? "" });
  expect(again).toMatchObject({ inputs: 1, failure: { shrunk: first.failure?.shrunk } });
});
