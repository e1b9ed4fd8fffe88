import { type ReactNode, useState } from "react";
import * as z from "zod/mini";
import { useDraft } from "../data/use-draft.ts";
import { Dialog } from "../components/dialog.tsx";
import { Field } from "../components/field.tsx";

/** Limit of the API, in characters. */
const maxReason = 500;

interface RejectDialogProps {
  number: number;
  isBusy: boolean;
  onClose: () => void;
  /** Resolves to whether the commit was rejected. */
  onReject: (reason: string) => Promise<boolean>;
}

export const RejectDialog = ({ number, isBusy, onClose, onReject }: RejectDialogProps): ReactNode => {
  const draft = useDraft(`reject/${number}`, z.string());
  const [typed, setTyped] = useState(draft.left ?? "");
  const [isSubmitted, setSubmitted] = useState(false);
  const reason = typed.trim();
  const reject = async (): Promise<void> => {
    setSubmitted(true);
    if (reason !== "" && (await onReject(reason))) draft.forget();
  };
  return (
    <Dialog
      title={`Reject commit #${number}`}
      yes="Reject"
      isDangerous
      isBusy={isBusy}
      onYes={() => void reject()}
      onNo={() => {
        draft.forget();
        onClose();
      }}
      onClose={onClose}
    >
      <Field
        label="Why?"
        hint="The author sees it."
        error={isSubmitted && reason === "" ? "Say why, so that the author knows what to correct." : null}
      >
        {(input) => (
          <textarea
            {...input}
            data-autofocus
            rows={3}
            maxLength={maxReason}
            value={typed}
            onChange={({ target: { value } }) => {
              setTyped(value);
              draft.keep(value);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
};
