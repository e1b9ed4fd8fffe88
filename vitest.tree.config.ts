import { defineConfig } from "vitest/config";

/** What holds for the tree as a whole, read from its files in plain Node. */
export default defineConfig({
  test: { name: "tree", environment: "node", include: ["test/boundaries.test.ts"] },
});
