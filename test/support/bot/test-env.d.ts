declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
    /** Bound in the project with two databases. */
    DB_2?: D1Database;
    /** How many requests the contract test makes of each operation, and from which seed. */
    CONTRACT_RUNS?: string;
    CONTRACT_SEED?: string;
  }
}
