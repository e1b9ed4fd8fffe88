import * as z from "zod/mini";
import { contributorsOf } from "../../domain/commits/contributors.ts";
import { type Commit, appliedEverywhere, commitSchema } from "../../domain/commits/commit.ts";
import { type ReviewState, closedReviewStates } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Batch, type Query, column, jsonText, many, mustChange, one } from "../database.ts";
import { type Window, pageQueries } from "../pages.ts";
import { type Row, rowOf } from "../row.ts";
import { type At, type Sql, among, inStates, leadingTo, row, sql, verbatim } from "../sql.ts";

/** SQL: what the changes of a row of `commits` say of their contributors, as a list of their JSON. */
const contributorLists = `(SELECT json_group_array(c.contributors) FROM staged_changes c
  WHERE c.workspace_id = commits.workspace_id AND c.commit_id = commits.id)`;

/** SQL: a person's input is in the content of a row of `commits`, as `contributorsOf` of the domain has it. */
export const hasInput = (userId: Sql): Sql => sql`(${userId} = commits.created_by
  OR EXISTS (SELECT 1 FROM staged_changes c, json_each(iif(json_valid(c.contributors), c.contributors, '[]'))
    WHERE c.workspace_id = commits.workspace_id AND c.commit_id = commits.id AND json_each.value = ${userId}))`;

/** SQL: the targets of a row of `commits` at which conflicts are recorded. */
const drifted = `(SELECT json_group_array(target) FROM (SELECT ct.target FROM commit_targets ct
  WHERE ct.workspace_id = commits.workspace_id AND ct.commit_id = commits.id AND ct.drift IS NOT NULL
    AND ct.state <> 'applied' ORDER BY ct.target))`;

const storedRow = rowOf(commitSchema, { table: "commits", from: { contributors: contributorLists, drifted } });

const listsSchema = z.looseObject({ createdBy: z.string(), contributors: jsonText(z.array(z.string())) });
const peopleSchema = jsonText(z.array(z.string()));

/** The contributors of a change. What cannot be read names nobody, as in `hasInput`. */
export const peopleIn = (json: string): string[] => peopleSchema.safeParse(json).data ?? [];

/** Who has contributed is put together here: in SQL, each list and each name would be a row that is read. */
const commitRow: Row<Commit> = {
  ...storedRow,
  parse: (found) => {
    const { success, data } = listsSchema.safeParse(found);
    if (!success) return storedRow.parse(found);
    const changes = data.contributors.map((json) => ({ contributors: peopleIn(json) }));
    return storedRow.parse({ ...data, contributors: JSON.stringify(contributorsOf(data, changes)) });
  },
};

/** How a commit is named: people type its number, rows hold its id, and what belongs to a commit leads to it. */
export type CommitKey =
  | { number: number }
  | { id: string }
  | { pushId: string }
  | { pushNumber: number }
  | { jobId: string };

/** SQL for the commit's id. */
export const idOfCommit = (workspaceId: string, key: CommitKey): Sql => {
  if ("id" in key) return sql`${key.id}`;
  const [column, table, by, value] =
    "number" in key
      ? ["id", "commits", "number", key.number]
      : "pushNumber" in key
        ? ["commit_id", "pushes", "number", key.pushNumber]
        : "pushId" in key
          ? ["commit_id", "pushes", "id", key.pushId]
          : ["commit_id", "jobs", "id", key.jobId];
  return sql`(SELECT ${verbatim(column)} FROM ${verbatim(table)}
    WHERE workspace_id = ${workspaceId} AND ${verbatim(by)} = ${value})`;
};

const aloneRow = rowOf(commitSchema, { table: "commits", from: { contributors: "json_array(created_by)", drifted } });

/** A commit with its author alone for a contributor: for a caller that reads its changes, which have the others. */
export const commitAloneQuery = (workspaceId: string, key: CommitKey): Query<Commit | null> =>
  one(aloneRow)`SELECT ${aloneRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND id = ${idOfCommit(workspaceId, key)}`;

export const commitQuery = (workspaceId: string, key: CommitKey): Query<Commit | null> =>
  one(commitRow)`SELECT ${commitRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND id = ${idOfCommit(workspaceId, key)}`;

const isNotClosed = sql`review NOT ${inStates("review", closedReviewStates)}`;

/** SQL: `isOpenCommit` of the domain. */
export const isOpenCommit = sql`${isNotClosed} AND status <> ${verbatim(`'${appliedEverywhere}'`)}`;

/** The newest of the commits that are still open, newest first. */
export const openCommitsQuery = (workspaceId: string, limit: number): Query<Commit[]> =>
  many(commitRow)`SELECT ${commitRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND ${isOpenCommit} ORDER BY number DESC LIMIT ${limit}`;

/** A workspace has many pushes; those that ended a moment ago are among its newest. */
const newestPushes = 50;

/** Commits of which a push has ended since, newest first. */
export const commitsPushedSinceQuery = (workspaceId: string, since: string, limit: number): Query<Commit[]> =>
  many(commitRow)`SELECT ${commitRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND id IN (SELECT commit_id FROM
      (SELECT commit_id, finished_at FROM pushes WHERE workspace_id = ${workspaceId}
        ORDER BY number DESC LIMIT ${newestPushes})
      WHERE finished_at >= ${since})
    ORDER BY +number DESC LIMIT ${limit}`;

/** A search looks through so many rows of the newest commits' words: each has a thousand commits or more. */
const searchedRows = 6;

