import type { Body } from "./payload.ts";

/** A verified request of Slack that has no answer yet. */
export interface PendingCommand {
  /** What a repeat of the same request has as well. */
  key: string;
  workspaceId: string;
  body: Body;
  traceId: string;
  receivedAtMs: number;
  /** The modal that stands open for it. */
  placeholderViewId: string | null;
}

/** What the Worker that got the request sees of PendingCommands. */
export interface PendingQueue {
  /** Keeps the request until it has an answer. @param afterMs when to try it, unless its answer comes before */
  take: (command: PendingCommand, afterMs: number) => Promise<unknown>;
  /** The first try has ended after all. @param answer null when there is nothing to say any more */
  answer: (key: string, answer: unknown) => Promise<unknown>;
  /** Sets the alarm again, should the platform have dropped it. */
  wake: () => Promise<unknown>;
}
