import type { WriteContext } from "../../storage/write.ts";
import type { Timeouts } from "../context.ts";

/** What recording an outcome needs; there is no person, and the workspace is the job's. */
export interface OutcomeContext extends WriteContext {
  nowMs: () => number;
  newId: () => string;
  /** From 0 up to 1. */
  random: () => number;
  timeouts: Timeouts;
}
