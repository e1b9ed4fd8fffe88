/** Tests of the target services, each in a separate Worker with its own D1, and of the index consumer. */
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

/** Replaces Workers that these tests do not run; tests pass stand-ins in `env`. */
const absent = () => new Response("not in this test", { status: 503 });

const targetProject = async (target: "d1cv" | "ai-agent", include: string[]) => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: `./targets/${target}/wrangler.toml` },
      miniflare: {
        bindings: { TEST_MIGRATIONS: await readD1Migrations(`./targets/${target}/migrations`) },
        serviceBindings: {
          CV_OPS: absent,
          PLAYGROUND: absent,
          ...(target === "ai-agent" ? { AI: absent, VECTORIZE: absent } : {}),
        },
      },
    }),
  ],
  test: { name: target, isolate: false, include, setupFiles: ["test/support/shared/fresh-before-each.ts"] },
});

export const targets: TestProjectInlineConfiguration[] = [
  await targetProject("d1cv", ["targets/service/**/*.test.ts", "targets/d1cv/**/*.test.ts"]),
  await targetProject("ai-agent", ["targets/ai-agent/**/*.test.ts", "consumers/index-*.test.ts"]),
];
