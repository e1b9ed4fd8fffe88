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
import { usePeople } from "../data/people.ts";
import { useAction } from "../data/use-action.ts";
import { useDraft } from "../data/use-draft.ts";
import { Dialog } from "../components/dialog.tsx";
import { ActionSign } from "../components/diff.tsx";
import { Field } from "../components/field.tsx";
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

/** @param changes the reader's own */
export const CommitDialog = ({ changes, close }: { changes: readonly ApiChange[]; close: () => void }): ReactNode => {
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
  const toggle = (number: number): void => {
    const next = new Set(left);
    if (!next.delete(number)) next.add(number);
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
      <Choice changes={changes} left={left} toggle={toggle} />
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
  toggle: (number: number) => void;
}

const Choice = ({ changes, left, toggle }: ChoiceProps): ReactNode => {
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
      {chosen === 0 && <p className="error">Choose at least one change.</p>}
    </fieldset>
  );
};
