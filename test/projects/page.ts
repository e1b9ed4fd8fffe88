import type { TestProjectInlineConfiguration } from "vitest/config";

/** The page's pure parts and its markup, in plain Node: no Worker takes part. */
export const page: TestProjectInlineConfiguration = {
  test: { name: "page", environment: "node", isolate: false, include: ["tools/playground/page/**/*.test.{ts,tsx}"] },
};
