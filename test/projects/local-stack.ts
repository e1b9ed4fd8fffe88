import type { TestProjectInlineConfiguration } from "vitest/config";

/** Tests in Node: the seed's data, the start scripts, and Workers that need wrangler's bundle. */
export const localStack: TestProjectInlineConfiguration = {
  test: {
    name: "local-stack",
    include: [
      "tools/playground/local-ai/stand-ins.slow.test.ts",
      "tools/playground/seed/*.test.ts",
      "tools/playground/demo/*.test.ts",
      "tools/playground/migrate.test.ts",
    ],
    // On a network that drops packets, each start would otherwise take 17 s longer.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
};
