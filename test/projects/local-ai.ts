import { cloudflareTest } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

export const localAi: TestProjectInlineConfiguration = {
  plugins: [cloudflareTest({ wrangler: { configPath: "playground/local-ai/wrangler.toml" } })],
  test: { name: "local-ai", include: ["playground/local-ai/vector*.test.ts"] },
};
