import type { Invariant } from "./invariant.ts";

export const messagesEnd: Invariant = {
  number: 8,
  words: "every message acked, dead-lettered or pending",
  atRest: ({ world: { queues, staging } }) =>
    [queues.push, queues.index].flatMap(({ settings, fates }) => {
      const dead = [...fates.values()].filter((fate) => fate === "dead").length;
      const queue = settings.name.replace("-production", "");
      const [kept] = staging.rows<{ total: number }>(
        "SELECT COUNT(*) AS total FROM dead_letters WHERE queue = ?1 AND cause = 'every delivery failed'",
        queue,
      );
      return kept?.total === dead ? [] : [`${dead} messages of ${queue} are dead and ${kept?.total ?? 0} are kept`];
    }),
};
