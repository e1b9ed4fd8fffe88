import type { Database } from "../../../shared/storage/database.ts";

/**
 * D1 that counts its round trips and their statements, and lets a test step in before one of them: how a race happens
 * on purpose.
 */
export class WatchedDatabase implements Database {
  roundTrips = 0;
  statements = 0;
  #db: D1Database;
  #interruptions: { before: number; run: () => Promise<unknown> }[] = [];

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Runs `run` once before the `nth` round trip from now, the next being 1. */
  interrupt(nth: number, run: () => Promise<unknown>): void {
    this.#interruptions.push({ before: this.roundTrips + nth, run });
  }

  prepare(query: string): D1PreparedStatement {
    return this.#db.prepare(query);
  }

  async batch<T = unknown>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    this.roundTrips += 1;
    this.statements += statements.length;
    const now = this.#interruptions.filter(({ before }) => before === this.roundTrips);
    this.#interruptions = this.#interruptions.filter((interruption) => !now.includes(interruption));
    for (const { run } of now) await run();
    return this.#db.batch<T>(statements);
  }
}
