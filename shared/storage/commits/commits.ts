import * as z from "zod/mini";
import type { Commit } from "../../domain/commits/commit.ts";
import { type ReviewState, sourcesOf, stateNames } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, column, many, one } from "../database.ts";

const readNumber = column("number", z.int());

const commitRow = z.object({
  id: z.string(),
  number: z.int(),
  message: z.string(),
  hash: z.string(),
  review: z.enum(stateNames("review")),
  status: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  applied_by: z.nullable(z.string()),
  error_target: z.nullable(z.string()),
  error_message: z.nullable(z.string()),
});

const parseCommit = (row: unknown): Commit => {
  const { created_by, created_at, applied_by, error_target, error_message, ...same } = commitRow.parse(row);
  return {
    ...same,
    createdBy: created_by,
    createdAt: created_at,
    appliedBy: applied_by,
    errorTarget: error_target,
    errorMessage: error_message,
  };
};

/** How a commit is named: people type its number, rows hold its id, and what belongs to a commit leads to it. */
export type CommitKey =
  | { number: number }
  | { id: string }
  | { pushId: string }
  | { pushNumber: number }
  | { jobId: string }
  | { changeId: string };

export const keyValue = (key: CommitKey): number | string => Object.values(key)[0] as number | string;

/** SQL for the commit's id; `?1` is the workspace, `?2` the key's value. */
export const idOfCommit = (key: CommitKey): string => {
  if ("id" in key) return "?2";
  if ("number" in key) return "(SELECT id FROM commits WHERE workspace_id = ?1 AND number = ?2)";
  if ("pushNumber" in key) return "(SELECT commit_id FROM pushes WHERE workspace_id = ?1 AND number = ?2)";
  const table = "pushId" in key ? "pushes" : "jobId" in key ? "jobs" : "staged_changes";
  return `(SELECT commit_id FROM ${table} WHERE workspace_id = ?1 AND id = ?2)`;
};

const columns = `id, number, message, hash, review, status, created_by, created_at, applied_by, error_target, error_message`;

export const commitQuery = (db: Database, workspaceId: string, key: CommitKey): Query<Commit | null> =>
  one(
    db
      .prepare(`SELECT ${columns} FROM commits WHERE workspace_id = ?1 AND id = ${idOfCommit(key)}`)
      .bind(workspaceId, keyValue(key)),
    parseCommit,
  );

/** SQL for "still open": neither closed nor applied everywhere. */
export const isOpenCommit = "review NOT IN ('dropped', 'reopened') AND status <> 'applied_all'";

/** The newest of the commits that are still open, newest first. */
export const openCommitsQuery = (db: Database, workspaceId: string, limit: number): Query<Commit[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM commits WHERE workspace_id = ?1 AND ${isOpenCommit} ORDER BY number DESC LIMIT ?2`,
      )
      .bind(workspaceId, limit),
    parseCommit,
  );

export interface CommitFilter {
  review: ReviewState | null;
  /** A status, or `applied` for any commit that is applied somewhere. */
  status: string | null;
  author: string | null;
  /** ISO 8601; those made then or later. */
  since: string | null;
}

/** Those dropped or reopened are left out unless they are asked for. `?1` is the workspace, `?2` to `?5` the filter. */
const filtered = `(CASE WHEN ?2 IS NULL THEN review NOT IN ('dropped', 'reopened') ELSE review = ?2 END)
  AND (?3 IS NULL OR status = ?3 OR (?3 = 'applied' AND status GLOB 'applied_*'))
  AND (?4 IS NULL OR created_by = ?4) AND (?5 IS NULL OR created_at >= ?5)`;

const filterValues = ({ review, status, author, since }: CommitFilter): (string | null)[] => [
  review,
  status,
  author,
  since,
];

/** Commits below a number, or the newest; newest first. */
export const commitsBeforeQuery = (
  db: Database,
  workspaceId: string,
  filter: CommitFilter,
  before: number | null,
  limit: number,
): Query<Commit[]> =>
  many(
    db
      .prepare(
        `SELECT ${columns} FROM commits
         WHERE workspace_id = ?1 AND number < ?6 AND ${filtered} ORDER BY number DESC LIMIT ?7`,
      )
      .bind(workspaceId, ...filterValues(filter), before ?? Number.MAX_SAFE_INTEGER, limit),
    parseCommit,
  );

/** The numbers of the `limit` commits from a number on upwards, lowest first: the page above the one below `from`. */
export const commitNumbersFromQuery = (
  db: Database,
  workspaceId: string,
  filter: CommitFilter,
  from: number,
  limit: number,
): Query<number[]> =>
  many(
    db
      .prepare(
        `SELECT number FROM commits
         WHERE workspace_id = ?1 AND number >= ?6 AND ${filtered} ORDER BY number LIMIT ?7`,
      )
      .bind(workspaceId, ...filterValues(filter), from, limit),
    readNumber,
  );

/** Takes its number from the counter that the same batch has raised. */
export const insertCommit = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "message" | "hash" | "review" | "createdBy" | "createdAt">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO commits (workspace_id, id, number, message, hash, review, created_by, created_at, updated_at)
       VALUES (?1, ?2, ${currentNumber("commit")}, ?3, ?4, ?5, ?6, ?7, ?7)`,
    )
    .bind(workspaceId, commit.id, commit.message, commit.hash, commit.review, commit.createdBy, commit.createdAt);

/** Moves a commit's review where the table allows it and the content is still `hash`. Follow with `assertChanges()`. */
export const moveReview = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
  to: ReviewState,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE commits SET review = ?4, updated_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review IN (SELECT value FROM json_each(?6))`,
    )
    .bind(workspaceId, commit.id, commit.hash, to, now, JSON.stringify(sourcesOf("review", to)));

/** A guard of its own: fails the batch unless the commit is approved with this content. */
export const assertApproved = (
  db: Database,
  workspaceId: string,
  commit: Pick<Commit, "id" | "hash">,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 1 FROM commits WHERE workspace_id = ?1 AND id = ?2 AND hash = ?3 AND review = 'approved'`,
    )
    .bind(workspaceId, commit.id, commit.hash);

export const setAppliedBy = (
  db: Database,
  workspaceId: string,
  commitId: string,
  userId: string,
): D1PreparedStatement =>
  db
    .prepare("UPDATE commits SET applied_by = ?3 WHERE workspace_id = ?1 AND id = ?2")
    .bind(workspaceId, commitId, userId);
