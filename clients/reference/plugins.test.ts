import { describe, expect, test } from "vitest";
import { search } from "./plugins.ts";
import type { List, Map as Tags, Operation, System } from "./swagger-ui.d.ts";

interface Described {
  path: string;
  operationId: string;
  summary: string;
  description?: string;
}

/** As much of Immutable.js as Swagger UI hands over. */
const operation = (of: Described): Operation & Described => ({
  ...of,
  get: (key) => (key === "method" ? "post" : of.path),
  getIn: ([, key = ""]) => of[key as "summary"],
});
const list = (operations: Operation[]): List & { operations: Operation[] } => ({
  operations,
  size: operations.length,
  filter: (fits) => list(operations.filter(fits)),
});
const tagOf = (operations: List) => ({
  get: () => operations,
  update: (_key: "operations", to: (operations: List) => List) => tagOf(to(operations)),
});
const tagsOf = (tags: ReturnType<typeof tagOf>[]): Tags & { tags: typeof tags } => ({
  tags,
  map: (to) => tagsOf(tags.map((tag) => to(tag) as ReturnType<typeof tagOf>)),
  filter: (fits) => tagsOf(tags.filter(fits)),
});

const all = tagsOf([
  tagOf(list([operation({ path: "/stage", operationId: "stageChange", summary: "Stage a change" })])),
  tagOf(
    list([
      operation({ path: "/commits/{number}/approve", operationId: "approveCommit", summary: "Approve a commit" }),
      operation({
        path: "/commits/{number}/withdraw",
        operationId: "withdrawApproval",
        summary: "Take back",
        description: "Until its push has begun.",
      }),
    ]),
  ),
]);

describe("the search of the API reference", () => {
  const find = (phrase: string): string[] => {
    const found = search({} as System).fn?.opsFilter(all, phrase) as typeof all;
    return found.tags.flatMap((tag) =>
      (tag.get() as ReturnType<typeof list>).operations.map((each) => (each as unknown as Described).operationId),
    );
  };

  test.each([
    ["APPROVE", ["approveCommit"]],
    ["commits", ["approveCommit", "withdrawApproval"]],
    ["push begun", ["withdrawApproval"]],
    ["stageChange", ["stageChange"]],
    ["commit stage", []],
  ])("the phrase %s finds operations by address, name and description", (phrase, expected) => {
    expect(find(phrase)).toEqual(expected);
  });
});
