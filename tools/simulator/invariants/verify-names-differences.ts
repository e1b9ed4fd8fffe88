import type { Invariant } from "./invariant.ts";

export const verifyNamesDifferences: Invariant = {
  number: 21,
  words: "verify names what somebody has made of a row after a commit was applied",
  atRest: ({ verifier }) => verifier.unnamed(),
};
