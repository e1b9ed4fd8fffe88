import type { TestProjectInlineConfiguration } from "vitest/config";

/** The fault simulator in plain Node: determinism, a failing state for each invariant, and a few hundred seeds. */
export const simulator: TestProjectInlineConfiguration = {
  test: {
    name: "simulator",
    environment: "node",
    isolate: false,
    include: ["tools/simulator/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
};
