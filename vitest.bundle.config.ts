import { defineConfig } from "vitest/config";

/** What wrangler would upload, built by wrangler itself. */
export default defineConfig({ test: { name: "bundle", include: ["bot/bundle.test.ts"] } });
