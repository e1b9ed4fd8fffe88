import { defineConfig } from "vitest/config";

/** The page's pure parts and its markup, in plain Node: no Worker takes part. */
export default defineConfig({
  test: { name: "page", environment: "node", include: ["playground/page/**/*.test.{ts,tsx}"] },
});
