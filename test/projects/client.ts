import type { TestProjectInlineConfiguration } from "vitest/config";

/** Client and command line against a scripted server in virtual time. bot/api/typed-client.test.ts has the real one. */
export const client: TestProjectInlineConfiguration = {
  test: {
    name: "client",
    environment: "node",
    isolate: false,
    include: ["clients/sdk/**/*.test.ts", "clients/cli/**/*.test.ts"],
  },
};
