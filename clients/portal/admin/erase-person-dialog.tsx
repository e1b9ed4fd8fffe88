import { type ReactNode, useState } from "react";
import { useClient } from "../app/session-context.ts";
import { Dialog } from "../components/dialog.tsx";
import { Field } from "../components/field.tsx";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { useAction } from "../data/use-action.ts";

interface EraseProps {
  userId: string;
  close: () => void;
  done: (pseudonym: string) => void;
}

/** It cannot be taken back, so that the person's name has to be typed. */
export const ErasePersonDialog = ({ userId, close, done }: EraseProps): ReactNode => {
  const client = useClient();
  const name = usePeople().nameOf(userId);
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | null>(null);
  const erase = useAction({
    run: (_: void, options) => client.erasePerson({ userId }, options),
    done: () => "It is erased.",
    affects: [keys.roles, keys.staged, keys.actionItems, keys.commits],
  });
  const submit = async (): Promise<void> => {
    if (typed.trim().toLowerCase() !== name.toLowerCase()) return setError(`Type the name as it stands here: ${name}.`);
    const erased = await erase.start();
    if (!erased) return;
    close();
    done(erased.pseudonym);
  };
  return (
    <Dialog
      isDangerous
      title={`Erase what is stored of ${name}?`}
      yes="Erase"
      busy="Erasing…"
      no="Keep it"
      isBusy={erase.isBusy}
      onYes={() => void submit()}
      onNo={close}
    >
      <p>
        Their role, tokens, sign-ins, name and staged changes are deleted, and the history has a pseudonym in place of
        their id. It cannot be taken back. Download what they ask for first.
      </p>
      <Field label={`Type ${name} to confirm`} hint={`Their id is ${userId}.`} error={error}>
        {(input) => (
          <input
            {...input}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setError(null);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
};
