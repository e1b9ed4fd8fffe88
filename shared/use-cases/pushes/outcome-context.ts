import type { Database } from "../../storage/database.ts";
import type { Timeouts } from "../context.ts";

/** What recording an outcome needs; there is no person, and the workspace is the job's. */
export interface OutcomeContext {
  db: Database;
  nowMs: () => number;
  newId: () => string;
  /** From 0 up to 1. */
  random: () => number;
  timeouts: Timeouts;
}
