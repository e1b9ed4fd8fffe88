import type { SimulatedD1 } from "../platform/d1.ts";
import type { Invariant } from "./invariant.ts";

/** A message that was sent again, and failed again, counts on in the dead letter that it names. */
const isKeptAgain = (staging: SimulatedD1, body: string): boolean => {
  const { deadLetter } = (body.startsWith("{") ? JSON.parse(body) : {}) as { deadLetter?: { id: string } };
  return deadLetter !== undefined && staging.rows("SELECT 1 FROM dead_letters WHERE id = ?1", deadLetter.id).length > 0;
};

export const messagesEnd: Invariant = {
  number: 8,
  words: "every message acked, dead-lettered or pending",
  atRest: ({ world: { queues, staging, directory } }) =>
    [queues.push, queues.index, queues.deliveries].flatMap(({ settings, dead }) => {
      const queue = settings.name.replace("-production", "");
      // Copies of one message share one dead letter.
      // Nobody's are in the first database.
      const deadLetters = [staging, ...(directory === null ? [] : [directory])].flatMap((database) =>
        database.rows<{ body: string }>("SELECT body FROM dead_letters WHERE queue = ?1", queue),
      );
      const kept = new Set(deadLetters.map(({ body }) => body));
      return [...dead]
        .filter((body) => !kept.has(body) && !isKeptAgain(staging, body))
        .map((body) => `${queue}: ${body} is dead and not kept`);
    }),
};
