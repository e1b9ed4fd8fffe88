/** Makes the day's backup of all databases: only then it is one, and the older ones are thinned out. */
import { sha256Hex } from "../digest.ts";
import {
  type BackupManifest,
  backupOf,
  databaseKey,
  databaseManifest,
  indexKey,
  manifestKey,
  outdated,
} from "./manifest.ts";

export interface JoinContext {
  bucket: R2Bucket;
  /** Of which there has to be a copy. */
  databases: readonly string[];
  nowMs: () => number;
  /** Whether a job has moved between two moments, both ISO 8601. */
  hasMoved: (from: string, to: string) => Promise<boolean>;
}

export type Joined =
  | { state: "complete"; backup: string; madeAt: string; isOneMoment: boolean; bytes: number; rows: number }
  | { state: "failed"; backup: string; madeAt: string; missing: string[] };

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Each id that the bucket has anything of. */
const listed = async (bucket: R2Bucket): Promise<string[]> => {
  const { delimitedPrefixes } = await bucket.list({ delimiter: "/" });
  return delimitedPrefixes.map((prefix) => prefix.slice(0, -1)).filter((id) => /^\d{4}-\d{2}-\d{2}$/.test(id));
};

const forget = async (bucket: R2Bucket, backup: string): Promise<void> => {
  // The manifest first: what is half deleted is no backup.
  await bucket.delete(manifestKey(backup));
  for (;;) {
    const { objects } = await bucket.list({ prefix: `${backup}/`, limit: 1000 });
    if (objects.length === 0) return;
    await bucket.delete(objects.map(({ key }) => key));
  }
};

/** Keeps to the retention, and writes which backups are complete. */
const index = async (bucket: R2Bucket, today: string): Promise<void> => {
  const all = await listed(bucket);
  const complete: string[] = [];
  for (const backup of all) if ((await bucket.head(manifestKey(backup))) !== null) complete.push(backup);
  const old = new Set(outdated(complete));
  const kept = complete
    .filter((backup) => !old.has(backup))
    .toSorted()
    .toReversed();
  await bucket.put(indexKey, JSON.stringify({ form: 1, backups: kept }));
  // And what never became one: its day is over.
  for (const backup of all)
    if (old.has(backup) || (!complete.includes(backup) && backup < today)) await forget(bucket, backup);
};

/** @returns what became of today's backup; null where it is complete already */
export const joinBackups = async ({ bucket, databases, nowMs, hasMoved }: JoinContext): Promise<Joined | null> => {
  const backup = backupOf(nowMs());
  if ((await bucket.head(manifestKey(backup))) !== null) return null;
  const madeAt = new Date(nowMs()).toISOString();
  const found = await Promise.all(
    databases.map(async (database) => {
      const key = databaseKey(backup, database);
      const text = await (await bucket.get(key))?.text();
      if (text === undefined) return null;
      return { key, sha256: await sha256Hex(text), manifest: databaseManifest.parse(JSON.parse(text)) };
    }),
  );
  const there = found.filter((one) => one !== null);
  const missing = databases.filter((_, at) => found[at] === null);
  if (missing.length > 0) return { state: "failed", backup, madeAt, missing };
  const moments = there.map(({ manifest }) => manifest.takenAt).toSorted();
  const isOneMoment =
    there.every(({ manifest }) => manifest.isOneMoment) && !(await hasMoved(moments[0] ?? "", moments.at(-1) ?? ""));
  const manifest: BackupManifest = {
    form: 1,
    backup,
    madeAt,
    isOneMoment,
    databases: there.map(({ key, sha256, manifest: { database, takenAt } }) => ({ database, key, sha256, takenAt })),
  };
  await bucket.put(manifestKey(backup), JSON.stringify(manifest));
  await index(bucket, backup);
  const parts = there.flatMap((one) => one.manifest.parts);
  return {
    state: "complete",
    backup,
    madeAt,
    isOneMoment,
    bytes: sum(parts.map(({ bytes }) => bytes)),
    rows: sum(parts.map(({ rows }) => rows)),
  };
};
