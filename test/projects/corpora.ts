import type { TestProjectInlineConfiguration } from "vitest/config";

/** Corpora of attacks and generated inputs against pure functions, in plain Node. */
export const corpora: TestProjectInlineConfiguration = {
  test: {
    name: "corpora",
    environment: "node",
    isolate: false,
    include: ["test/corpora/*.test.ts", "test/fuzz/*.test.ts"],
  },
};
