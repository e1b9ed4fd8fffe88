import type { TestProjectInlineConfiguration } from "vitest/config";

/** Follows the guides in a copy of the repository, with a type check for each forgotten step. */
export const guides: TestProjectInlineConfiguration = {
  test: {
    name: "guides",
    environment: "node",
    include: ["test/guides/*.test.ts"],
    // Five at most wait for each other's copies.
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
};
