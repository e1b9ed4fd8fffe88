/** The outcome of one message. */
export type Handled =
  | { done: true }
  | { done: false; retryInSeconds: number; reason: string }
  /** The message can never be handled and becomes a dead letter. */
  | { malformed: string };
