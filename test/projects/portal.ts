import type { TestProjectInlineConfiguration } from "vitest/config";

/** The portal's pure functions, in plain Node. The browser project tests its pages. */
export const portal: TestProjectInlineConfiguration = {
  test: { name: "portal", environment: "node", isolate: false, include: ["clients/{portal,reference}/**/*.test.ts"] },
};
