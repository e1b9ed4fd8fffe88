import { env } from "cloudflare:workers";

/**
 * The database, with the numbers of its round trips and their statements: the code runs each in a batch. Figures of the
 * service are left out, which an instance writes after an answer and once in a while.
 */
export const countedDatabase = () => {
  const figures = new WeakSet<D1PreparedStatement>();
  const counted = {
    roundTrips: 0,
    statements: 0,
    prepare: (sql: string) => {
      const prepared = env.DB.prepare(sql);
      if (!sql.includes("INTO operation_counts")) return prepared;
      const bind = prepared.bind.bind(prepared);
      prepared.bind = (...values) => {
        const bound = bind(...values);
        figures.add(bound);
        return bound;
      };
      return prepared;
    },
    batch: <T>(statements: D1PreparedStatement[]) => {
      const isFigure = statements.every((statement) => figures.has(statement));
      counted.roundTrips += isFigure ? 0 : 1;
      counted.statements += isFigure ? 0 : statements.length;
      return env.DB.batch<T>(statements);
    },
  };
  return counted;
};
