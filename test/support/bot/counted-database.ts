import { env } from "cloudflare:workers";

/** The database, with the numbers of its round trips and their statements: the code runs each in a batch. */
export const countedDatabase = () => {
  const counted = {
    roundTrips: 0,
    statements: 0,
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: <T>(statements: D1PreparedStatement[]) => {
      counted.roundTrips += 1;
      counted.statements += statements.length;
      return env.DB.batch<T>(statements);
    },
  };
  return counted;
};
