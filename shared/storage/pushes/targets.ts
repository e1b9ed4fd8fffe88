import * as z from "zod/mini";
import { type Database, type Query, column, many, one } from "../database.ts";

const readTraceId = column("trace_id", z.string());

/** A service that holds the data, as one workspace is bound to it. */
export interface TargetBinding {
  workspaceId: string;
  name: string;
  position: number;
  portfolioId: string;
  /** Name of a service binding of the Worker, or null. */
  binding: string | null;
  /** Public address, or null. */
  url: string | null;
  /** Name of its entry in TARGET_CREDENTIALS. */
  credentials: string;
}

const targetRow = z.object({
  workspace_id: z.string(),
  name: z.string(),
  position: z.int(),
  portfolio_id: z.string(),
  binding: z.nullable(z.string()),
  url: z.nullable(z.string()),
  credentials: z.string(),
});

const parseTarget = (row: unknown): TargetBinding => {
  const parsed = targetRow.parse(row);
  return {
    workspaceId: parsed.workspace_id,
    name: parsed.name,
    position: parsed.position,
    portfolioId: parsed.portfolio_id,
    binding: parsed.binding,
    url: parsed.url,
    credentials: parsed.credentials,
  };
};

/** In the order in which a push to all applies. */
export const targetsQuery = (db: Database, workspaceId: string): Query<TargetBinding[]> =>
  many(
    db
      .prepare(
        `SELECT workspace_id, name, position, portfolio_id, binding, url, credentials
         FROM targets WHERE workspace_id = ?1 ORDER BY position`,
      )
      .bind(workspaceId),
    parseTarget,
  );

export const insertTarget = (db: Database, target: TargetBinding, now: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT OR IGNORE INTO targets
         (workspace_id, name, position, portfolio_id, binding, url, credentials, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)`,
    )
    .bind(
      target.workspaceId,
      target.name,
      target.position,
      target.portfolioId,
      target.binding,
      target.url,
      target.credentials,
      now,
    );

/** The target that a job is for, and the trace of the push that it belongs to. */
export const originOfJobQuery = (
  db: Database,
  jobId: string,
): Query<{ target: TargetBinding; traceId: string } | null> =>
  one(
    db
      .prepare(
        `SELECT t.workspace_id, t.name, t.position, t.portfolio_id, t.binding, t.url, t.credentials, p.trace_id
         FROM jobs j
         JOIN targets t ON t.workspace_id = j.workspace_id AND t.name = j.target
         JOIN pushes p ON p.workspace_id = j.workspace_id AND p.id = j.push_id
         WHERE j.id = ?1`,
      )
      .bind(jobId),
    (row) => ({ target: parseTarget(row), traceId: readTraceId(row) }),
  );
