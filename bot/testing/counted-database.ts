import { env } from "cloudflare:workers";

/** The database, and how many round trips to it were made: the code runs every statement in a batch. */
export const countedDatabase = () => {
  const counted = {
    roundTrips: 0,
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: (statements: D1PreparedStatement[]) => {
      counted.roundTrips += 1;
      return env.DB.batch(statements);
    },
  };
  return counted;
};
