/** What a backup in R2 consists of, and where. A backup without its manifest is none: it is written last. */
import * as z from "zod/mini";

/** The last days, and then the first backup of each of the last months. */
export const keptDaily = 30;
export const keptMonthly = 12;

/** By day: `2026-11-30`. */
const id = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const part = z.object({
  key: z.string(),
  /** Of the file as it is in R2. */
  sha256,
  bytes: z.int(),
  rows: z.int(),
});

export const databaseManifest = z.object({
  form: z.literal(1),
  backup: id,
  database: z.string(),
  /** The newest migration. Rows go back into a database of the same schema alone. */
  schema: z.string(),
  /** What was deployed: id and tag of the Worker's version; null on one machine. */
  version: z.nullable(z.string()),
  takenAt: z.string(),
  /** Whether all rows are of one transaction. */
  isOneMoment: z.boolean(),
  /** Rows by table. */
  tables: z.record(z.string(), z.int()),
  parts: z.array(part),
});
export type DatabaseManifest = z.infer<typeof databaseManifest>;

export const backupManifest = z.object({
  form: z.literal(1),
  backup: id,
  madeAt: z.string(),
  /** No job moved while the databases were read, so that they agree; otherwise reconciliation finds what differs. */
  isOneMoment: z.boolean(),
  databases: z.array(z.object({ database: z.string(), key: z.string(), sha256, takenAt: z.string() })),
});
export type BackupManifest = z.infer<typeof backupManifest>;

/** The complete backups, newest first: wrangler cannot list a bucket. */
export const backupIndex = z.object({ form: z.literal(1), backups: z.array(id) });

/** One line of a part. */
export const backupLine = z.object({
  table: z.string(),
  row: z.record(z.string(), z.union([z.string(), z.number(), z.null(), z.object({ hex: z.string() })])),
});
export type BackupRow = z.infer<typeof backupLine>["row"];

export const indexKey = "index.json";
export const manifestKey = (backup: string): string => `${backup}/manifest.json`;
export const databaseKey = (backup: string, database: string): string => `${backup}/${database}/manifest.json`;
export const partKey = (backup: string, database: string, index: number): string =>
  `${backup}/${database}/rows-${String(index + 1).padStart(4, "0")}.jsonl.gz`;

export const backupOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10);

/** @param backups ids, in any order @returns those that are kept no longer */
export const outdated = (backups: readonly string[]): string[] => {
  const newestFirst = backups.toSorted().toReversed();
  const months = Map.groupBy(newestFirst, (backup) => backup.slice(0, 7));
  const firsts = [...months.values()].flatMap((days) => days.slice(-1)).slice(0, keptMonthly);
  const kept = new Set([...newestFirst.slice(0, keptDaily), ...firsts]);
  return newestFirst.filter((backup) => !kept.has(backup));
};
