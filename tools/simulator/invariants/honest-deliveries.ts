import type { Invariant } from "./invariant.ts";

/** receivers/inspection.ts checks the request itself; webhooks-miss-nothing.ts checks the event filter. */
export const honestDeliveries: Invariant = {
  number: 12,
  words: "a receiver gets what its own workspace's event says, at its own address, signed, and the same each time",
  atRest: ({ world }) => [...world.receivers.complaints],
};
