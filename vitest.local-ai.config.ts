import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: "playground/local-ai/wrangler.toml" } })],
  test: { name: "local-ai", include: ["playground/local-ai/vector*.test.ts"] },
});
