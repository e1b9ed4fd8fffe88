/** What became of one message. */
export type Handled =
  | { done: true }
  | { done: false; retryInSeconds: number; reason: string }
  /** It can never be handled: it is kept with the dead letters. */
  | { malformed: string };
