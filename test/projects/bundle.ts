import type { TestProjectInlineConfiguration } from "vitest/config";

/** The Workers as wrangler uploads them, built by wrangler. */
export const bundle: TestProjectInlineConfiguration = { test: { name: "bundle", include: ["bot/bundle.test.ts"] } };
