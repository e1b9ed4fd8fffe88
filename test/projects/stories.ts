import type { TestProjectInlineConfiguration } from "vitest/config";

/** Stories of the whole stack, started as `npm start` does. Two stacks at a time: each has six Workers and a model. */
export const stories: TestProjectInlineConfiguration = {
  test: {
    name: "stories",
    include: ["test/stories/*.test.ts", "test/live/*.test.ts", "tools/playground/stack.slow.test.ts"],
    globalSetup: ["test/stories/pages.ts"],
    // The concurrent stories of one file share its stack.
    maxConcurrency: 20,
    // On a network that drops packets, each start would otherwise take 17 s longer.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};
