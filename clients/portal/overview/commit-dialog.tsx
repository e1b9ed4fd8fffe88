import { plural } from "../../../shared/messages/en/grammar.ts";
import { type ReactNode, useState } from "react";
import * as z from "zod/mini";
import type { ApiProblem } from "../../sdk/index.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import { type Refusal, refusalIn } from "../../../shared/contract/refusals.ts";
import { editMessages } from "../../../shared/messages/en/refusals/commits.ts";
import { MessageText } from "../components/message-text.tsx";
import { useClient } from "../app/session-context.ts";
import { keys } from "../data/keys.ts";
import { type Me, maxStaged, useStaged } from "../data/queries.ts";
import { usePeople } from "../data/people.ts";
import { useAction } from "../data/use-action.ts";
import { useDraft } from "../data/use-draft.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { ActionSign } from "../components/diff.tsx";
import { Field } from "../components/field.tsx";
import { Load } from "../components/load.tsx";
import { anyOf } from "../messages/format.ts";

interface Input {
  message: string;
  changes: number[];
  draft: boolean;
  acceptEdits?: string;
}

const commitDraft = z.object({
  message: z.string(),
  /** Changes that are not part of the commit. */
  left: z.array(z.int()),
  draft: z.boolean(),
});

const nothingEntered: z.infer<typeof commitDraft> = { message: "", left: [], draft: false };

const useEntered = () => {
  const { left, keep, forget } = useDraft("commit", commitDraft);
  const [entered, setEntered] = useState(left ?? nothingEntered);
  const enter = (now: Partial<typeof entered>): void => {
    const all = { ...entered, ...now };
    setEntered(all);
    keep(all);
  };
  return { entered, enter, forget };
};

const emptyMessage = "Say in a few words what it does.";

/** Of the reader's own staged changes. */
export const CommitDialog = ({ me, close }: { me: Me; close: () => void }): ReactNode => {
  const staged = useStaged(maxStaged, me.userId);
  if (!staged.data)
    return (
      <Dialog title="Commit" yes="Commit" isBusy={false} isBlocked onYes={close} onNo={close}>
        <Load query={staged} what="your staged changes">
          {() => null}
        </Load>
      </Dialog>
    );
  return <CommitForm changes={staged.data.changes} count={staged.data.count} close={close} />;
};

interface FormProps {
  changes: readonly ApiChange[];
  /** Of all, where there are more than a form takes. */
  count: number;
  close: () => void;
}

