/** Something that a person does once: no second time by a double click, and none by a lost answer. */
import { useRef, useState } from "react";
import { ApiProblem, type CallOptions } from "../../sdk/index.ts";
import { useSession } from "../app/session-context.ts";
import { useToasts } from "../components/toasts.tsx";
import { explainFailure } from "../messages/failures.ts";
import { usePeople } from "./people.ts";
import type { Key } from "./keys.ts";
import { createRepeatKey } from "./repeat-key.ts";

export interface ActionOptions<Input, Reply> {
  run: (input: Input, options: CallOptions) => Promise<Reply>;
  /** What the toast says; null for none. */
  done: (reply: Reply, input: Input) => string | null;
  /** Read again at once: an event says the same, but may be slower. */
  affects: (input: Input) => readonly Key[];
  /** What is said elsewhere, such as at a form's fields: no toast then. */
  onRefused?: (problem: ApiProblem) => boolean;
}

export interface Action<Input, Reply> {
  isBusy: boolean;
  /** Resolves to null when it was refused or has failed, which a toast has said. */
  start: (input: Input) => Promise<Reply | null>;
}

export const useAction = <Input, Reply>(options: ActionOptions<Input, Reply>): Action<Input, Reply> => {
  const { queries, catchUp } = useSession();
  const { tell } = useToasts();
  const { nameOf } = usePeople();
  const [isBusy, setBusy] = useState(false);
  const running = useRef(false);
  const repeatKey = useRef(createRepeatKey(() => crypto.randomUUID()));
  const { run, done, affects, onRefused } = options;
  const start = async (input: Input): Promise<Reply | null> => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    try {
      const reply = await run(input, { idempotencyKey: repeatKey.current.of(input) });
      repeatKey.current.forget();
      const words = done(reply, input);
      if (words !== null) tell({ tone: "good", words: () => done(reply, input) ?? words });
      return reply;
    } catch (error) {
      // A refusal is an answer; without one the same may have been done, and the same key says so.
      if (error instanceof ApiProblem && error.status < 500) repeatKey.current.forget();
      const isSaid = error instanceof ApiProblem && onRefused?.(error) === true;
      if (!isSaid) {
        const { detail } = explainFailure(error, nameOf);
        tell({ tone: "bad", words: () => explainFailure(error, nameOf).words, detail });
      }
      return null;
    } finally {
      for (const queryKey of affects(input)) void queries.invalidateQueries({ queryKey });
      catchUp();
      running.current = false;
      setBusy(false);
    }
  };
  return { isBusy, start };
};
