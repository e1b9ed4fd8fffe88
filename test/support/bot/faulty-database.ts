/** D1 as it is on bad days. The Worker and its objects share it. */
import { env } from "cloudflare:workers";

export type Mood =
  | "well"
  /** Nothing reaches it. */
  | "down"
  | "overloaded"
  /** It answers reads; a batch that writes is run, and the answer is lost. */
  | "forgetful"
  /** It gives no answer until its mood changes, and then runs what waits. */
  | "stalled";

const errors = {
  down: "D1_ERROR: Network connection lost.",
  overloaded: "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
  forgetful: "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
};

export class FaultyDatabase {
  mood: Mood = "well";
  readonly #writes = new WeakSet<D1PreparedStatement>();

  reset(): void {
    this.mood = "well";
  }

  prepare(query: string): D1PreparedStatement {
    const statement = env.DB.prepare(query);
    if (/^\s*(INSERT|UPDATE|DELETE)/i.test(query)) this.#writes.add(statement);
    return new Proxy(statement, {
      get: (target, name) => {
        if (name !== "bind") return Reflect.get(target, name) as unknown;
        return (...values: unknown[]) => {
          const bound = target.bind(...values);
          if (this.#writes.has(target)) this.#writes.add(bound);
          return bound;
        };
      },
    });
  }

  async batch<T = unknown>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    // A Worker and an object cannot wait for the same promise.
    while (this.mood === "stalled") await scheduler.wait(5);
    if (this.mood === "down" || this.mood === "overloaded") throw new Error(errors[this.mood]);
    const results = await env.DB.batch<T>(statements);
    if (this.mood === "forgetful" && statements.some((statement) => this.#writes.has(statement))) {
      throw new Error(errors.forgetful);
    }
    return results;
  }
}
