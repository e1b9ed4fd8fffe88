import type { TestProjectInlineConfiguration } from "vitest/config";

/** The stand-in of Cloudflare: by requests as wrangler sends them, and by the real wrangler. */
export const cloudflare: TestProjectInlineConfiguration = {
  test: {
    name: "cloudflare",
    include: ["tools/cloudflare/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};
