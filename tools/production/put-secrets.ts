/** A Worker's secrets, which Cloudflare takes by another command after a rollback. */
import { configurationPath } from "./configurations.ts";
import type { ProductionWorker } from "./workers.ts";
import type { Wrangler } from "./wrangler.ts";

/** wrangler names both codes: VERSION_NOT_DEPLOYED_ERR_CODES. */
const isNotDeployed = (error: unknown): boolean =>
  error instanceof Error && /\b1021[45]\b|latest version of \S+ \S+ (?:is not|isn't)/i.test(error.message);

/**
 * To a Worker that does not exist yet wrangler makes a placeholder, to which the others can bind. After a rollback the
 * latest version is not the one that is live, and `secret bulk` is refused, because it would deploy that version. The
 * secrets then wait in a version of their own, from which the deployment that follows takes them.
 */
export const putSecretsOf = async (
  wrangler: Pick<Wrangler, "run">,
  worker: ProductionWorker,
  secrets: Readonly<Record<string, string>>,
): Promise<void> => {
  const more = { input: JSON.stringify(secrets) };
  const about = ["secret", "bulk", "-c", configurationPath(worker)];
  try {
    await wrangler.run(about, more);
  } catch (error) {
    if (!isNotDeployed(error)) throw error;
    await wrangler.run(["versions", ...about], more);
  }
};
