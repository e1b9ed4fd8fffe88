import type { TestProjectInlineConfiguration } from "vitest/config";

/** The client and the command line against a scripted server in virtual time, in plain Node. bot/api/typed-client.test.ts tests the client against the Worker. */
export const client: TestProjectInlineConfiguration = {
  test: {
    name: "client",
    environment: "node",
    isolate: false,
    include: ["clients/sdk/**/*.test.ts", "clients/cli/**/*.test.ts"],
  },
};
