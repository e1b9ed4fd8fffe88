import type { TestProjectInlineConfiguration } from "vitest/config";

/** People at the local Slack's page, in a real Chromium: `npm run test:browser`. All share one stack, so one test runs at a time. */
export const browser: TestProjectInlineConfiguration = {
  test: {
    name: "browser",
    environment: "node",
    include: ["test/browser/*.test.ts"],
    globalSetup: ["test/browser/stack.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
};

/** It needs a browser, which `npm test` does not: it takes part only where it is named. */
export const isAskedFor = (name: string, given: readonly string[]): boolean =>
  given.includes(`--project=${name}`) || given.some((word, index) => word === "--project" && given[index + 1] === name);
