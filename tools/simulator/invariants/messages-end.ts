import type { Invariant } from "./invariant.ts";

export const messagesEnd: Invariant = {
  number: 8,
  words: "every message acked, dead-lettered or pending",
  atRest: ({ world: { queues, staging } }) =>
    [queues.push, queues.index, queues.deliveries].flatMap(({ settings, dead }) => {
      const queue = settings.name.replace("-production", "");
      // Copies of one message share one dead letter.
      const deadLetters = staging.rows<{ body: string }>("SELECT body FROM dead_letters WHERE queue = ?1", queue);
      const kept = new Set(deadLetters.map(({ body }) => body));
      return [...dead].filter((body) => !kept.has(body)).map((body) => `${queue}: ${body} is dead and not kept`);
    }),
};
