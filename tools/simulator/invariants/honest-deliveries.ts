import type { Invariant } from "./invariant.ts";

/** What a receiver checks is in receivers/inspection.ts; that its filter wants the event, in webhooks-miss-nothing.ts. */
export const honestDeliveries: Invariant = {
  number: 12,
  words: "a receiver gets what its own workspace's event says, at its own address, signed, and the same each time",
  atRest: ({ world }) => [...world.receivers.complaints],
};
