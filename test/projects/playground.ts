import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

const compatibilityDate = "2026-10-20";
const fake = (name: string, script: string) => ({ name, modules: true, script, compatibilityDate });
const fakeBot = readFileSync(join(import.meta.dirname, "../../tools/playground/slack/testing/fake-bot.js"), "utf8");
const echo =
  "export default { scheduled() { throw new Error('broken on purpose') }, async fetch(request) { return Response.json({ url: request.url, authorization: request.headers.get('authorization') }) } }";

/** The local Slack against a scripted bot, in workerd. */
export const playground: TestProjectInlineConfiguration = {
  plugins: [
    cloudflareTest({
      main: "./tools/playground/slack/testing/worker.ts",
      miniflare: {
        compatibilityDate,
        compatibilityFlags: ["nodejs_compat"],
        bindings: {
          ENVIRONMENT: "local",
          SLACK_SIGNING_SECRET: "local-signing-secret",
          SLACK_BOT_TOKEN: "xoxb-local-cv-ops",
          PUBLIC_URL: "http://localhost:8787",
          LOCAL_STACK_HOSTS: "",
          ACCESS_TEAM_DOMAIN: "http://localhost:8787/playground/access",
          ACCESS_AUD: "local-cv-ops",
          SLACK_CLIENT_ID: "1111111111.2222222222",
          SLACK_CLIENT_SECRET: "local-client-secret",
          SLACK_TOKEN_ROTATION: "false",
        },
        durableObjects: { LOCAL_SLACK: { className: "LocalSlack", useSQLite: true } },
        queueProducers: { PUSH_QUEUE: "cv-push" },
        serviceBindings: { BOT: "fake-bot", D1CV: "echo", AI_AGENT: "echo", ASSETS: "assets" },
        workers: [
          fake("fake-bot", fakeBot),
          fake("echo", echo),
          fake("assets", "export default { fetch(request) { return new Response(new URL(request.url).pathname) } }"),
        ],
      },
    }),
  ],
  test: {
    name: "playground",
    include: ["tools/playground/app.test.ts", "tools/playground/access.test.ts", "tools/playground/slack/**/*.test.ts"],
    isolate: false,
    setupFiles: ["./tools/playground/slack/testing/set-up.ts"],
  },
};
