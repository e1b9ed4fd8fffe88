import * as z from "zod/mini";
import { commitSchema } from "../../domain/commits/commit.ts";
import { type Push, pushSchema } from "../../domain/pushes/push.ts";
import { type TargetHealth, targetHealthSchema } from "../../domain/pushes/target-health.ts";
import { type Query, inOrderOf, many, one } from "../database.ts";
import { objectOf, rowOf } from "../row.ts";
import { type At, type Sql, among, row, set, sql } from "../sql.ts";

/** A service that holds the data, as one workspace is bound to it. */
const targetSchema = z.object({
  workspaceId: z.string(),
  name: z.string(),
  /** What people may type instead of the name, and what stands in a commit's status; null: the name. */
  alias: z.nullable(z.string()),
  position: z.int(),
  portfolioId: z.string(),
  /** Name of a service binding of the Worker, or null. */
  binding: z.nullable(z.string()),
  /** Public address, or null. */
  url: z.nullable(z.string()),
  /** Name of its entry in TARGET_CREDENTIALS, for a row without credentials of its own. */
  credentials: z.string(),
  /** Encrypted; null where the variable still has them. */
  sealedCredentials: z.nullable(z.string()),
  /** Of the key that has encrypted them. */
  keyVersion: z.nullable(z.string()),
  /** Of the variable's entry that they were taken from; null where people have set them. */
  importedDigest: z.nullable(z.string()),
});
export type TargetBinding = z.infer<typeof targetSchema>;

/** Of a target whose credentials the variable has. */
export const unsealed = { sealedCredentials: null, keyVersion: null, importedDigest: null };

/** A target as a variable names it. */
export type ConfiguredTarget = Omit<TargetBinding, "workspaceId" | "position" | keyof typeof unsealed>;

const keyCount = { parse: (found: unknown) => keyCountSchema.parse(found) };
const keyCountSchema = z.object({ keyVersion: z.string(), count: z.int() });

const targetRow = rowOf(targetSchema, { table: "targets", of: "t" });

/** In the order in which a push to all applies. */
export const targetsQuery = (workspaceId: string): Query<TargetBinding[]> =>
  inOrderOf(
    ["position"],
    many(targetRow)`SELECT ${targetRow.columns} FROM targets t WHERE t.workspace_id = ${workspaceId}`,
  );

export const insertTarget = (target: TargetBinding, now: string): Sql =>
  sql`INSERT OR IGNORE INTO targets ${row({ ...targetRow.of(target), createdAt: now, updatedAt: now })}`;

/**
 * Whose report it may be: the target of the job's own workspace. About a job that nobody has, all targets of the
 * portfolio, so that its own services learn that there is no such job; others learn nothing.
 */
export const targetsOfPortfolioQuery = (about: {
  portfolioId: string;
  name: string;
  jobId: string;
}): Query<TargetBinding[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM jobs j
      CROSS JOIN targets t ON t.workspace_id = j.workspace_id AND t.name = ${about.name}
      WHERE j.id = ${about.jobId} AND t.portfolio_id = ${about.portfolioId}
    UNION ALL SELECT ${targetRow.columns}
      FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = ${about.jobId}))
      CROSS JOIN targets t WHERE t.portfolio_id = ${about.portfolioId} AND t.name = ${about.name}
    LIMIT 20`;

export interface SealedCredentials {
  sealedCredentials: string;
  keyVersion: string;
  importedDigest: string | null;
}

/** Sets a target's credentials, unless somebody has set others since it was read. */
export const sealCredentials = (
  now: string,
  { workspaceId, name, sealedCredentials }: TargetBinding,
  sealed: SealedCredentials,
): Sql =>
  sql`UPDATE targets SET ${set({ ...sealed, updatedAt: now })}
    WHERE workspace_id = ${workspaceId} AND name = ${name} AND sealed_credentials IS ${sealedCredentials}`;

/** Changes no row where somebody else has moved it since it was read. */
export const updatePosition = (at: At, { name, position: before }: TargetBinding, position: number): Sql =>
  sql`UPDATE targets SET ${set({ position, updatedAt: at.now })}
    WHERE workspace_id = ${at.workspaceId} AND name = ${name} AND position = ${before}`;

export const deleteTarget = (workspaceId: string, name: string): Sql =>
  sql`DELETE FROM targets WHERE workspace_id = ${workspaceId} AND name = ${name}`;

/** Those without credentials of their own. */
export const unsealedTargetsQuery = (limit: number): Query<TargetBinding[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM targets t WHERE t.key_version IS NULL LIMIT ${limit}`;

