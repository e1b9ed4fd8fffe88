import type { TestProjectInlineConfiguration } from "vitest/config";

/** The page's pure functions and its markup, in plain Node without a Worker. */
export const page: TestProjectInlineConfiguration = {
  test: { name: "page", environment: "node", isolate: false, include: ["tools/playground/page/**/*.test.{ts,tsx}"] },
};
