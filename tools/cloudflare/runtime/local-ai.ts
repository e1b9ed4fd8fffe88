/** Workers AI and Vectorize of the Workers here: the stand-ins of the local stack. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import type { VectorIndex } from "../state.ts";
import { aiWorker, type WorkerOptions } from "./workers.ts";

const repository = resolve(import.meta.dirname, "../../..");
const configuration = join(repository, "tools/playground/local-ai/wrangler.toml");
const run = promisify(execFile);

const moduleTypes: Record<string, string> = { ".wasm": "CompiledWasm", ".js": "ESModule", ".bin": "Data" };

const typeOf = (file: string): string | undefined =>
  Object.entries(moduleTypes).find(([ending]) => file.endsWith(ending))?.[1];

/**
 * Bundled once for each state directory.
 * @param index the account's; one that was made again is another one, without vectors
 */
export const aiOptions = async (directory: string, index: VectorIndex | undefined): Promise<WorkerOptions> => {
  const folder = join(directory, "local-ai");
  if (!existsSync(join(folder, "index.js"))) await bundle(folder);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(configuration);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => typeOf(file) !== undefined);
  return {
    ...workerOptions,
    name: aiWorker,
    bindings: {
      ...(workerOptions["bindings"] as Record<string, unknown> | undefined),
      ...(index && {
        INDEX_NAME: `${index.name} of ${index.created_on}`,
        INDEX_DIMENSIONS: String(index.config.dimensions),
      }),
    },
    modulesRoot: folder,
    modules: files
      .toSorted((one, other) => Number(other === "index.js") - Number(one === "index.js"))
      .map((file) => ({ type: typeOf(file), path: join(folder, file) })),
  } as unknown as WorkerOptions;
};

/** The stand-ins' own configuration refuses to be deployed, even for a bundle. */
const bundle = async (folder: string): Promise<void> => {
  const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const { main, compatibility_date, compatibility_flags, define } = unstable_readConfig({ config: configuration });
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, "wrangler.json");
  writeFileSync(copy, JSON.stringify({ name: aiWorker, main, compatibility_date, compatibility_flags, define }));
  const options = ["deploy", "--dry-run", "-c", copy, "--outdir", folder];
  await run(process.execPath, [wrangler, ...options], {
    cwd: repository,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
};
