/** What exists at Cloudflare beside the Workers: databases, queues, the cache, the search index, the backups. */
import { embeddingDimensions } from "../../shared/targets/embedding.ts";
import { bucketJurisdiction, resourcesOf } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import type { Ran, Wrangler } from "./wrangler.ts";

/** What a wrangler command with `--json` printed; wrangler may print lines before it. */
const jsonOf = (ran: Ran): unknown => {
  const from = ran.out.search(/^[[{]/m);
  if (ran.code !== 0 || from === -1) throw new Error(`wrangler did not print JSON:\n${ran.out}\n${ran.err}`.trim());
  return JSON.parse(ran.out.slice(from));
};

const entriesOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);

/** Id by name, as a listing shows them; empty in a dry run. */
const listed = async (wrangler: Wrangler, args: string[], name: string, id: string): Promise<Map<string, string>> => {
  const ran = await wrangler.look(args);
  if (ran === null) return new Map();
  return new Map(entriesOf(jsonOf(ran)).map((entry) => [String(entry[name]), String(entry[id])]));
};

const databases = (wrangler: Wrangler) => listed(wrangler, ["d1", "list", "--json"], "name", "uuid");
const namespaces = (wrangler: Wrangler) => listed(wrangler, ["kv", "namespace", "list"], "title", "id");
const indexes = (wrangler: Wrangler) => listed(wrangler, ["vectorize", "list", "--json"], "name", "name");

/** Queues have no listing for programs. One that is missing makes `info` fail and say so. */
const hasQueue = async (wrangler: Wrangler, queue: string): Promise<boolean> => {
  const ran = await wrangler.look(["queues", "info", queue]);
  if (ran === null) return false;
  if (ran.code === 0) return true;
  if (/does not exist/i.test(`${ran.out}${ran.err}`)) return false;
  throw new Error(`wrangler queues info ${queue} failed:\n${ran.out}\n${ran.err}`.trim());
};

/** Its arguments where R2 has the production's jurisdiction; otherwise the bucket is near the databases. */
const ofBuckets = (production: Production): string[] => {
  const jurisdiction = bucketJurisdiction(production);
  return jurisdiction === null ? [] : ["--jurisdiction", jurisdiction];
};

const isRefusal = (error: unknown, refusal: RegExp): boolean => error instanceof Error && refusal.test(error.message);

/** wrangler lists no buckets for programs, so it is asked to make each. Codes: developers.cloudflare.com/r2/api. */
const createBuckets = async (production: Production, wrangler: Wrangler): Promise<void> => {
  const where = ofBuckets(production);
  const near = production.jurisdiction === "us" ? "enam" : production.location;
  for (const bucket of resourcesOf(production).buckets) {
    try {
      await wrangler.run(["r2", "bucket", "create", bucket, ...(where.length > 0 ? where : ["--location", near])]);
    } catch (error) {
      if (!isRefusal(error, /\b10004\b|already exists/i)) throw error;
    }
  }
};

/** @returns those that stay: R2 deletes none that holds anything, and backups outlive what they are of */
const deleteBuckets = async (production: Production, wrangler: Wrangler): Promise<string[]> => {
  const left: string[] = [];
  for (const bucket of resourcesOf(production).buckets) {
    try {
      await wrangler.run(["r2", "bucket", "delete", bucket, ...ofBuckets(production)]);
    } catch (error) {
      if (isRefusal(error, /\b10008\b|not empty/i)) left.push(bucket);
      else if (!isRefusal(error, /\b10006\b|does not exist/i)) throw error;
    }
  }
  return left;
};

const cacheOf = ({ name }: Production): string => `${name}-cache`;

/** Makes what is missing, and returns the production with the ids of all. `save` is called after each. */
export const createResources = async (
  production: Production,
  wrangler: Wrangler,
  save: (production: Production) => void,
): Promise<Production> => {
  let now = production;
  const { databases: wanted, queues, indexes: wantedIndexes } = resourcesOf(production);

  const where =
    production.jurisdiction === null
      ? ["--location", production.location]
      : ["--jurisdiction", production.jurisdiction];
  let existing = await databases(wrangler);
  const missing = wanted.filter(({ name }) => !existing.has(name));
  await Promise.all(missing.map(({ name }) => wrangler.run(["d1", "create", name, ...where])));
  existing = await databases(wrangler);
  const ids = wanted.map(({ key, name }): [string, string] => [key, existing.get(name) ?? ""]);
  now = { ...now, databases: Object.fromEntries(ids.filter(([, id]) => id !== "")) };
  save(now);

  if (!(await namespaces(wrangler)).has(cacheOf(production)))
    await wrangler.run(["kv", "namespace", "create", cacheOf(production)]);
  now = { ...now, cache: (await namespaces(wrangler)).get(cacheOf(production)) ?? null };
  save(now);

  await Promise.all(
    queues.map(async (queue) => {
      if (!(await hasQueue(wrangler, queue))) await wrangler.run(["queues", "create", queue]);
    }),
  );
  const indexed = await indexes(wrangler);
  for (const index of wantedIndexes) {
    if (!indexed.has(index))
      await wrangler.run(["vectorize", "create", index, `--dimensions=${embeddingDimensions}`, "--metric=cosine"]);
  }
  await createBuckets(production, wrangler);
  return now;
};

/** Removes all of it, with what it holds. What is already gone is no fault. @returns the buckets that stay */
export const deleteResources = async (production: Production, wrangler: Wrangler): Promise<string[]> => {
  const { databases: all, queues, indexes: allIndexes } = resourcesOf(production);
  await Promise.all(
    queues.map(async (queue) => {
      if (wrangler.isDry || (await hasQueue(wrangler, queue))) await wrangler.run(["queues", "delete", queue]);
    }),
  );
  const indexed = await indexes(wrangler);
  for (const index of allIndexes) {
    if (wrangler.isDry || indexed.has(index)) await wrangler.run(["vectorize", "delete", index, "--force"]);
  }
  const cache = (await namespaces(wrangler)).get(cacheOf(production)) ?? (wrangler.isDry ? "<id>" : undefined);
  if (cache !== undefined)
    await wrangler.run(["kv", "namespace", "delete", "--namespace-id", cache, "--skip-confirmation"]);
  const existing = await databases(wrangler);
  const left = all.filter(({ name }) => wrangler.isDry || existing.has(name));
  await Promise.all(left.map(({ name }) => wrangler.run(["d1", "delete", name, "--skip-confirmation"])));
  return deleteBuckets(production, wrangler);
};

/** Of all databases in the account. */
export const databaseNames = async (wrangler: Wrangler): Promise<string[]> => [...(await databases(wrangler)).keys()];
