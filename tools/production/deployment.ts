/** Replaces the Workers of one production, one after the other, and puts them back where the smoke test fails. */
import { execFileSync } from "node:child_process";
import { configurationPath, ownDatabases, writeConfigurations } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import { type Version, liveVersions } from "./versions.ts";
import { type ProductionWorker, workers } from "./workers.ts";
import type { Ran, Wrangler } from "./wrangler.ts";

export interface Deployer {
  production: Production;
  wrangler: Wrangler;
  /** Says what is done. */
  print: (line: string) => void;
  /** In a dry run, which asks nothing: whether there would be an earlier version. */
  hasVersions: boolean;
  /** Rejects with what does not work. */
  smokeTest: () => Promise<void>;
}

interface Replacement {
  worker: ProductionWorker;
  /** Null where it is the first. */
  before: Version | null;
  /** The uploaded version that waits; null: it is uploaded and deployed in one step. */
  uploaded: string | null;
}

const commit = (): string => {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    // Unpacked from an archive.
    return "unversioned";
  }
};

/** What a version is tagged with; Cloudflare takes 100 characters. */
const releaseName = (): string => `${new Date().toISOString().slice(0, 16).replaceAll(":", "")}-${commit()}`;

/** Steps only add (test/migrations.test.ts), so the versions that are live go on with the new schema. */
export const migrate = async ({ production, wrangler, print }: Deployer): Promise<void> => {
  const all = workers.flatMap((worker) => ownDatabases(production, worker).map((database) => ({ worker, database })));
  await Promise.all(
    all.map(async ({ worker, database }) => {
      await wrangler.run(["d1", "migrations", "apply", database, "--remote", "-c", configurationPath(worker)]);
      print(`✓ ${database} has the schema of this release`);
    }),
  );
};

const versionIdOf = ({ did }: Ran): string => {
  const id = did.find(({ type }) => type === "version-upload")?.["version_id"];
  if (typeof id !== "string") throw new Error("wrangler versions upload did not say which version it uploaded");
  return id;
};

/** Class migrations of Durable Objects are no part of a version (error 10211): they go live as they are uploaded. */
const needsClassMigration = (error: unknown): boolean =>
  error instanceof Error && /\b10211\b|pending Durable Object migration/i.test(error.message);

const upload = async (
  { wrangler, print, hasVersions }: Deployer,
  worker: ProductionWorker,
  release: string,
): Promise<Replacement> => {
  const { current: before } = await liveVersions(wrangler, worker);
  // A first version may bind to what the Workers before it in the order bring.
  if (wrangler.isDry ? !hasVersions : before === null) return { worker, before, uploaded: null };
  const args = ["versions", "upload", "-c", configurationPath(worker), "--tag", release];
  try {
    const ran = await wrangler.run(args);
    if (wrangler.isDry) return { worker, before, uploaded: "<version>" };
    print(`✓ ${worker.name} is uploaded, and not live yet`);
    return { worker, before, uploaded: versionIdOf(ran) };
  } catch (error) {
    if (!needsClassMigration(error)) throw error;
    print(
      `• ${worker.name} brings a new class of Durable Objects: it goes live in its turn, and cannot be rolled back`,
    );
    return { worker, before, uploaded: null };
  }
};

const replace = async (deployer: Deployer, { worker, uploaded }: Replacement, release: string): Promise<void> => {
  const { wrangler, print } = deployer;
  const configuration = ["-c", configurationPath(worker)];
  if (uploaded === null) {
    await wrangler.run(["deploy", ...configuration, "--tag", release]);
  } else {
    await wrangler.run(["versions", "deploy", `${uploaded}@100%`, "-y", ...configuration, "--message", release]);
    // Schedules, routes and queues are not part of a version.
    await wrangler.run(["triggers", "deploy", ...configuration]);
  }
  print(`✓ ${worker.name} is live`);
};

/**
 * Newest first: what calls goes back before what is called. One that cannot be put back keeps no other from it.
 * @returns the names of those that could not
 */
export const putBack = async (
  { wrangler, print }: Deployer,
  replaced: readonly { worker: ProductionWorker; before: Version | null }[],
): Promise<string[]> => {
  const left: string[] = [];
  for (const { worker, before } of replaced.toReversed()) {
    if (before === null) {
      print(`• ${worker.name} has no version to go back to`);
      left.push(worker.name);
      continue;
    }
    // The one at which a deployment stopped may never have been replaced.
    if ((await liveVersions(wrangler, worker)).current?.id === before.id) continue;
    const to = ["rollback", before.id, "-y", "-c", configurationPath(worker), "--message", "CV Ops: rolled back"];
    try {
      await wrangler.run(to);
      print(`✓ ${worker.name} is back at ${before.id}`);
    } catch (error) {
      print(`✗ ${worker.name} stays at the new version: ${error instanceof Error ? error.message : String(error)}`);
      left.push(worker.name);
    }
  }
  return left;
};

/** Throws where a step fails; what was live before is live again then, as far as Cloudflare lets it. */
export const deploy = async (deployer: Deployer): Promise<void> => {
  const release = releaseName();
  writeConfigurations(deployer.production);
  await migrate(deployer);
  const uploads = await Promise.all(workers.map((worker) => upload(deployer, worker, release)));
  const replaced: Replacement[] = [];
  try {
    for (const one of uploads) {
      replaced.push(one);
      await replace(deployer, one, release);
    }
    await deployer.smokeTest();
  } catch (error) {
    const isFirst = replaced.every(({ before }) => before === null);
    deployer.print(
      isFirst
        ? "✗ It does not work yet. What is uploaded stays: repair the cause, and type the command again"
        : "✗ It does not work: what was live before is put back",
    );
    if (!isFirst) await putBack(deployer, replaced);
    throw error;
  }
  deployer.print(`✓ Release ${release} is live at ${deployer.production.url}`);
};

/** Puts each Worker back to the version that was live before its current one. Throws where one stays. */
export const rollback = async (deployer: Deployer): Promise<void> => {
  writeConfigurations(deployer.production);
  const all = await Promise.all(
    workers.map(async (worker) => ({
      worker,
      before: (await liveVersions(deployer.wrangler, worker)).earlier[0] ?? null,
    })),
  );
  const left = await putBack(deployer, all);
  if (left.length > 0) throw new Error(`Not everything is back: ${left.join(", ")}`);
};
