import type { TestProjectInlineConfiguration } from "vitest/config";

/** Stories of the whole stack, started as `npm start` does. Two stacks at a time: each has six Workers and a model. */
export const stories: TestProjectInlineConfiguration = {
  test: {
    name: "stories",
    include: ["test/stories/*.test.ts", "test/live/*.test.ts"],
    globalSetup: ["test/stories/pages.ts"],
    maxWorkers: 2,
    sequence: { groupOrder: 2 },
    // The concurrent stories of one file share its stack.
    maxConcurrency: 20,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};
