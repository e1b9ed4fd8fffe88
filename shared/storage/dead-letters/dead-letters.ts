import * as z from "zod/mini";
import {
  type Address,
  type DeadLetter,
  type DeadLetterKey,
  deadLetterSchema,
} from "../../domain/dead-letters/dead-letter.ts";
import { openDeadLetterStates } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, column, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { type Fragment, fragment, inStates, leadingTo, row, sql } from "../sql.ts";

const readNumber = column("number", z.int());
const readCount = column("count", z.int());
const readOwner = column("workspace_id", z.nullable(z.string()));
const readId = column("id", z.string());

/** A dead letter with what people know of its job. */
const filedSchema = z.extend(deadLetterSchema, {
  commitNumber: z.nullable(z.int()),
  pushNumber: z.nullable(z.int()),
  target: z.nullable(z.string()),
});
export type FiledDeadLetter = z.infer<typeof filedSchema>;

const deadLetterRow = rowOf(filedSchema, {
  of: "l",
  from: {
    failedAt: "COALESCE(l.failed_at, l.received_at)",
    commitNumber: "c.number",
    pushNumber: "p.number",
    target: "j.target",
  },
});

const selectDeadLetters = fragment`SELECT ${deadLetterRow.columns}
  FROM dead_letters l
  LEFT JOIN jobs j ON j.workspace_id = l.workspace_id AND j.id = l.job_id
  LEFT JOIN pushes p ON p.workspace_id = l.workspace_id AND p.id = j.push_id
  LEFT JOIN commits c ON c.workspace_id = l.workspace_id AND c.id = j.commit_id`;

/** SQL. @param all whether to include the settled ones */
const wanted = (all: boolean): Fragment =>
  fragment`(${all} OR l.state ${inStates("dead_letter", openDeadLetterStates)})`;

/** Dead letters below a number, or the newest; newest first. */
export const deadLettersBeforeQuery = (
  db: Database,
  workspaceId: string,
  { before, all, limit }: { before: number | null; all: boolean; limit: number },
): Query<FiledDeadLetter[]> =>
  many(
    sql(db)`${selectDeadLetters}
      WHERE l.workspace_id = ${workspaceId} AND l.number < ${before ?? Number.MAX_SAFE_INTEGER} AND ${wanted(all)}
      ORDER BY l.number DESC LIMIT ${limit}`,
    deadLetterRow.parse,
  );

/** The numbers of the `limit` dead letters from one on upwards, lowest first: the page above the one below `from`. */
export const deadLetterNumbersFromQuery = (
  db: Database,
  workspaceId: string,
  { from, all, limit }: { from: number; all: boolean; limit: number },
): Query<number[]> =>
  many(
    sql(db)`SELECT l.number FROM dead_letters l
      WHERE l.workspace_id = ${workspaceId} AND l.number >= ${from} AND ${wanted(all)}
      ORDER BY l.number LIMIT ${limit}`,
    readNumber,
  );

export const deadLetterQuery = (db: Database, workspaceId: string, number: number): Query<FiledDeadLetter | null> =>
  one(
    sql(db)`${selectDeadLetters} WHERE l.workspace_id = ${workspaceId} AND l.number = ${number}`,
    deadLetterRow.parse,
  );

/** How many wait for a decision. */
export const countKeptQuery = (db: Database, workspaceId: string): Query<number> => ({
  statement: sql(db)`SELECT COUNT(*) AS count FROM dead_letters WHERE workspace_id = ${workspaceId} AND state = 'kept'`,
  parse: (rows) => readCount(rows[0]),
});

/**
 * Whose message it is: the workspace that it names, that of its job or of its portfolio, or the only one there is. Null
 * where that is unknown: then nobody is shown it.
 */
export const ownerQuery = (db: Database, { workspaceId, jobId, portfolioId }: Address): Query<string | null> => ({
  statement:
    workspaceId === undefined
      ? sql(db)`SELECT COALESCE(
          (SELECT workspace_id FROM jobs WHERE id = ${jobId ?? null}),
          (SELECT MIN(workspace_id) FROM targets
           WHERE portfolio_id = ${portfolioId ?? null} HAVING COUNT(DISTINCT workspace_id) = 1),
          (SELECT MIN(workspace_id) FROM workspaces HAVING COUNT(*) = 1)) AS workspace_id`
      : sql(db)`SELECT (SELECT workspace_id FROM workspaces WHERE workspace_id = ${workspaceId}) AS workspace_id`,
  parse: (rows) => readOwner(rows[0]),
});

/** The dead letter that waits with the same message: what sends it again by itself makes no second one. */
export const sameDeadLetterQuery = (
  db: Database,
  workspaceId: string,
  queue: string,
  body: string,
): Query<string | null> =>
  one(
    sql(db)`SELECT id FROM dead_letters
      WHERE workspace_id = ${workspaceId} AND state = 'kept' AND queue = ${queue} AND body = ${body} LIMIT 1`,
    readId,
  );

export type NewDeadLetter = DeadLetterKey &
  Pick<DeadLetter, "queue" | "body" | "cause" | "attempts" | "jobId" | "traceId">;

/** Takes its number from the counter that the same batch has raised. One that is kept already fails the batch. */
export const insertDeadLetter = (db: Database, deadLetter: NewDeadLetter, now: string): D1PreparedStatement => {
  const { workspaceId, id, queue, body, cause, attempts, jobId, traceId } = deadLetter;
  const number = currentNumber(workspaceId, "dead_letter");
  const values = {
    workspaceId,
    id,
    number,
    queue,
    body,
    cause,
    attempts,
    jobId,
    traceId,
    receivedAt: now,
    failedAt: now,
  };
  return sql(db)`INSERT INTO dead_letters ${row(values)}`;
};

const isDeadLetter = ({ workspaceId, id }: DeadLetterKey): Fragment =>
  fragment`workspace_id = ${workspaceId} AND id = ${id}`;

/** A person decides. Follow with `assertChanges()`. */
export const decideDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  to: "retried" | "discarded",
  decided: { by: string; at: string; reason: string | null },
): D1PreparedStatement =>
  sql(db)`UPDATE dead_letters SET state = ${to}, decided_by = ${decided.by}, decided_at = ${decided.at},
      reason = ${decided.reason}, retries = retries + (${to} = 'retried')
    WHERE ${isDeadLetter(key)} AND state ${leadingTo("dead_letter", to)}`;

/** Another copy of a dead letter that waits has failed as well. */
export const countDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  failure: { cause: string; attempts: number },
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE dead_letters
    SET cause = ${failure.cause}, attempts = attempts + ${failure.attempts}, failed_at = ${now}
    WHERE ${isDeadLetter(key)} AND state = 'kept'`;

/** It was sent again and has failed again. Follow with `assertChanges()`. */
export const returnDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  failure: { cause: string; attempts: number },
  now: string,
): D1PreparedStatement =>
  sql(db)`UPDATE dead_letters
    SET state = 'kept', cause = ${failure.cause}, attempts = attempts + ${failure.attempts}, failed_at = ${now}
    WHERE ${isDeadLetter(key)} AND state ${leadingTo("dead_letter", "kept")}`;

/** It was sent again and handled. Follow with `assertChanges()`. */
export const resolveDeadLetter = (db: Database, key: DeadLetterKey): D1PreparedStatement =>
  sql(db)`UPDATE dead_letters SET state = 'resolved'
    WHERE ${isDeadLetter(key)} AND state ${leadingTo("dead_letter", "resolved")}`;
