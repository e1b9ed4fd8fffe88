import * as z from "zod/mini";
import { type Address, type DeadLetter, deadLetterSchema } from "../../domain/dead-letters/dead-letter.ts";
import { openDeadLetterStates } from "../../domain/states.ts";
import { currentNumber } from "../counters.ts";
import { type Batch, type Query, column, mustChange, one, only } from "../database.ts";
import { type Window, pageQueries } from "../pages.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, inStates, leadingTo, row, sql } from "../sql.ts";

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
  table: "dead_letters",
  of: "l",
  from: {
    failedAt: "COALESCE(l.failed_at, l.received_at)",
    commitNumber: "c.number",
    pushNumber: "p.number",
    target: "j.target",
  },
});

const selectDeadLetters = sql`SELECT ${deadLetterRow.columns}
  FROM dead_letters l
  LEFT JOIN jobs j ON j.workspace_id = l.workspace_id AND j.id = l.job_id
  LEFT JOIN pushes p ON p.workspace_id = l.workspace_id AND p.id = j.push_id
  LEFT JOIN commits c ON c.workspace_id = l.workspace_id AND c.id = j.commit_id`;

/** Newest first. @param all whether to include the settled ones */
export const deadLetterPageQueries = (workspaceId: string, all: boolean, window: Window) => {
  const isOpen = sql`AND l.state ${inStates("dead_letter", openDeadLetterStates)}`;
  const where = sql`l.workspace_id = ${workspaceId} ${all ? sql`` : isOpen}`;
  const from = sql`FROM dead_letters l`;
  return pageQueries({ row: deadLetterRow, select: selectDeadLetters, from, number: sql`l.number`, where }, window);
};

export const deadLetterQuery = (workspaceId: string, number: number): Query<FiledDeadLetter | null> =>
  one(deadLetterRow)`${selectDeadLetters} WHERE l.workspace_id = ${workspaceId} AND l.number = ${number}`;

/** How many wait for a decision. */
export const countKeptQuery = (workspaceId: string): Query<number> =>
  only(readCount)`SELECT COUNT(*) AS count FROM dead_letters WHERE workspace_id = ${workspaceId} AND state = 'kept'`;

/**
 * Whose message it is: the workspace that it names, that of its job or of its portfolio, or the only one there is. Null
 * where that is unknown: then nobody is shown it.
 */
export const ownerQuery = ({ workspaceId, jobId, portfolioId }: Address): Query<string | null> =>
  workspaceId === undefined
    ? only(readOwner)`SELECT COALESCE(
        (SELECT workspace_id FROM jobs WHERE id = ${jobId ?? null}),
        (SELECT MIN(workspace_id) FROM targets
         WHERE portfolio_id = ${portfolioId ?? null} HAVING COUNT(DISTINCT workspace_id) = 1),
        (SELECT MIN(workspace_id) FROM workspaces
         WHERE (SELECT MIN(workspace_id) FROM placements) IS NULL HAVING COUNT(*) = 1)) AS workspace_id`
    : only(readOwner)`SELECT (SELECT workspace_id FROM workspaces WHERE workspace_id = ${workspaceId}) AS workspace_id`;

/** The dead letter that waits with the same message: what sends it again by itself makes no second one. */
export const sameDeadLetterQuery = (workspaceId: string, queue: string, body: string): Query<string | null> =>
  one(readId)`SELECT id FROM dead_letters
    WHERE workspace_id = ${workspaceId} AND state = 'kept' AND queue = ${queue} AND body = ${body} LIMIT 1`;

export type NewDeadLetter = Pick<DeadLetter, "id" | "queue" | "body" | "cause" | "attempts" | "jobId" | "traceId">;

/** Takes its number from the counter that the same batch has raised. One that is kept already fails the batch. */
export const insertDeadLetter = (at: At, deadLetter: NewDeadLetter): Sql => {
  const { workspaceId, now } = at;
  const number = currentNumber(workspaceId, "dead_letter");
  const values = { workspaceId, ...deadLetterRow.of(deadLetter), number, receivedAt: now, failedAt: now };
  return sql`INSERT INTO dead_letters ${row(values)}`;
};

const isDeadLetter = ({ workspaceId }: At, id: string): Sql => sql`workspace_id = ${workspaceId} AND id = ${id}`;

/** A person decides. */
export const decideDeadLetter = (
  at: At,
  id: string,
  to: "retried" | "discarded",
  { by, reason }: { by: string; reason: string | null },
): Batch =>
  mustChange(sql`UPDATE dead_letters SET state = ${to}, decided_by = ${by}, decided_at = ${at.now},
      reason = ${reason}, retries = retries + (${to} = 'retried')
    WHERE ${isDeadLetter(at, id)} AND state ${leadingTo("dead_letter", to)}`);

type Failure = Pick<DeadLetter, "cause" | "attempts">;

const failedAgain = ({ now }: At, { cause, attempts }: Failure): Sql =>
  sql`cause = ${cause}, attempts = attempts + ${attempts}, failed_at = ${now}`;

/** Another copy of a dead letter that waits has failed as well. */
export const countDeadLetter = (at: At, id: string, failure: Failure): Sql =>
  sql`UPDATE dead_letters SET ${failedAgain(at, failure)} WHERE ${isDeadLetter(at, id)} AND state = 'kept'`;

/** It was sent again and has failed again. */
export const returnDeadLetter = (at: At, id: string, failure: Failure): Batch =>
  mustChange(sql`UPDATE dead_letters SET state = 'kept', ${failedAgain(at, failure)}
    WHERE ${isDeadLetter(at, id)} AND state ${leadingTo("dead_letter", "kept")}`);

/** It was sent again and handled. */
export const resolveDeadLetter = (at: At, id: string): Batch =>
  mustChange(sql`UPDATE dead_letters SET state = 'resolved'
    WHERE ${isDeadLetter(at, id)} AND state ${leadingTo("dead_letter", "resolved")}`);
