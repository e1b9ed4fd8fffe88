import type { Invariant } from "./invariant.ts";

export const acksInTime: Invariant = {
  number: 7,
  words: "every ack within 3 s, D1 down or not",
  atRest: ({ delivery }) => delivery.late.map((name) => `Slack got no answer to "${name}" for 3 s`),
};
