/** Which plan an account has. No address of Cloudflare's API says it to a log-in of wrangler. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/tree.ts";
import type { Wrangler } from "./wrangler.ts";

const folder = "dist/production/plan";

/** The free plan takes no Worker that sets a limit of its own: github.com/cloudflare/workers-sdk/issues/8756. */
const limitRefused = /\[code: 100328\]/;

/**
 * Uploads a Worker without an address that sets such a limit, and deletes it again.
 * @returns whether the account has Workers Paid
 */
export const hasPaidPlan = async (wrangler: Wrangler, name: string): Promise<boolean> => {
  const worker = `${name}-plan`;
  const configuration = `${folder}/wrangler.json`;
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, folder, "worker.js"),
    "export default { fetch: () => new Response(null, { status: 404 }) };\n",
  );
  writeFileSync(
    join(root, configuration),
    JSON.stringify({
      name: worker,
      main: "worker.js",
      compatibility_date: "2026-01-01",
      workers_dev: false,
      preview_urls: false,
      limits: { cpu_ms: 1000 },
    }),
  );
  try {
    await wrangler.run(["deploy", "-c", configuration]);
  } catch (error) {
    if (error instanceof Error && limitRefused.test(error.message)) return false;
    throw error;
  }
  await wrangler.run(["delete", "--name", worker, "-c", configuration, "--force"]);
  return true;
};
