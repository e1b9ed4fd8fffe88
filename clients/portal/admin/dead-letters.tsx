import { type ReactNode, useState } from "react";
import { messageQueues } from "../../../shared/domain/dead-letters/dead-letter.ts";
import { deadLetterEffect, deadLetterKind, deadLetterStanding } from "../../../shared/messages/en/dead-letters.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { Field } from "../components/field.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { MessageText } from "../components/message-text.tsx";
import { Time } from "../components/time.tsx";
import { keys } from "../data/keys.ts";
import { type DeadLetter, useDeadLetters } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";

export const DeadLetters = (): ReactNode => {
  const [all, setAll] = useState(false);
  const query = useDeadLetters(all);
  return (
    <>
      <p className="fine">Messages that could not be handled. Retry one once its cause is gone, or discard it.</p>
      <div className="filters">
        <label className="choice">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          <span>Also those that are settled</span>
        </label>
      </div>
      <Load query={query} what="dead letters">
        {({ pages }) => (
          <List
            className="rows"
            testId="dead-letters"
            items={pages.flatMap(({ deadLetters }) => deadLetters)}
            empty="There are no dead letters."
          >
            {(deadLetter) => <DeadLetterRow key={deadLetter.number} deadLetter={deadLetter} />}
          </List>
        )}
      </Load>
      {query.hasNextPage && (
        <p className="more">
          <Button aria-disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {query.isFetchingNextPage ? "Loading…" : "Older dead letters"}
          </Button>
        </p>
      )}
    </>
  );
};

const DeadLetterRow = ({ deadLetter }: { deadLetter: DeadLetter }): ReactNode => {
  const client = useClient();
  const { number, queue, cause, attempts, retries, state, failedAt, traceId } = deadLetter;
  // Slack's requests are in no queue: the person repeats them.
  const mayRetry = messageQueues.some((name) => name === queue);
  const [isDiscarding, setDiscarding] = useState(false);
  const retry = useAction({
    run: (_: void, options) => client.retryDeadLetter({ number }, options),
    done: () => `Dead letter ${number} is sent again.`,
    affects: [keys.deadLetters, keys.actionItems],
  });
  return (
    <li className="row" data-testid={`dead-letter-${number}`}>
      <div className="row-main">
        <h3>
          Dead letter {number}: {deadLetterKind(queue)}
        </h3>
        <p>
          <strong>Cause:</strong> {cause}
        </p>
        {state === "kept" && (
          <p>
            <MessageText message={deadLetterEffect(queue)} />
          </p>
        )}
        <p className="fine">
          {plural(attempts, "attempt")} · given up <Time at={failedAt} /> ·{" "}
          {state === "kept" && retries > 0 && `sent again ${plural(retries, "time")} · `}
          <MessageText message={deadLetterStanding(deadLetter)} />
          {traceId !== null && ` · trace ${traceId}`}
        </p>
      </div>
      {state === "kept" && (
        <div className="buttons">
          {mayRetry && (
            <Button
              isSmall
              aria-label={`Retry dead letter ${number}`}
              aria-disabled={retry.isBusy}
              onClick={() => void retry.start()}
            >
              {retry.isBusy ? "Sending…" : "Retry"}
            </Button>
          )}
          <Button isSmall aria-label={`Discard dead letter ${number}`} onClick={() => setDiscarding(true)}>
            Discard…
          </Button>
        </div>
      )}
      {isDiscarding && <Discard number={number} close={() => setDiscarding(false)} />}
    </li>
  );
};

const Discard = ({ number, close }: { number: number; close: () => void }): ReactNode => {
  const client = useClient();
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const discard = useAction({
    run: (given: { reason: string }, options) => client.discardDeadLetter({ number }, given, options),
    done: () => `Dead letter ${number} is discarded.`,
    affects: [keys.deadLetters, keys.actionItems],
    onRefused: ({ code }) => {
      // Nothing is left to decide. The toast says who has decided, and how.
      if (code === "dead_letter_settled") close();
      return false;
    },
  });
  const submit = (): void => {
    if (reason.trim() === "") return setError("Say why, for whoever reads the log.");
    void discard.start({ reason: reason.trim() }).then((done) => done && close());
  };
  return (
    <Dialog
      isDangerous
      title={`Discard dead letter ${number}?`}
      yes="Discard"
      busy="Discarding…"
      isBusy={discard.isBusy}
      onYes={submit}
      onNo={close}
    >
      <Field label="Why?" hint="Such as: pushed again since." error={error}>
        {(input) => (
          <input
            {...input}
            data-autofocus
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
};