const textsColumn = column("texts", z.string());

/** The words of the newest commits, newest first: those rows that have all of these words. */
export const commitTextsQuery = (workspaceId: string, words: readonly string[]): Query<string[]> => {
  // SQLite folds the case of ASCII alone: any other word is looked for in each line.
  const ascii = words.filter((word) => /^[\x20-\x7e]+$/.test(word)).map((word) => word.toLowerCase());
  return many(textsColumn)`SELECT texts FROM
      (SELECT texts, position FROM commit_texts WHERE workspace_id = ${workspaceId}
        ORDER BY position DESC LIMIT ${words.length === 0 ? 0 : searchedRows})
    WHERE NOT EXISTS (SELECT 1 FROM json_each(${ascii}) WHERE instr(lower(texts), value) = 0)
    ORDER BY position DESC`;
};

/** Of more, a page shows the first. */
const maxFound = 200;

/**
 * The numbers of the commits of which message and summary have all these words, newest first.
 * @param texts as `commitTextsQuery` finds them
 */
export const commitsWithWords = (texts: readonly string[], words: readonly string[]): number[] => {
  const small = words.map((word) => word.toLowerCase());
  const seen = new Set<string>();
  const found = texts
    .flatMap((each) => each.split("\n").toReversed())
    .flatMap((line) => {
      const [number = ""] = line.split("\t", 1);
      if (number === "" || seen.has(number)) return [];
      seen.add(number);
      const text = line.slice(number.length + 1).toLowerCase();
      return small.every((word) => text.includes(word)) ? [Number(number)] : [];
    });
  return found.toSorted((a, b) => b - a).slice(0, maxFound);
};

/** Those of them that are not dropped or reopened, newest first. */
export const foundCommitsQuery = (workspaceId: string, numbers: readonly number[], limit: number): Query<Commit[]> =>
  many(commitRow)`SELECT ${commitRow.columns} FROM commits
    WHERE workspace_id = ${workspaceId} AND number ${among(numbers)} AND ${isNotClosed}
    ORDER BY number DESC LIMIT ${limit}`;

export interface CommitFilter {
  review: ReviewState | null;
  /** A status, or `applied` for any commit that is applied somewhere. */
  status: string | null;
  author: string | null;
  /** ISO 8601; those made then or later. */
  since: string | null;
}

const hasStatus = (status: string): Sql =>
  status === "applied" ? sql`status GLOB 'applied_*'` : sql`status = ${status}`;

/** Commits that were made at the same moment may have their numbers in another order than their times. */
const madeAtOnce = 20;

/** SQL: by their numbers as well as by their time, because a list is in the order of the numbers. */
const madeSince = (workspaceId: string, since: string): Sql => sql`created_at >= ${since}
    AND number > COALESCE((SELECT number FROM commits WHERE workspace_id = ${workspaceId} AND created_at < ${since}
      ORDER BY created_at DESC LIMIT 1), 0) - ${madeAtOnce}`;

/**
 * Those dropped or reopened are left out unless they are asked for. What is not filtered by stands in no condition:
 * SQLite chooses the index before it has the values.
 */
const passes = (workspaceId: string, { review, status, author, since }: CommitFilter): Sql =>
  sql`${review === null ? isNotClosed : sql`review = ${review}`}
    ${status === null ? sql`` : sql`AND ${hasStatus(status)}`}
    ${author === null ? sql`` : sql`AND created_by = ${author}`}
    ${since === null ? sql`` : sql`AND ${madeSince(workspaceId, since)}`}`;

/** Newest first. */
export const commitPageQueries = (workspaceId: string, filter: CommitFilter, window: Window) => {
  const [from, number] = [sql`FROM commits`, sql`number`];
  const select = sql`SELECT ${commitRow.columns} ${from}`;
  const where = sql`workspace_id = ${workspaceId} AND ${passes(workspaceId, filter)}`;
  return pageQueries({ row: commitRow, select, from, number, where }, window);
};

/** Takes its number from the counter that the same batch has raised. */
export const insertCommit = (
  workspaceId: string,
  commit: Pick<Commit, "id" | "message" | "summary" | "hash" | "review" | "createdBy" | "createdAt">,
): Sql => {
  const number = currentNumber(workspaceId, "commit");
  const { contributors: _contributors, drifted: _drifted, ...columns } = commitRow.of(commit);
  const values = { workspaceId, ...columns, number, updatedAt: commit.createdAt };
  return sql`INSERT INTO commits ${row(values)}`;
};

/** Moves a commit's review where the table allows it and the content is still `hash`. */
export const moveReview = (at: At, commit: Pick<Commit, "id" | "hash">, to: ReviewState): Batch =>
  mustChange(sql`UPDATE commits SET review = ${to}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${commit.id} AND hash = ${commit.hash}
      AND review ${leadingTo("review", to)}`);

/** Gives a commit other content, unless somebody has changed or decided it since it was read. */
export const setContent = (
  at: At,
  before: Pick<Commit, "id" | "hash" | "review">,
  after: Pick<Commit, "hash" | "summary" | "review">,
): Batch =>
  mustChange(sql`UPDATE commits SET hash = ${after.hash}, summary = ${after.summary}, review = ${after.review}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = ${before.id} AND hash = ${before.hash}
      AND review = ${before.review}`);

export const setAppliedBy = (workspaceId: string, commitId: string, userId: string): Sql =>
  sql`UPDATE commits SET applied_by = ${userId} WHERE workspace_id = ${workspaceId} AND id = ${commitId}`;
