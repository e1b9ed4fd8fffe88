/** The bot Worker in workerd: real D1, Durable Objects and queue; Slack and the targets are strict stand-ins. */
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { mkdirSync } from "node:fs";
import { build } from "esbuild";
import { kCurrentWorker } from "miniflare";
import type { Plugin, TestProjectInlineConfiguration } from "vitest/config";
import { unstable_readConfig } from "wrangler";

/** wrangler replaces imports of Bolt that a Worker cannot load. Vite does not, so Bolt is bundled here likewise. */
const bundledBolt = (): Plugin => {
  const { alias } = unstable_readConfig({ config: "./wrangler.toml" });
  const id = "\0bundled-bolt";
  return {
    name: "bundled-bolt",
    enforce: "pre",
    resolveId: (source) => (source === "@slack/bolt" ? id : null),
    load: async (loaded) => {
      if (loaded !== id) return null;
      const { outputFiles } = await build({
        stdin: { contents: 'export { App, LogLevel } from "@slack/bolt";', resolveDir: process.cwd() },
        bundle: true,
        write: false,
        format: "esm",
        platform: "node",
        alias: alias ?? {},
        banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
      });
      return outputFiles[0]?.text ?? null;
    },
  };
};

// wrangler.toml names the assets; the tests provide their own pages.
mkdirSync("dist/bot", { recursive: true });

/** As committed: what an engineer has in .env changes no test. */
const { vars, services = [] } = unstable_readConfig({ config: "./wrangler.toml" });

const fake = (entrypoint: string) => ({ name: kCurrentWorker, entrypoint });
/** A target that the tests do not script is served by the first stand-in. */
const serviceBindings = {
  ...Object.fromEntries(services.map(({ binding }: { binding: string }) => [binding, fake("FakeD1cv")])),
  AI_AGENT: fake("FakeAiAgent"),
};

interface Differences {
  /** Replace those of wrangler.toml. */
  variables?: Record<string, string>;
  /** By binding: databases beside the first. */
  databases?: Record<string, string>;
}

const botProject = async (name: string, include: string[], { variables = {}, databases = {} }: Differences = {}) => ({
  plugins: [
    bundledBolt(),
    cloudflareTest({
      main: "./test/support/bot/worker.ts",
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          ...vars,
          ...variables,
          CONTRACT_RUNS: process.env["CONTRACT_RUNS"] ?? "12",
          CONTRACT_SEED: process.env["CONTRACT_SEED"] ?? "1",
          TEST_MIGRATIONS: await readD1Migrations("./migrations"),
        },
        d1Databases: databases,
        serviceBindings,
        queueConsumers: {
          "cv-push": { maxBatchSize: 10, maxBatchTimeout: 0 },
          "cv-index": { maxBatchSize: 10, maxBatchTimeout: 0 },
          "cv-deliveries": { maxBatchSize: 10, maxBatchTimeout: 0 },
        },
      },
    }),
  ],
  test: {
    name,
    isolate: false,
    // Slow machines: benchmarks measure durations.
    testTimeout: 30_000,
    include,
    setupFiles: ["test/support/bot/set-up.ts"],
  },
});

const secret = (name: string): string => `whsec_${btoa(`a secret of 24 bytes or more: ${name}`)}`;
const targetNames = ["d1cv", "ai-agent"];

/** Two workspaces, each with its own token, portfolio and secrets: rows, which the test makes. */
const twoWorkspaces = {
  SLACK_BOT_TOKEN: "",
  TARGET_CREDENTIALS: JSON.stringify(
    Object.fromEntries(
      ["ours", "theirs"].flatMap((owner) =>
        targetNames.map((name) => {
          const entry = `${owner}/${name}`;
          return [
            entry,
            { request: [secret(`${entry} request`)], webhook: [secret(`${entry} webhook`)], read: `read-${entry}` },
          ];
        }),
      ),
    ),
  ),
};

/** Targets of other names and another number than those that we have. */
const threeTargets = {
  DEFAULT_TARGETS: JSON.stringify([
    { name: "blog", binding: "D1CV", portfolioId: "noor-vega" },
    { name: "search-engine", alias: "engine", binding: "AI_AGENT", portfolioId: "noor-vega" },
    // The same service as the first, under a name of its own.
    { name: "archive", binding: "D1CV", portfolioId: "noor-vega" },
  ]),
  TARGET_CREDENTIALS: JSON.stringify(
    Object.fromEntries(
      [
        ["blog", "first"],
        ["search-engine", "second"],
        ["archive", "first"],
      ].map(([name, service]) => [
        name,
        { request: [secret(`${service} request`)], webhook: [secret(`${service} webhook`)], read: `read-${service}` },
      ]),
    ),
  ),
};

const ownProjects: Record<string, Differences> = {
  "two-workspaces": { variables: twoWorkspaces },
  "three-targets": { variables: threeTargets },
  "two-databases": { databases: { DB_2: "cv-ops-staging-2" } },
};

export const bot: TestProjectInlineConfiguration[] = [
  await botProject("bot", [
    "bot/**/*.test.ts",
    "!bot/bundle.test.ts",
    ...Object.keys(ownProjects).map((name) => `!bot/${name}.test.ts`),
  ]),
  ...(await Promise.all(
    Object.entries(ownProjects).map(([name, differences]) => botProject(name, [`bot/${name}.test.ts`], differences)),
  )),
];
