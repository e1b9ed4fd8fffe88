/** Whether the bot can work: D1, its schema, and the bindings. Names of parts and bindings, never values. */
import { log } from "../../log.ts";
import { read } from "../../storage/database.ts";
import type { Databases, NamedDatabase } from "../../storage/databases.ts";
import { schemaVersionQuery } from "../../storage/operations/signals.ts";
import { within } from "../../within.ts";
import type { OutboxQueues } from "../relay-outbox.ts";

/** The newest migration that this code needs; a newer one of the next version does no harm. */
const neededSchema = "0042_fewer_rows.sql";

/** Probes give up after some seconds, and would not learn which part it was. */
const patienceMs = 3000;

export type Part = "database" | "schema" | "queues" | "targets";

export interface ReadinessContext {
  databases: Databases;
  queues: OutboxQueues;
  unboundTargets: readonly string[];
}

type Failed = Partial<Record<Part, string>>;

const checkDatabase = async ({ name: database, db }: NamedDatabase): Promise<Failed> => {
  try {
    const [{ name }] = await within(patienceMs, read(db, schemaVersionQuery()), () => new Error("late"));
    return name >= neededSchema ? {} : { schema: `${database} has ${name}, and the code needs ${neededSchema}` };
  } catch (error) {
    log("ready.database_failed", { database, error: String(error) });
    return { database: `${database} gives no answer` };
  }
};

/** Empty where it can work. */
export const failedParts = async (ctx: ReadinessContext): Promise<Failed> => {
  const queues = Object.entries<{ sendBatch?: unknown } | undefined>(ctx.queues).flatMap(([name, queue]) =>
    typeof queue?.sendBatch === "function" ? [] : [name],
  );
  const targets = ctx.unboundTargets;
  return {
    ...Object.assign({}, ...(await Promise.all(ctx.databases.all.map(checkDatabase)))),
    ...(queues.length > 0 ? { queues: `without a binding: ${queues.join(", ")}` } : {}),
    ...(targets.length > 0 ? { targets: `without a binding: ${targets.join(", ")}` } : {}),
  };
};
