/** An action with one effect, even after a double click or a lost answer. */
import { useRef, useState } from "react";
import { ApiProblem, type CallOptions } from "../../sdk/index.ts";
import { useSession } from "../app/session-context.ts";
import { useToasts } from "../components/toasts.tsx";
import { explainFailure } from "../messages/failures.ts";
import { usePeople } from "./people.ts";
import type { Key } from "./keys.ts";
import { createIdempotencyKey } from "./idempotency-key.ts";

export interface ActionOptions<Input, Reply> {
  run: (input: Input, options: CallOptions) => Promise<Reply>;
  /** Text of the toast. */
  done: (reply: Reply, input: Input) => string;
  /** Queries to refresh at once; the event that does the same may be slower. */
  affects: readonly Key[];
  /** Refusals that are shown elsewhere, such as at a field: no toast. */
  onRefused?: (problem: ApiProblem) => boolean;
}

export interface Action<Input, Reply> {
  isBusy: boolean;
  /** Resolves to null after a refusal or a failure, which a toast has shown. */
  start: (input: Input) => Promise<Reply | null>;
}

export const useAction = <Input, Reply>(options: ActionOptions<Input, Reply>): Action<Input, Reply> => {
  const { queries, catchUp } = useSession();
  const { show } = useToasts();
  const { nameOf } = usePeople();
  const [isBusy, setBusy] = useState(false);
  const running = useRef(false);
  const idempotencyKey = useRef(createIdempotencyKey(() => crypto.randomUUID()));
  const { run, done, affects, onRefused } = options;
  const start = async (input: Input): Promise<Reply | null> => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    try {
      const reply = await run(input, { idempotencyKey: idempotencyKey.current.of(input) });
      idempotencyKey.current.forget();
      show({ tone: "good", text: () => done(reply, input) });
      return reply;
    } catch (error) {
      // A refusal is an answer. Without an answer the action may have had its effect, so a retry uses the same key.
      if (error instanceof ApiProblem && error.status < 500) idempotencyKey.current.forget();
      const isShown = error instanceof ApiProblem && onRefused?.(error) === true;
      if (!isShown) {
        const { detail } = explainFailure(error, nameOf);
        show({ tone: "bad", text: () => explainFailure(error, nameOf).text, detail });
      }
      return null;
    } finally {
      for (const queryKey of affects) void queries.invalidateQueries({ queryKey });
      catchUp();
      running.current = false;
      setBusy(false);
    }
  };
  return { isBusy, start };
};
