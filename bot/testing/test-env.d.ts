declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
    /** Set in the project with two workspaces. */
    WORKSPACES?: string;
  }
}
