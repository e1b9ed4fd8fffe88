/** Which version of a Worker is live, and which were before it, as Cloudflare says. */
import * as z from "zod";
import { configurationPath } from "./configurations.ts";
import type { Ran, Wrangler } from "./wrangler.ts";
import type { ProductionWorker } from "./workers.ts";

const deployment = z.object({
  created_on: z.string(),
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});

const version = z.object({
  id: z.string(),
  metadata: z.object({ created_on: z.string() }),
  annotations: z.optional(z.record(z.string(), z.unknown())),
});
export type Version = z.infer<typeof version>;

const jsonIn = (ran: Ran): unknown => JSON.parse(ran.out.slice(Math.max(0, ran.out.search(/^[[{]/m))));

const isMissing = (ran: Ran): boolean =>
  /\b(?:10007|10090)\b|does not exist|has no deployments/i.test(`${ran.out}${ran.err}`);

const failed = (what: string, ran: Ran): Error => new Error(`wrangler ${what} failed:\n${ran.out}\n${ran.err}`.trim());

/** The last ten, newest first. Null where there is no such Worker. */
const deployments = async (
  wrangler: Wrangler,
  worker: ProductionWorker,
): Promise<z.infer<typeof deployment>[] | null> => {
  const ran = await wrangler.look(["deployments", "list", "--json", "-c", configurationPath(worker)]);
  if (ran === null) return null;
  if (ran.code !== 0) {
    if (isMissing(ran)) return null;
    throw failed("deployments list", ran);
  }
  const found = z.array(deployment).parse(jsonIn(ran));
  return found.toSorted((a, b) => b.created_on.localeCompare(a.created_on));
};

/** The last ten, newest first. */
const versions = async (wrangler: Wrangler, worker: ProductionWorker): Promise<Version[]> => {
  const ran = await wrangler.look(["versions", "list", "--json", "-c", configurationPath(worker)]);
  if (ran === null) return [];
  if (ran.code !== 0) throw failed("versions list", ran);
  return z
    .array(version)
    .parse(jsonIn(ran))
    .toSorted((a, b) => b.metadata.created_on.localeCompare(a.metadata.created_on));
};

/** These programs tag each version that they upload. */
const isRelease = ({ annotations }: Version): boolean => Boolean(annotations?.["workers/tag"]);

export interface Live {
  /** Null where the Worker is not there, or is a placeholder for its secrets. */
  current: Version | null;
  /** What was live before, newest first: versions that are older than the current one. */
  earlier: Version[];
}

export const liveVersions = async (wrangler: Wrangler, worker: ProductionWorker): Promise<Live> => {
  const all = await deployments(wrangler, worker);
  if (all === null || all.length === 0) return { current: null, earlier: [] };
  const known = await versions(wrangler, worker);
  const wasLive = all.flatMap((one) => one.versions.map(({ version_id }) => version_id));
  const ofCurrent = new Set(all[0]?.versions.map(({ version_id }) => version_id));
  const current = known.find(({ id }) => ofCurrent.has(id)) ?? null;
  // Cloudflare makes versions too, when a secret is set: before the first release they are placeholders.
  if (current === null || !known.some(isRelease)) return { current: null, earlier: [] };
  return {
    current,
    earlier: known.filter(
      ({ id, metadata }) => wasLive.includes(id) && metadata.created_on < current.metadata.created_on,
    ),
  };
};
