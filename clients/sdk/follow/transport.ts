/** One way in which events come. A transport keeps up one connection until that ends; who follows decides what comes next. */
import type { Subject } from "../../../shared/contract/live.ts";
import type { Connection } from "../connection.ts";
import { ApiProblem, BadAnswer } from "../failures.ts";

export interface Line {
  connection: Connection;
  subjects: readonly Subject[];
  /** Aborted when the connection has to end. */
  signal: AbortSignal;
  /** The id after which events are wanted; null for those that come from now on. */
  after: () => number | null;
  /** The connection stands: events after `from` come. */
  opened: (from: number) => void;
  /** An event, as it came. What has come before is dropped. */
  came: (event: unknown) => void;
  /** Runs when whoever follows has taken everything that came so far. */
  whenTaken: (mark: () => void) => void;
  /** Resolves when whoever follows can take more. */
  room: () => Promise<void>;
}

/** refused: it makes no sense to come back. */
export type Ending = { kind: "cut"; retryAfterMs: number | null } | { kind: "refused"; error: Error };

export type Transport = (line: Line) => Promise<Ending>;

/** Until a connection stands. */
export const openWithinMs = 10_000;
/** The server says something, or answers a ping, every 30 s: when nothing was heard for so long, the connection is dead. */
export const silentAfterMs = 45_000;

export const cut: Ending = { kind: "cut", retryAfterMs: null };

/** What an answer to an attempt says about the next one. */
export const endingOf = (error: unknown): Ending => {
  if (error instanceof BadAnswer) return { kind: "refused", error };
  if (!(error instanceof ApiProblem)) return cut;
  return isLasting(error) ? { kind: "refused", error } : { kind: "cut", retryAfterMs: error.retryAfterMs };
};

/** Who one is, what one may, what there is: not that this way is closed. */
const isLasting = ({ status, code }: ApiProblem): boolean =>
  status === 401 ||
  status === 403 ||
  ["redirected", "invalid_request", "commit_not_found", "job_not_found"].includes(code);
