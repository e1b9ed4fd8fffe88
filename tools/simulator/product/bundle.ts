/** Bundles the product for the simulator with the package aliases of wrangler.toml and the simulated globals. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { threadId } from "node:worker_threads";
import { type Plugin, build } from "esbuild";
import { unstable_readConfig } from "wrangler";
import { previousSources } from "../../../test/support/previous-release.ts";
import { type Mutant, mutated } from "../mutants/mutant.ts";

const root = join(import.meta.dirname, "../../..");

/** Applies a seeded bug to its files. */
const withMutant = (mutant: Mutant): Plugin => ({
  name: "mutant",
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(root, path);
      if (!mutant.patches.some((patch) => patch.file === file)) return undefined;
      return { contents: mutated(readFileSync(path, "utf8"), file, mutant), loader: "ts" };
    });
  },
});

const bundleSources = async (sources: string, mutant: Mutant | null): Promise<string> => {
  const { alias } = unstable_readConfig({ config: join(sources, "wrangler.toml") });
  const replaced = Object.entries<string>(alias ?? {}).map(([name, path]) => [name, join(sources, path)]);
  const { outputFiles } = await build({
    entryPoints: [join(sources, "tools/simulator/product/index.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node22",
    logLevel: "error",
    alias: {
      ...Object.fromEntries(replaced),
      "cloudflare:workers": join(import.meta.dirname, "cloudflare-workers.ts"),
    },
    inject: [join(import.meta.dirname, "surroundings.ts")],
    define: { "globalThis.fetch": "fetch", "Math.random": "simulatedRandom" },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
    plugins: mutant ? [withMutant(mutant)] : [],
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = join(root, "node_modules/.cache/simulator");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.mjs`);
  // Several processes may build the same bundle: the rename prevents partial reads.
  const written = `${file}.${process.pid}.${threadId}`;
  writeFileSync(written, contents);
  renameSync(written, file);
  return file;
};

/** @returns the path of the bundle; the same product gives the same file */
export const bundleProduct = (mutant: Mutant | null): Promise<string> => bundleSources(root, mutant);

/** @returns the path of the previous release's bundle; null in a clone without its commit */
export const bundlePrevious = async (): Promise<string | null> => {
  const sources = previousSources();
  return sources && bundleSources(sources, null);
};
