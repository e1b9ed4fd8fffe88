/** What keeps a person's act from happening twice, and a page from asking twice. */
import { expect, test } from "vitest";
import { createPeopleBook } from "./people-book.ts";
import { createIdempotencyKey } from "./idempotency-key.ts";

test("the same act has the same key until there is an answer; another has another", () => {
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

test("all people of a page are requested for together and once, and are called by their ids until then", async () => {
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

test("names that could not be had are requested for again when they are met again", async () => {
  const { book, requested, pass } = setUp([() => Promise.reject(new Error("No answer"))]);
  book.nameOf("U0PRIYA01");
  await pass();
  book.nameOf("U0PRIYA01");
  await pass();
  expect(requested).toEqual([["U0PRIYA01"], ["U0PRIYA01"]]);
});
