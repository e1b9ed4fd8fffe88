/** Tests of the target services, each in a separate Worker with its own D1, and of the index consumer. */
import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProjectInlineConfiguration } from "vitest/config";

/** Replaces Workers that these tests do not run; tests pass stand-ins in `env`. */
const absent = () => new Response("not in this test", { status: 503 });

const targetProject = async (target: string, include: string[] = []) => ({
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
  test: {
    name: target,
    isolate: false,
    include: [`targets/${target}/**/*.test.ts`, ...include],
    setupFiles: ["test/support/shared/fresh-before-each.ts"],
  },
});

/** Every target but the two that have tests elsewhere as well. */
const others = globSync("targets/*/wrangler.toml", { cwd: join(import.meta.dirname, "../..") })
  .map((path) => basename(dirname(path)))
  .filter((target) => target !== "d1cv" && target !== "ai-agent")
  .toSorted();

export const targets: TestProjectInlineConfiguration[] = [
  await targetProject("d1cv", ["targets/service/**/*.test.ts"]),
  await targetProject("ai-agent", ["consumers/index-*.test.ts"]),
  ...(await Promise.all(others.map((target) => targetProject(target)))),
];
