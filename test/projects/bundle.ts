import type { TestProjectInlineConfiguration } from "vitest/config";

/** What wrangler would upload, built by wrangler itself. */
export const bundle: TestProjectInlineConfiguration = { test: { name: "bundle", include: ["bot/bundle.test.ts"] } };