const CommitForm = ({ changes, count, close }: FormProps): ReactNode => {
  const client = useClient();
  const { nameOf } = usePeople();
  const { entered, enter, forget } = useEntered();
  const { message, draft } = entered;
  const left = new Set(entered.left);
  const [problem, setProblem] = useState<string | null>(null);
  const [edits, setEdits] = useState<Refusal<"edited_by_others"> | null>(null);
  const chosen = changes.filter(({ number }) => !left.has(number)).map(({ number }) => number);
  const commit = useAction({
    run: (input: Input, options) => client.createCommit(input, options),
    done: ({ number, meta: { reviewers } }) =>
      draft
        ? `Commit #${number} is a draft.`
        : reviewers.length === 0
          ? `Commit #${number} needs approval, but nobody may approve it yet.`
          : `Commit #${number} needs approval by ${anyOf(reviewers.map(nameOf))}.`,
    affects: [keys.staged, keys.actionItems, keys.commits],
    onRefused: ({ code, message: detail, members }: ApiProblem) => {
      const refusal = refusalIn(code, members);
      if (refusal?.code === "edited_by_others") {
        setEdits(refusal);
        return true;
      }
      if (!code.startsWith("message_")) return false;
      setProblem(code === "message_required" ? emptyMessage : detail);
      return true;
    },
  });
  const discard = (): void => {
    forget();
    close();
  };
  const submit = async (): Promise<void> => {
    if (message.trim() === "") return setProblem(emptyMessage);
    if (
      chosen.length > 0 &&
      (await commit.start({
        message: message.trim(),
        changes: chosen,
        draft,
        ...(edits && { acceptEdits: edits.seen }),
      }))
    )
      discard();
  };
  const choose = (numbers: readonly number[], isChosen: boolean): void => {
    const next = new Set(left);
    for (const number of numbers) {
      if (isChosen) next.delete(number);
      else next.add(number);
    }
    enter({ left: [...next] });
  };
  return (
    <Dialog
      title="Commit"
      yes={edits ? "Commit it as it is now" : draft ? "Commit as a draft" : "Commit"}
      busy="Committing…"
      isBusy={commit.isBusy}
      isBlocked={chosen.length === 0}
      onYes={() => void submit()}
      onNo={discard}
      onClose={close}
    >
      <Field label="What does it do?" hint="Reviewers read it first, such as “Skill updates”." error={problem}>
        {(input) => (
          <input
            {...input}
            data-autofocus
            value={message}
            onChange={(event) => {
              enter({ message: event.target.value });
              setProblem(null);
            }}
          />
        )}
      </Field>
      {edits && <Edits refusal={edits} />}
      <Choice changes={changes} left={left} choose={choose} />
      {count > changes.length && <p className="fine">Of {count}; commit these first, then the others.</p>}
      <label className="choice">
        <input type="checkbox" checked={draft} onChange={(event) => enter({ draft: event.target.checked })} />
        <span>Draft: ask for review later</span>
      </label>
    </Dialog>
  );
};

/** What others have made of it: the button below confirms that. */
const Edits = ({ refusal: { edits } }: { refusal: Refusal<"edited_by_others"> }): ReactNode => (
  <div className="notice" role="alert">
    <p>Somebody else has edited these changes since you last saw them:</p>
    <ul>
      {edits.flatMap(editMessages).map((line, index) => (
        <li key={index}>
          <MessageText message={line} />
        </li>
      ))}
    </ul>
  </div>
);

interface ChoiceProps {
  changes: readonly ApiChange[];
  left: ReadonlySet<number>;
  choose: (numbers: readonly number[], isChosen: boolean) => void;
}

/** A shorter list needs no filter. */
const filteredFrom = 8;

const Choice = ({ changes, left, choose }: ChoiceProps): ReactNode => {
  const [filter, setFilter] = useState("");
  const chosen = changes.filter(({ number }) => !left.has(number)).length;
  const word = filter.trim().toLowerCase();
  const shown = changes.filter(({ name, summary, note }) =>
    [name, summary, note ?? ""].join(" ").toLowerCase().includes(word),
  );
  const numbers = shown.map(({ number }) => number);
  return (
    <fieldset>
      <legend>
        {chosen === changes.length
          ? `Your ${plural(changes.length, "change")}`
          : `${chosen} of your ${plural(changes.length, "change")}`}
      </legend>
      {changes.length >= filteredFrom && (
        <div className="choices-tools">
          <input
            type="search"
            aria-label="Filter your changes"
            placeholder="Filter by name or value"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Button isSmall onClick={() => choose(numbers, true)}>
            {word === "" ? "Select all" : `Select these ${shown.length}`}
          </Button>
          <Button isSmall onClick={() => choose(numbers, false)}>
            {word === "" ? "Select none" : `Deselect these ${shown.length}`}
          </Button>
        </div>
      )}
      <div className="choices scrolled">
        {shown.map((change) => (
          <label key={change.number} className="choice">
            <input
              type="checkbox"
              checked={!left.has(change.number)}
              onChange={(event) => choose([change.number], event.target.checked)}
            />
            <ActionSign action={change.action} />
            <span>{change.summary}</span>
          </label>
        ))}
        {shown.length === 0 && <p className="empty">None of your changes matches this filter.</p>}
      </div>
      {chosen === 0 && <p className="error">Choose at least one change.</p>}
    </fieldset>
  );
};
