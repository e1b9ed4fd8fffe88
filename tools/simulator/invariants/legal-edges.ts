import { states } from "../../../shared/domain/states.ts";
import type { Invariant } from "./invariant.ts";

const firstStates: Record<string, readonly string[]> = {
  change: ["staged"],
  review: ["draft", "in_review"],
  push: ["running"],
  job: ["pending"],
  webhook: ["active"],
  delivery: ["pending"],
};

const successors: Record<string, Record<string, readonly string[]>> = states;

export const legalEdges: Invariant = {
  number: 4,
  words: "no illegal state edge, in code or raw SQL",
  afterTransaction: ({ changes }) =>
    changes
      .filter(({ machine, from_state: from, to_state: to }) =>
        from === null ? !firstStates[machine]?.includes(to) : !successors[machine]?.[from]?.includes(to),
      )
      .map(
        ({ machine, id, from_state: from, to_state: to }) => `${machine} ${id} went from ${from ?? "nothing"} to ${to}`,
      ),
};
