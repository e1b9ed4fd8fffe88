import * as z from "zod/mini";
import type { Address, DeadLetter, DeadLetterKey } from "../../domain/dead-letters/dead-letter.ts";
import { type DeadLetterState, sourcesOf, stateNames } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Database, type Query, column, many, one } from "../database.ts";

const readNumber = column("number", z.int());
const readCount = column("count", z.int());
const readOwner = column("workspace_id", z.nullable(z.string()));
const readId = column("id", z.string());

const deadLetterRow = z.object({
  id: z.string(),
  number: z.int(),
  state: z.enum(stateNames("dead_letter")),
  queue: z.string(),
  body: z.string(),
  cause: z.string(),
  attempts: z.int(),
  retries: z.int(),
  job_id: z.nullable(z.string()),
  trace_id: z.nullable(z.string()),
  received_at: z.string(),
  failed_at: z.string(),
  decided_by: z.nullable(z.string()),
  decided_at: z.nullable(z.string()),
  reason: z.nullable(z.string()),
});

/** A letter with what people know of its job. */
export interface FiledDeadLetter extends DeadLetter {
  commitNumber: number | null;
  pushNumber: number | null;
  target: string | null;
}

const filedRow = z.extend(deadLetterRow, {
  commit_number: z.nullable(z.int()),
  push_number: z.nullable(z.int()),
  target: z.nullable(z.string()),
});

const parseDeadLetter = (row: unknown): FiledDeadLetter => {
  const parsed = filedRow.parse(row);
  return {
    id: parsed.id,
    number: parsed.number,
    state: parsed.state,
    queue: parsed.queue,
    body: parsed.body,
    cause: parsed.cause,
    attempts: parsed.attempts,
    retries: parsed.retries,
    jobId: parsed.job_id,
    traceId: parsed.trace_id,
    receivedAt: parsed.received_at,
    failedAt: parsed.failed_at,
    decidedBy: parsed.decided_by,
    decidedAt: parsed.decided_at,
    reason: parsed.reason,
    commitNumber: parsed.commit_number,
    pushNumber: parsed.push_number,
    target: parsed.target,
  };
};

const selectDeadLetters = `SELECT l.id, l.number, l.state, l.queue, l.body, l.cause, l.attempts, l.retries, l.job_id, l.trace_id,
    l.received_at, COALESCE(l.failed_at, l.received_at) AS failed_at, l.decided_by, l.decided_at, l.reason,
    c.number AS commit_number, p.number AS push_number, j.target
  FROM dead_letters l
  LEFT JOIN jobs j ON j.workspace_id = l.workspace_id AND j.id = l.job_id
  LEFT JOIN pushes p ON p.workspace_id = l.workspace_id AND p.id = j.push_id
  LEFT JOIN commits c ON c.workspace_id = l.workspace_id AND c.id = j.commit_id`;

/** SQL: `?3` is whether the settled ones are wanted as well. */
const wanted = "(?3 OR l.state IN ('kept', 'retried'))";

/** Letters below a number, or the newest; newest first. */
export const deadLettersBeforeQuery = (
  db: Database,
  workspaceId: string,
  { before, all, limit }: { before: number | null; all: boolean; limit: number },
): Query<FiledDeadLetter[]> =>
  many(
    db
      .prepare(
        `${selectDeadLetters} WHERE l.workspace_id = ?1 AND l.number < ?2 AND ${wanted} ORDER BY l.number DESC LIMIT ?4`,
      )
      .bind(workspaceId, before ?? Number.MAX_SAFE_INTEGER, all ? 1 : 0, limit),
    parseDeadLetter,
  );

/** The numbers of the `limit` letters from one on upwards, lowest first: the page above the one below `from`. */
export const deadLetterNumbersFromQuery = (
  db: Database,
  workspaceId: string,
  { from, all, limit }: { from: number; all: boolean; limit: number },
): Query<number[]> =>
  many(
    db
      .prepare(
        `SELECT l.number FROM dead_letters l
         WHERE l.workspace_id = ?1 AND l.number >= ?2 AND ${wanted} ORDER BY l.number LIMIT ?4`,
      )
      .bind(workspaceId, from, all ? 1 : 0, limit),
    readNumber,
  );

export const deadLetterQuery = (db: Database, workspaceId: string, number: number): Query<FiledDeadLetter | null> =>
  one(
    db.prepare(`${selectDeadLetters} WHERE l.workspace_id = ?1 AND l.number = ?2`).bind(workspaceId, number),
    parseDeadLetter,
  );

