import type { TestProjectInlineConfiguration } from "vitest/config";

/** Setting up and deploying: plain Node. What runs wrangler is slow. */
export const production: TestProjectInlineConfiguration = {
  test: {
    name: "production",
    environment: "node",
    include: ["tools/production/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
};
