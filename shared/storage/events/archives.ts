/** Where events are that were moved to R2, and the statements that move them. */
import * as z from "zod/mini";
import {
  type Archive,
  type Erasure,
  type NumberRange,
  type StoredEvent,
  archivedNumbers,
  newestKept,
  numbersOf,
  storedEventSchema,
} from "../../domain/events/archive.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";
import { type Query, assertCount, column, many, mustChange, only } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, row, sql, verbatim } from "../sql.ts";

/** SQL: as it stands, because D1 binds a number as a fraction, and a division by that is one, too. */
const size = verbatim(String(archivedNumbers));

const readNumber = column("number", z.int());
const readCount = column("count", z.int());
const archiveRow = rowOf(z.object({ position: z.int(), sha256: z.string() }), { table: "event_archives" });
const erasureRow = rowOf(z.object({ userId: z.string(), pseudonym: z.string() }), { table: "archive_erasures" });

/** Events with lower numbers are in R2; 0 where all are in D1. */
export const archivedBelowQuery = (workspaceId: string): Query<number> =>
  only(readNumber)`SELECT COALESCE(MAX(position) + 1, 0) * ${size} AS number
    FROM event_archives WHERE workspace_id = ${workspaceId}`;

export interface ArchiveFilter extends NumberRange {
  /** Those that have events of a commit. */
  commit?: CommitKey;
}

/** At most `limit` of those with numbers of this range. */
export const archivesQuery = (
  workspaceId: string,
  { from, below, commit }: ArchiveFilter,
  order: "oldest" | "newest",
  limit: number,
): Query<Archive[]> => {
  const ofCommit =
    commit === undefined
      ? sql``
      : sql`AND position IN (SELECT position FROM archived_commits
          WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, commit)})`;
  return many(archiveRow)`SELECT ${archiveRow.columns} FROM event_archives
    WHERE workspace_id = ${workspaceId} AND position >= ${Math.floor(Math.max(0, from) / archivedNumbers)}
      AND position < ${Math.ceil(below / archivedNumbers)} ${ofCommit}
    ORDER BY position ${order === "oldest" ? sql`ASC` : sql`DESC`} LIMIT ${limit}`;
};

const anyArchiveRow = rowOf(z.object({ workspaceId: z.string(), position: z.int() }), { table: "event_archives" });

/** A few archives, for doctor; none where nothing was moved. */
export const someArchivesQuery = (limit: number): Query<Candidate[]> =>
  many(
    anyArchiveRow,
  )`SELECT ${anyArchiveRow.columns} FROM event_archives ORDER BY workspace_id, position LIMIT ${limit}`;

/** Erasures that the workspace's archives still have to follow. */
export const pendingErasuresQuery = (workspaceId: string): Query<Erasure[]> =>
  many(erasureRow)`SELECT ${erasureRow.columns} FROM archive_erasures WHERE workspace_id = ${workspaceId}`;

const candidateSchema = z.object({ workspaceId: z.string(), position: z.int() });
/** An archive that can be made. */
export type Candidate = z.infer<typeof candidateSchema>;

/**
 * Which archives can be made, one of each workspace, the oldest first: those of which the events are from before
 * `before`, are counted, and are none of the workspace's newest.
 */
export const archivableQuery = (before: string, limit: number): Query<Candidate[]> =>
  many(candidateSchema)`WITH first AS (SELECT w.workspace_id, (SELECT e.number / ${size} FROM job_events e
        WHERE e.workspace_id = w.workspace_id AND e.number >= (SELECT COALESCE(MAX(position) + 1, 0) * ${size}
          FROM event_archives a WHERE a.workspace_id = w.workspace_id)
        ORDER BY e.number LIMIT 1) AS position
      FROM workspaces w),
    following AS (SELECT workspace_id, position, (SELECT e.id FROM job_events e
        WHERE e.workspace_id = first.workspace_id AND e.number >= (position + 1) * ${size} + ${newestKept}
        ORDER BY e.number LIMIT 1) AS id
      FROM first)
    SELECT f.workspace_id AS workspaceId, f.position FROM following f CROSS JOIN job_events e ON e.id = f.id
    WHERE e.created_at < ${before} AND e.id <= (SELECT value FROM operation_cursor WHERE name = 'events')
    ORDER BY e.created_at LIMIT ${limit}`;

const storedColumns = sql`id, number, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id,
  created_at, token_id`;

