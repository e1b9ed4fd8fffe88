import type { TestProjectInlineConfiguration } from "vitest/config";

/** Rules for the whole repository, checked on its files in plain Node. */
export const tree: TestProjectInlineConfiguration = {
  test: { name: "tree", environment: "node", isolate: false, include: ["test/*.test.ts"] },
};
