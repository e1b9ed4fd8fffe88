import type { TestProjectInlineConfiguration } from "vitest/config";

/** What holds for the tree as a whole, read from its files in plain Node. */
export const tree: TestProjectInlineConfiguration = {
  test: { name: "tree", environment: "node", isolate: false, include: ["test/*.test.ts"] },
};