/** Those whose credentials one of these keys has encrypted. */
export const targetsByKeyQuery = (keyVersions: readonly string[], limit: number): Query<TargetBinding[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM targets t
    WHERE t.key_version ${among(keyVersions)} LIMIT ${limit}`;

/** Those that were filled from an entry that is none of these. */
export const targetsOfOtherDigestsQuery = (digests: readonly string[], limit: number): Query<TargetBinding[]> =>
  many(targetRow)`SELECT ${targetRow.columns} FROM targets t
    WHERE t.imported_digest IS NOT NULL AND NOT (t.imported_digest ${among(digests)}) LIMIT ${limit}`;

/** How many rows each key has encrypted. */
export const targetsByKeyCountQuery = (): Query<{ keyVersion: string; count: number }[]> =>
  many(keyCount)`SELECT key_version AS keyVersion, COUNT(*) AS count FROM targets
    WHERE key_version IS NOT NULL GROUP BY key_version`;

/** Where a job goes, and the trace of its push. */
export interface JobOrigin {
  target: TargetBinding;
  /** Null when the target has never failed to answer. */
  health: TargetHealth | null;
  traceId: string;
}

const originSchema = z.extend(targetSchema, { health: z.nullable(targetHealthSchema), traceId: z.string() });
const originFrom = {
  health: `(SELECT ${objectOf(targetHealthSchema, "h")} FROM target_health h
    WHERE h.workspace_id = t.workspace_id AND h.target = t.name)`,
  traceId: "p.trace_id",
};
const originRow = rowOf(originSchema, { of: "t", from: originFrom });

/** The target that a job is for, whether that answers, and the trace of the push that the job belongs to. */
export const originOfJobQuery = (jobId: string): Query<JobOrigin | null> =>
  one({
    parse: (found) => {
      const { health, traceId, ...target } = originRow.parse(found);
      return { target, health, traceId };
    },
  })`SELECT ${originRow.columns} FROM jobs j
    JOIN targets t ON t.workspace_id = j.workspace_id AND t.name = j.target
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    WHERE j.id = ${jobId}`;

const headSchema = z.pick(commitSchema, { number: true, hash: true, message: true });
/** What a target gets to know of a job's commit. */
export type CommitHead = z.infer<typeof headSchema>;

/** What sending a job needs beside the job. */
export interface Dispatch {
  origin: JobOrigin;
  push: Push;
  commit: CommitHead;
}

const dispatchRow = rowOf(z.extend(originSchema, { push: pushSchema, head: headSchema }), {
  of: "t",
  from: { ...originFrom, push: objectOf(pushSchema, "p"), head: objectOf(headSchema, "c") },
});

export const dispatchOfJobQuery = (jobId: string): Query<Dispatch | null> =>
  one({
    parse: (found) => {
      const { push, head, health, traceId, ...target } = dispatchRow.parse(found);
      return { origin: { target, health, traceId }, push, commit: head };
    },
  })`SELECT ${dispatchRow.columns} FROM jobs j
    JOIN targets t ON t.workspace_id = j.workspace_id AND t.name = j.target
    JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
    JOIN commits c ON c.workspace_id = j.workspace_id AND c.id = j.commit_id
    WHERE j.id = ${jobId}`;
