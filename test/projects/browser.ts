import type { TestProjectInlineConfiguration } from "vitest/config";

/** Users of the local Slack and the portal in Chromium: `npm run test:browser`. One test at a time, on one stack. */
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

/** Runs only where it is named: `npm test` does not require a browser. */
export const isAskedFor = (name: string, given: readonly string[]): boolean =>
  given.includes(`--project=${name}`) || given.some((word, index) => word === "--project" && given[index + 1] === name);
