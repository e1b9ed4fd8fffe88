/** What keeps a person's act from happening twice, and a page from asking twice. */
import { expect, test } from "vitest";
import { createPeopleBook } from "./people-book.ts";
import { createIdempotencyKey } from "./idempotency-key.ts";

test("an idempotency key stays with its request until there is an answer", () => {
  let made = 0;
  const key = createIdempotencyKey(() => `key-${(made += 1)}`);
  expect([key.of({ scope: "all" }), key.of({ scope: "all" })]).toEqual(["key-1", "key-1"]);
  expect(key.of({ scope: "d1cv" })).toBe("key-2");
  key.forget();
  expect(key.of({ scope: "d1cv" })).toBe("key-3");
});

const setUp = (answers: (() => Promise<{ userId: string; name: string }[]>)[]) => {
  const requested: string[][] = [];
  const later: (() => void)[] = [];
  const book = createPeopleBook({
    read: (userIds) => {
      requested.push(userIds);
      return answers.shift()?.() ?? Promise.resolve([]);
    },
    soon: (run) => void later.push(run),
  });
  const pass = async (): Promise<void> => {
    for (const run of later.splice(0)) run();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { book, requested, pass };
};

test("people of a page are requested together and once, with ids until then", async () => {
  const { book, requested, pass } = setUp([() => Promise.resolve([{ userId: "U0PRIYA01", name: "Priya" }])]);
  expect(["U0PRIYA01", "U0AVERY01", "U0PRIYA01", "ai-agent"].map(book.nameOf)).toEqual([
    "U0PRIYA01",
    "U0AVERY01",
    "U0PRIYA01",
    "ai-agent",
  ]);
  await pass();
  expect(requested).toEqual([["U0PRIYA01", "U0AVERY01"]]);
  expect(["U0PRIYA01", "U0AVERY01"].map(book.nameOf)).toEqual(["Priya", "U0AVERY01"]);
  await pass();
  expect(requested).toHaveLength(1);
});

test("people whose request failed are requested again when they appear again", async () => {
  const { book, requested, pass } = setUp([() => Promise.reject(new Error("No answer"))]);
  book.nameOf("U0PRIYA01");
  await pass();
  book.nameOf("U0PRIYA01");
  await pass();
  expect(requested).toEqual([["U0PRIYA01"], ["U0PRIYA01"]]);
});
