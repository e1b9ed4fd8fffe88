import type { TestProjectInlineConfiguration } from "vitest/config";

/** Follows the guides in a copy of the repository, with a type check for each forgotten step. */
export const guides: TestProjectInlineConfiguration = {
  test: {
    name: "guides",
    environment: "node",
    include: ["test/guides/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
};
