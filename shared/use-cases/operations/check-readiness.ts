/** Whether the bot can work: D1, its schema, and the bindings. Names of parts and bindings, never values. */
import { log } from "../../log.ts";
import { type Database, read } from "../../storage/database.ts";
import { schemaVersionQuery } from "../../storage/operations/signals.ts";
import { within } from "../../within.ts";
import type { OutboxQueues } from "../relay-outbox.ts";

/** The newest migration that this code needs; a newer one of the next version does no harm. */
const neededSchema = "0042_fewer_rows.sql";

/** Probes give up after some seconds, and would not learn which part it was. */
const patienceMs = 3000;

export type Part = "database" | "schema" | "queues" | "targets";

export interface ReadinessContext {
  db: Database;
  queues: OutboxQueues;
  unboundTargets: readonly string[];
}

const checkDatabase = async ({ db }: ReadinessContext): Promise<Partial<Record<Part, string>>> => {
  try {
    const [{ name }] = await within(patienceMs, read(db, schemaVersionQuery()), () => new Error("late"));
    return name >= neededSchema ? {} : { schema: `has ${name}, and the code needs ${neededSchema}` };
  } catch (error) {
    log("ready.database_failed", { error: String(error) });
    return { database: "gives no answer" };
  }
};

/** Empty where it can work. */
export const failedParts = async (ctx: ReadinessContext): Promise<Partial<Record<Part, string>>> => {
  const queues = Object.entries<{ sendBatch?: unknown } | undefined>(ctx.queues).flatMap(([name, queue]) =>
    typeof queue?.sendBatch === "function" ? [] : [name],
  );
  const targets = ctx.unboundTargets;
  return {
    ...(await checkDatabase(ctx)),
    ...(queues.length > 0 ? { queues: `without a binding: ${queues.join(", ")}` } : {}),
    ...(targets.length > 0 ? { targets: `without a binding: ${targets.join(", ")}` } : {}),
  };
};