const inArchive = (workspaceId: string, position: number): Sql => {
  const { from, below } = numbersOf(position);
  return sql`workspace_id = ${workspaceId} AND number >= ${from} AND number < ${below}`;
};

/** The rows of an archive that is to be made, in their order. */
export const storedEventsQuery = (workspaceId: string, position: number): Query<StoredEvent[]> =>
  many({ table: "job_events", parse: (found) => storedEventSchema.parse(found) })`SELECT ${storedColumns}
    FROM job_events WHERE ${inArchive(workspaceId, position)} ORDER BY number`;

/** How many people were erased here: what is read before another one is out of date. */
export const erasureCountQuery = (workspaceId: string): Query<number> =>
  only(readCount)`SELECT COUNT(*) AS count FROM erasures WHERE workspace_id = ${workspaceId}`;

export interface WrittenArchive extends Archive {
  events: number;
  bytes: number;
}

/**
 * The object is in R2: notes it, and deletes its rows, where nobody has been erased since they were read. What a
 * delivery still names stays here as well, and so do changes of the settings, by which notices are found.
 */
export const recordArchive = (
  { workspaceId, now }: At,
  { position, sha256, events, bytes }: WrittenArchive,
  erasures: number,
): readonly Sql[] => [
  assertCount(events)`job_events WHERE ${inArchive(workspaceId, position)}`,
  assertCount(erasures)`erasures WHERE workspace_id = ${workspaceId}`,
  sql`INSERT INTO event_archives ${row({ workspaceId, position, sha256, events, bytes, archivedAt: now })}`,
  sql`INSERT INTO archived_commits (workspace_id, commit_id, position)
    SELECT DISTINCT ${workspaceId}, commit_id, ${position} FROM job_events
    WHERE ${inArchive(workspaceId, position)} AND commit_id IS NOT NULL`,
  sql`DELETE FROM job_events WHERE ${inArchive(workspaceId, position)} AND type <> 'workspace.settings_set'
    AND id NOT IN (SELECT event_id FROM webhook_deliveries d WHERE d.workspace_id = ${workspaceId}
      AND d.created_at >= (SELECT MIN(created_at) FROM job_events WHERE ${inArchive(workspaceId, position)})
      AND d.created_at <= (SELECT MAX(created_at) FROM job_events WHERE ${inArchive(workspaceId, position)}))`,
];

/** The archives have to follow an erasure, where the workspace has any. */
export const eraseInArchives = (workspaceId: string, { userId, pseudonym }: Erasure): Sql =>
  sql`INSERT INTO archive_erasures ${row(
    { workspaceId, userId, pseudonym, position: 0 },
    sql`EXISTS (SELECT 1 FROM event_archives WHERE workspace_id = ${workspaceId})`,
  )}`;

const followingSchema = z.object({
  workspaceId: z.string(),
  userId: z.string(),
  pseudonym: z.string(),
  position: z.int(),
});
/** An erasure that the archives from `position` on have to follow. */
export type FollowingErasure = z.infer<typeof followingSchema>;
const followingRow = rowOf(followingSchema, { table: "archive_erasures" });

/** Erasures of all workspaces that archives have to follow. */
export const followingErasuresQuery = (limit: number): Query<FollowingErasure[]> =>
  many(followingRow)`SELECT ${followingRow.columns} FROM archive_erasures
    ORDER BY workspace_id, pseudonym LIMIT ${limit}`;

/** An archive has followed: its object is another one now. */
export const replaceArchive = (
  workspaceId: string,
  archive: Archive,
  next: Pick<WrittenArchive, "sha256" | "bytes">,
): readonly Sql[] =>
  mustChange(sql`UPDATE event_archives SET sha256 = ${next.sha256}, bytes = ${next.bytes}
    WHERE workspace_id = ${workspaceId} AND position = ${archive.position} AND sha256 = ${archive.sha256}`);

/** The archives before `position` have followed; all of them, where it is null. */
export const erasureFollowed = (workspaceId: string, pseudonym: string, position: number | null): Sql =>
  position === null
    ? sql`DELETE FROM archive_erasures WHERE workspace_id = ${workspaceId} AND pseudonym = ${pseudonym}`
    : sql`UPDATE archive_erasures SET position = ${position}
        WHERE workspace_id = ${workspaceId} AND pseudonym = ${pseudonym}`;
