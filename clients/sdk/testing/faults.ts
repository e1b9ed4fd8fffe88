/** What may go wrong at a moment; asked each time. All of them: no. */
export interface Faults {
  /** The upgrade to a WebSocket is refused. */
  refusesSocket: () => boolean;
  /** A connection breaks off here, before or after something was sent. */
  cuts: () => boolean;
  /** A connection says nothing more, and nobody notices. */
  goesSilent: () => boolean;
  /** So many events that were sent already are sent again. */
  repeats: () => number;
  /** A request is answered so, or not at all. */
  answers: (path: string) => { status: number; retryAfter?: string; body?: string } | "no answer" | null;
}

export const noFaults: Faults = {
  refusesSocket: () => false,
  cuts: () => false,
  goesSilent: () => false,
  repeats: () => 0,
  answers: () => null,
};
