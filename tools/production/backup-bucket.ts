/** The backups of a production, as they are in R2: fetched by wrangler, and compared with their digests. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type BackupManifest,
  type DatabaseManifest,
  backupIndex,
  backupLine,
  backupManifest,
  databaseManifest,
  indexKey,
  manifestKey,
} from "../../shared/backups/manifest.ts";
import { root } from "../scripts/tree.ts";
import { backupBucketOf, bucketJurisdiction } from "./configurations.ts";
import type { Production } from "./production-file.ts";
import type { Wrangler } from "./wrangler.ts";

export interface Bucket {
  /** Ids, newest first. */
  backups: () => Promise<string[]>;
  manifest: (backup: string) => Promise<BackupManifest>;
  database: (of: BackupManifest["databases"][number]) => Promise<DatabaseManifest>;
  lines: (part: DatabaseManifest["parts"][number]) => Promise<ReturnType<typeof backupLine.parse>[]>;
}

const folder = join(root, "dist/production");

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const require = (key: string, bytes: Buffer, expected: string): Buffer => {
  if (sha256(bytes) === expected) return bytes;
  throw new Error(`${key} is not what was written: its SHA-256 is ${sha256(bytes)}, and the manifest has ${expected}`);
};

export const openBucket = (production: Production, wrangler: Wrangler): Bucket => {
  const bucket = backupBucketOf(production);
  const fetched = new Map<string, Promise<Buffer>>();
  const fetchObject = async (key: string): Promise<Buffer> => {
    mkdirSync(folder, { recursive: true });
    const place = mkdtempSync(join(folder, "backup-"));
    const file = join(place, "object");
    const where = bucketJurisdiction(production);
    const jurisdiction = where === null ? [] : ["--jurisdiction", where];
    try {
      await wrangler.run(["r2", "object", "get", `${bucket}/${key}`, "--remote", "--file", file, ...jurisdiction]);
      return readFileSync(file);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  };
  /** Each object once: a restore reads a part to verify it and again to load it. */
  const get = (key: string): Promise<Buffer> => {
    const object = fetched.get(key) ?? fetchObject(key);
    fetched.set(key, object);
    return object;
  };
  const json = async (key: string): Promise<unknown> => JSON.parse((await get(key)).toString());
  return {
    backups: async () => backupIndex.parse(await json(indexKey)).backups,
    manifest: async (backup) => backupManifest.parse(await json(manifestKey(backup))),
    database: async ({ key, sha256: expected }) =>
      databaseManifest.parse(JSON.parse(require(key, await get(key), expected).toString())),
    lines: async ({ key, sha256: expected }) =>
      gunzipSync(require(key, await get(key), expected))
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => backupLine.parse(JSON.parse(line))),
  };
};
