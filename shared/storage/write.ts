/** Batches that write: results are read by statement, and effects are derived from what was changed. */
import type { UnreadableRow } from "../domain/unreadable-row.ts";
import type { Effect, Effects } from "../effects.ts";
import {
  type Batch,
  type Database,
  DatabaseOutage,
  type Effectful,
  type Inert,
  type Query,
  type Statement,
  logUnreadable,
  run,
} from "./database.ts";
import { claimOwnMessages, ownMessagesQuery } from "./outbox.ts";
import type { Sql } from "./sql.ts";

export interface WriteContext {
  db: Database;
  effects: Effects;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** What the statements of a batch have returned. */
export interface Results {
  of: <T>(statement: Query<T> | Effectful<T>) => T;
}

export type WriteOutcome =
  | { written: true; results: Results }
  /** conflict: a guard failed. repeated: the request has an idempotency record. Either way nothing was written. */
  | { written: false; because: "conflict" | "repeated" };

/** Runs one batch as a transaction. A lost race is a value; anything else throws, a DatabaseOutage where it passes. */
export const write = async ({ db, effects, nowMs }: WriteContext, batch: Batch): Promise<WriteOutcome> => {
  const statements = statementsOf(batch);
  const claims = claimsOf(statements, nowMs());
  const all = [...statements, ...claims];
  try {
    const written = await runAll(db, all);
    if (written.written) {
      const following = (some: readonly Statement[]): Effect[] =>
        some.flatMap((each) => effectsOf(each, written.byStatement.get(each) ?? null));
      effects.add([...following(statements).filter(({ kind }) => kind !== "relay_outbox"), ...following(claims)]);
    }
    return written;
  } catch (error) {
    // It may have been written all the same: waking for nothing costs little.
    if (error instanceof DatabaseOutage) effects.add(all.flatMap((each) => effectsOf(each, null)));
    throw error;
  }
};

/** The same for statements from which nothing follows. */
export const writeQuietly = (db: Database, statements: readonly Inert[]): Promise<WriteOutcome> =>
  runAll(db, statements);

type Written = { written: true; results: Results; byStatement: Map<Statement, D1Result> };

const runAll = async (
  db: Database,
  statements: readonly Statement[],
): Promise<Written | Extract<WriteOutcome, { written: false }>> => {
  try {
    const results = statements.length === 0 ? [] : await run(db, statements.map(sqlOf));
    const byStatement = new Map(statements.map((each, index) => [each, results[index] as D1Result]));
    return { written: true, byStatement, results: { of: (each) => parsed(each, byStatement.get(each)) } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/UNIQUE constraint failed: idempotency_records\./.test(message)) return { written: false, because: "repeated" };
    if (/UNIQUE constraint failed|\bconflict\b/.test(message)) return { written: false, because: "conflict" };
    throw error;
  }
};

const parsed = <T>({ parse }: Query<T> | Effectful<T>, result: D1Result | undefined): T => {
  const unreadable: UnreadableRow[] = [];
  const value = parse(result?.results ?? [], unreadable);
  logUnreadable(unreadable);
  return value;
};

/** In their order. */
export const statementsOf = (batch: Batch): Statement[] => (isList(batch) ? batch.flatMap(statementsOf) : [batch]);

const isList = (batch: Batch): batch is readonly Batch[] => Array.isArray(batch);

export const sqlOf = (statement: Statement): Sql => ("parse" in statement ? statement.statement : statement);

const effectsOf = (statement: Statement, result: D1Result | null): readonly Effect[] =>
  "effects" in statement ? (statement.effects?.(result) ?? []) : [];

/**
 * What the batch leaves in the outbox is claimed by it, and goes to the relay of its request: messages of its own, and
 * those that its events leave for webhooks, by trigger.
 */
const claimsOf = (statements: readonly Statement[], nowMs: number): Statement[] => {
  const workspaceIds = statements.flatMap((each) =>
    effectsOf(each, null).flatMap(({ kind, workspaceId }) =>
      kind === "notify_followers" || kind === "relay_outbox" ? [workspaceId] : [],
    ),
  );
  return [...new Set(workspaceIds)].flatMap((workspaceId) => {
    const own = ownMessagesQuery(workspaceId);
    const effects = (result: D1Result | null): Effect[] => {
      if (result === null) return [{ kind: "relay_outbox", workspaceId }];
      const claimed = parsed(own, result);
      return claimed.length === 0 ? [] : [{ kind: "relay_outbox", workspaceId, claimed }];
    };
    return [{ ...own, effects }, claimOwnMessages(workspaceId, nowMs)];
  });
};
