/** What a comparison of the jobs of both sides needs, after a database was put back in time. */
import * as z from "zod/mini";
import type { CompletedJob } from "../../domain/operations/rewound.ts";
import type { Counter } from "../counters.ts";
import { type Query, column, many } from "../database.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, leadingTo, row, sql } from "../sql.ts";

const readId = column("id", z.string());

const completedSchema = z.object({ id: z.string(), commitNumber: z.int(), completedAt: z.string() });
const completedRow = rowOf(completedSchema, { of: "j", from: { commitNumber: "c.number" } });

/** Those of the last `limit` pushes that ended as applied at the target, newest first. */
export const lastCompletedQuery = (workspaceId: string, target: string, limit: number): Query<CompletedJob[]> =>
  many(completedRow)`SELECT ${completedRow.columns} FROM (
      SELECT id FROM pushes WHERE workspace_id = ${workspaceId} ORDER BY number DESC LIMIT ${limit}) p
    CROSS JOIN jobs j ON j.workspace_id = ${workspaceId} AND j.push_id = p.id
    JOIN commits c ON c.workspace_id = j.workspace_id AND c.id = j.commit_id
    WHERE j.target = ${target} AND j.state = 'completed' ORDER BY j.completed_at DESC, j.id DESC`;

/** Those of these ids that are accounted for: in any workspace, since two may share a portfolio. */
export const storedJobIdsQuery = (ids: readonly string[]): Query<string[]> =>
  many(readId)`SELECT id FROM jobs WHERE id ${among(ids)}
    UNION ALL SELECT job_id FROM forgotten_jobs WHERE job_id ${among(ids)}`;

/** Those of these ids that stand in the workspace as not applied. */
export const notCompletedQuery = (workspaceId: string, ids: readonly string[]): Query<string[]> =>
  many(readId)`SELECT id FROM jobs WHERE id ${among(ids)} AND workspace_id = ${workspaceId}
    AND state ${leadingTo("job", "completed")}`;

export interface ForgottenJob {
  jobId: string;
  target: string;
  commitNumber: number | null;
  commitHash: string | null;
  appliedAt: string;
}

export const insertForgottenJob = ({ workspaceId, now }: At, job: ForgottenJob): Sql =>
  sql`INSERT OR IGNORE INTO forgotten_jobs ${row({ workspaceId, ...job, foundAt: now })}`;

/** What people name by a number. */
const named: readonly Counter[] = ["change", "commit", "push", "dead_letter", "token", "webhook"];

/** So many numbers of each kind may have been given in the time that the database has forgotten. */
export const leftOut = { numbers: 1000, events: 10_000 } as const;

/** The next numbers are so much higher that none is given to something else than it was. */
export const raiseNumbers = (workspaceId: string, highestCommit: number): Sql[] =>
  named.map((name) => {
    const least = name === "commit" ? highestCommit : 0;
    return sql`INSERT INTO counters (workspace_id, name, value)
      VALUES (${workspaceId}, ${name}, ${least} + ${leftOut.numbers})
      ON CONFLICT (workspace_id, name) DO UPDATE SET value = MAX(value, ${least}) + ${leftOut.numbers}`;
  });
