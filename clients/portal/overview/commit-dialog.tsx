import { plural } from "../../../shared/messages/en/grammar.ts";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { useAction } from "../data/use-action.ts";
import { useDraft } from "../data/use-draft.ts";
import { Dialog } from "../components/dialog.tsx";
import { ActionSign } from "../components/diff.tsx";
import { anyOf } from "../messages/format.ts";

interface Input {
  message: string;
  changes: number[];
  draft: boolean;
}

const commitDraft = z.object({
  message: z.string(),
  /** Changes that are not part of the commit. */
  left: z.array(z.int()),
  draft: z.boolean(),
});

const nothingEntered: z.infer<typeof commitDraft> = { message: "", left: [], draft: false };

const useEntered = () => {
  const kept = useDraft("commit", commitDraft);
  const [entered, setEntered] = useState(kept.left ?? nothingEntered);
  const enter = (now: Partial<typeof entered>): void => {
    const all = { ...entered, ...now };
    setEntered(all);
    kept.keep(all);
  };
  return { entered, enter, forget: kept.forget };
};

/** @param changes the reader's own */
export const CommitDialog = ({ changes, close }: { changes: readonly ApiChange[]; close: () => void }): ReactNode => {
  const client = useClient();
  const { nameOf } = usePeople();
  const id = useId();
  const { entered, enter, forget } = useEntered();
  const { message, draft } = entered;
  const left = new Set(entered.left);
  const [problem, setProblem] = useState<string | null>(null);
  const chosen = changes.filter(({ number }) => !left.has(number)).map(({ number }) => number);
  const commit = useAction({
    run: (input: Input, options) => client.createCommit(input, options),
    done: ({ number, meta: { reviewers } }) =>
      draft
        ? `Commit #${number} is a draft.`
        : reviewers.length === 0
          ? `Commit #${number} needs approval, but nobody may approve it yet.`
          : `Commit #${number} needs approval by ${anyOf(reviewers.map(nameOf))}.`,
    affects: () => [keys.staged, keys.actionItems, keys.commits],
    onRefused: ({ code, message: detail }: ApiProblem) => {
      if (!code.startsWith("message_")) return false;
      setProblem(code === "message_required" ? "Say in a few words what it does." : detail);
      return true;
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (message.trim() === "") setProblem("Say in a few words what it does.");
    else if (chosen.length > 0)
      void commit.start({ message: message.trim(), changes: chosen, draft }).then((made) => {
        if (!made) return;
        forget();
        close();
      });
  };
  const toggle = (number: number): void => {
    const next = new Set(left);
    if (!next.delete(number)) next.add(number);
    enter({ left: [...next] });
  };
  return (
    <Dialog title="Commit" onClose={close}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <div className="field">
            <label htmlFor={id}>What does it do?</label>
            <input
              id={id}
              data-autofocus
              value={message}
              onChange={(event) => {
                enter({ message: event.target.value });
                setProblem(null);
              }}
              aria-invalid={problem !== null}
              aria-describedby={`${id}-hint`}
            />
            <p id={`${id}-hint`} className={problem === null ? "hint" : "error"}>
              {problem ?? "Reviewers read it first, such as “Skill updates”."}
            </p>
          </div>
          <Choice changes={changes} left={left} toggle={toggle} />
          <label className="choice">
            <input type="checkbox" checked={draft} onChange={(event) => enter({ draft: event.target.checked })} />
            <span>Draft: ask for review later</span>
          </label>
        </div>
        <footer className="dialog-footer">
          <button
            type="button"
            className="button"
            onClick={() => {
              forget();
              close();
            }}
          >
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={commit.isBusy || chosen.length === 0}>
            {commit.isBusy ? "Committing…" : draft ? "Commit as a draft" : "Commit"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
};

const Choice = ({
  changes,
  left,
  toggle,
}: {
  changes: readonly ApiChange[];
  left: ReadonlySet<number>;
  toggle: (number: number) => void;
}): ReactNode => {
  const chosen = changes.filter(({ number }) => !left.has(number)).length;
  return (
    <fieldset>
      <legend>
        {chosen === changes.length
          ? `Your ${plural(changes.length, "change")}`
          : `${chosen} of your ${plural(changes.length, "change")}`}
      </legend>
      <div className="choices">
        {changes.map((change) => (
          <label key={change.number} className="choice">
            <input type="checkbox" checked={!left.has(change.number)} onChange={() => toggle(change.number)} />
            <ActionSign action={change.action} />
            <span>{change.summary}</span>
          </label>
        ))}
      </div>
      {chosen === 0 && <p className="error">Choose at least one.</p>}
    </fieldset>
  );
};
