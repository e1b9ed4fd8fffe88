/**
 * The bot and the queue consumers as wrangler uploads them, in one workerd with real D1, queues and Durable Objects.
 * The local stack's own Workers and `wrangler dev` keep and log every request and would distort the measurement.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { migrate } from "../../tools/playground/migrate.ts";
import { findFreePort } from "../../tools/playground/stack.ts";

const repository = resolve(import.meta.dirname, "../..");
const configurations = { "cv-ops": "wrangler.toml", "cv-ops-consumers": "consumers/wrangler.toml" };

/** A memory file system avoids disk latency: a write takes 5 to 50 ms more on a busy disk. */
const [inMemory] = ["/dev/shm"].filter((folder) => existsSync(folder));

const run = promisify(execFile);

const bundle = async (configuration: string, folder: string): Promise<string> => {
  const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
  // wrangler wants the folder of the pages to be there; nobody asks for them here.
  mkdirSync(join(repository, "dist/bot"), { recursive: true });
  const options = ["deploy", "--dry-run", "--env", "production", "-c", configuration, "--outdir", folder];
  await run(process.execPath, [wrangler, ...options], {
    cwd: repository,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
  const [script] = globSync("*.js", { cwd: folder });
  if (script === undefined) throw new Error(`${configuration} was not bundled`);
  return join(folder, basename(script));
};

/** Listens on a free port. @param variables replace those of the configurations */
const start = async (
  folder: string,
  variables: Record<string, string>,
): Promise<{ url: string; miniflare: Miniflare }> => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const [workers] = await Promise.all([
    Promise.all(
      Object.entries(configurations).map(async ([name, configuration]) => {
        const scriptPath = await bundle(configuration, join(folder, name));
        const { workerOptions } = unstable_getMiniflareWorkerOptions(join(repository, configuration));
        const absent = Object.keys({ ...(workerOptions["serviceBindings"] as object) }).map((binding) => [
          binding,
          () => new Response(`${binding} is not there`, { status: 503 }),
        ]);
        return {
          ...workerOptions,
          name,
          rootPath: folder,
          modules: [{ type: "ESModule", path: scriptPath }],
          bindings: { ...(workerOptions["bindings"] as object), ...variables, PUBLIC_URL: url },
          serviceBindings: Object.fromEntries(absent),
        };
      }),
    ),
    migrate(folder),
  ]);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      resourcePersistencePath: join(folder, "v3"),
      // The thousands of log lines are discarded.
      handleStructuredLogs: () => undefined,
      workers,
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  return { url, miniflare };
};

/** A separate process: the garbage of wrangler and Miniflare would delay the measurement. */
process.once("message", (variables: Record<string, string>) => {
  void (async () => {
    const folder = await mkdtemp(join(inMemory ?? tmpdir(), "cv-ops-live-"));
    try {
      const { url, miniflare } = await start(folder, variables);
      process.send?.({ url });
      await once(process, "disconnect");
      await miniflare.dispose();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  })();
});
