import type { Invariant } from "./invariant.ts";

/** receivers/inspection.ts checks the request itself; webhooks-miss-nothing.ts checks the event filter. */
export const honestDeliveries: Invariant = {
  number: 12,
  words:
    "a receiver gets the events of its own workspace, at its own address, signed, and with the same body each time",
  atRest: ({ world }) => [...world.receivers.complaints],
};
