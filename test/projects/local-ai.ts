import { cloudflareTest } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

export const localAi: TestProjectInlineConfiguration = {
  plugins: [cloudflareTest({ wrangler: { configPath: "tools/playground/local-ai/wrangler.toml" } })],
  test: { name: "local-ai", isolate: false, include: ["tools/playground/local-ai/vector*.test.ts"] },
};
