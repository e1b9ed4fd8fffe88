import type { Invariant } from "./invariant.ts";

export const wellFormedCalls: Invariant = {
  number: 16,
  words: "no call to Slack breaks a rule that it documents",
  atRest: ({ world: { slack } }) => slack.problems.map((problem) => `Slack was sent ${problem}`),
};
