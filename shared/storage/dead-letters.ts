import type { Database } from "./database.ts";

export interface DeadLetter {
  workspaceId: string;
  id: string;
  queue: string;
  body: string;
  cause: string;
  attempts: number;
  receivedAt: string;
}

/** The id is the queue's message id, so storing it twice stores it once. */
export const insertDeadLetter = (db: Database, letter: DeadLetter): D1PreparedStatement =>
  db
    .prepare(
      `INSERT OR IGNORE INTO dead_letters (workspace_id, id, queue, body, cause, attempts, received_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(letter.workspaceId, letter.id, letter.queue, letter.body, letter.cause, letter.attempts, letter.receivedAt);
