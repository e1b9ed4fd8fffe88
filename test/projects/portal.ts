import type { TestProjectInlineConfiguration } from "vitest/config";

/** The portal's pure parts, in plain Node. People at its pages: the browser project. */
export const portal: TestProjectInlineConfiguration = {
  test: { name: "portal", environment: "node", isolate: false, include: ["clients/portal/**/*.test.ts"] },
};