/** How many wait for a decision. */
export const countKeptQuery = (db: Database, workspaceId: string): Query<number> => ({
  statement: db
    .prepare("SELECT COUNT(*) AS count FROM dead_letters WHERE workspace_id = ?1 AND state = 'kept'")
    .bind(workspaceId),
  parse: (rows) => readCount(rows[0]),
});

/**
 * Whose message it is: the workspace that it names, that of its job or of its portfolio, or the only one there is. Null where
 * that is not known: then nobody is shown it.
 */
export const ownerQuery = (db: Database, { workspaceId, jobId, portfolioId }: Address): Query<string | null> => ({
  statement: db
    .prepare(
      `SELECT CASE WHEN ?1 IS NOT NULL THEN (SELECT workspace_id FROM workspaces WHERE workspace_id = ?1)
         ELSE COALESCE(
           (SELECT workspace_id FROM jobs WHERE id = ?2),
           (SELECT MIN(workspace_id) FROM targets WHERE portfolio_id = ?3 HAVING COUNT(DISTINCT workspace_id) = 1),
           (SELECT MIN(workspace_id) FROM workspaces HAVING COUNT(*) = 1)) END AS workspace_id`,
    )
    .bind(workspaceId ?? null, jobId ?? null, portfolioId ?? null),
  parse: (rows) => readOwner(rows[0]),
});

/** The letter that waits with the same message: what sends it again by itself makes no second one. */
export const sameDeadLetterQuery = (
  db: Database,
  workspaceId: string,
  queue: string,
  body: string,
): Query<string | null> =>
  one(
    db
      .prepare(
        "SELECT id FROM dead_letters WHERE workspace_id = ?1 AND state = 'kept' AND queue = ?2 AND body = ?3 LIMIT 1",
      )
      .bind(workspaceId, queue, body),
    readId,
  );

export interface NewDeadLetter extends DeadLetterKey {
  queue: string;
  body: string;
  cause: string;
  attempts: number;
  jobId: string | null;
  traceId: string | null;
}

/** Takes its number from the counter that the same batch has raised. One that is kept already fails the batch. */
export const insertDeadLetter = (db: Database, deadLetter: NewDeadLetter, now: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO dead_letters
         (workspace_id, id, number, queue, body, cause, attempts, job_id, trace_id, received_at, failed_at)
       VALUES (?1, ?2, ${currentNumber("dead_letter")}, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)`,
    )
    .bind(
      deadLetter.workspaceId,
      deadLetter.id,
      deadLetter.queue,
      deadLetter.body,
      deadLetter.cause,
      deadLetter.attempts,
      deadLetter.jobId,
      deadLetter.traceId,
      now,
    );

/** A person decides. Follow with `assertChanges()`. */
export const decideDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  to: "retried" | "discarded",
  decided: { by: string; at: string; reason: string | null },
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE dead_letters SET state = ?3, decided_by = ?4, decided_at = ?5, reason = ?6, retries = retries + (?3 = 'retried')
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?7))`,
    )
    .bind(key.workspaceId, key.id, to, decided.by, decided.at, decided.reason, sources(to));

/** Another copy of a letter that waits has failed as well. */
export const countDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  failure: { cause: string; attempts: number },
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE dead_letters SET cause = ?3, attempts = attempts + ?4, failed_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND state = 'kept'`,
    )
    .bind(key.workspaceId, key.id, failure.cause, failure.attempts, now);

/** It was sent again and has failed again. Follow with `assertChanges()`. */
export const returnDeadLetter = (
  db: Database,
  key: DeadLetterKey,
  failure: { cause: string; attempts: number },
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE dead_letters SET state = 'kept', cause = ?3, attempts = attempts + ?4, failed_at = ?5
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?6))`,
    )
    .bind(key.workspaceId, key.id, failure.cause, failure.attempts, now, sources("kept"));

/** It was sent again and handled. Follow with `assertChanges()`. */
export const resolveDeadLetter = (db: Database, key: DeadLetterKey): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE dead_letters SET state = 'resolved'
       WHERE workspace_id = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?3))`,
    )
    .bind(key.workspaceId, key.id, sources("resolved"));

const sources = (to: DeadLetterState): string => JSON.stringify(sourcesOf("dead_letter", to));
