import type { TestProjectInlineConfiguration } from "vitest/config";

/** What runs in Node: the seed's data, the start scripts, and Workers that only work when wrangler bundles them. */
export const localStack: TestProjectInlineConfiguration = {
  test: {
    name: "local-stack",
    sequence: { groupOrder: 1 },
    include: [
      "tools/playground/local-ai/stand-ins.slow.test.ts",
      "tools/playground/seed/*.test.ts",
      "tools/playground/demo/*.test.ts",
      "tools/playground/migrate.test.ts",
      "tools/playground/stack.slow.test.ts",
    ],
    // Without it a network that swallows packets costs 17 s at every start.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
};
