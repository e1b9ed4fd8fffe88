import type { TestProjectInlineConfiguration } from "vitest/config";

/** The rules of our Slacks, and the one in memory. */
export const slack: TestProjectInlineConfiguration = {
  test: { name: "slack", environment: "node", isolate: false, include: ["{tools,test/support}/slack/*.test.ts"] },
};
