/** shared/ and the queue consumers in workerd: real D1 with the staging migrations; targets are strict stand-ins. */
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

export const shared: TestProjectInlineConfiguration = {
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-10-20",
        compatibilityFlags: ["nodejs_compat"],
        d1Databases: ["DB"],
        r2Buckets: ["HISTORY"],
        bindings: { TEST_MIGRATIONS: await readD1Migrations("./migrations") },
      },
    }),
  ],
  test: {
    name: "shared",
    isolate: false,
    // Slow machines: benchmarks measure durations.
    testTimeout: 30_000,
    // It is with the target whose rows it indexes.
    include: ["shared/**/*.test.ts", "consumers/*.test.ts", "!consumers/index-vectors.test.ts"],
    setupFiles: ["./test/support/shared/apply-migrations.ts"],
  },
};
