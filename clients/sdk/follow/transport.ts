/** One way to receive events. A transport holds one connection until that ends; its caller decides what comes next. */
import type { Subject } from "../../../shared/contract/live.ts";
import type { Connection } from "../connection.ts";
import { ApiProblem, BadAnswer } from "../failures.ts";

export interface Line {
  connection: Connection;
  subjects: readonly Subject[];
  /** Aborted to close the connection. */
  signal: AbortSignal;
  /** Id of the event after which to begin; null to begin now. */
  after: () => number | null;
  /** Called when the connection is open; events after `from` follow. */
  opened: (from: number) => void;
  /** Delivers an event. Duplicates are dropped. */
  received: (event: unknown) => void;
  /** Runs when the reader has taken every event so far. */
  whenTaken: (mark: () => void) => void;
  /** Resolves when the reader can take more. */
  ready: () => Promise<void>;
}

/** refused: a reconnect cannot help. */
export type Ending = { kind: "cut"; retryAfterMs: number | null } | { kind: "refused"; error: Error };

export type Transport = (line: Line) => Promise<Ending>;

/** Timeout for opening a connection. */
export const openWithinMs = 10_000;
/** The server sends something or answers a ping every 30 s: after this silence the connection counts as dead. */
export const silentAfterMs = 45_000;

export const cut: Ending = { kind: "cut", retryAfterMs: null };

/** Whether a refused attempt may succeed later. */
export const endingOf = (error: unknown): Ending => {
  if (error instanceof BadAnswer) return { kind: "refused", error };
  if (!(error instanceof ApiProblem)) return cut;
  return isLasting(error) ? { kind: "refused", error } : { kind: "cut", retryAfterMs: error.retryAfterMs };
};

/** Statuses about the caller, the permission or the resource, not about the transport. */
const isLasting = ({ status, code }: ApiProblem): boolean =>
  status === 401 ||
  status === 403 ||
  ["redirected", "invalid_request", "commit_not_found", "job_not_found"].includes(code);
