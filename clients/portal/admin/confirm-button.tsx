import { type ReactNode, useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";

interface ConfirmProps {
  /** "Revoke" */
  label: string;
  /** For those who do not see the row. */
  about: string;
  question: string;
  text: string;
  isBusy: boolean;
  /** Resolves to null where it was refused: then the question stays. */
  act: () => Promise<unknown>;
}

/** A button for what cannot be undone: it asks first. */
export const ConfirmButton = ({ label, about, question, text, isBusy, act }: ConfirmProps): ReactNode => {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button isSmall look="danger-quiet" aria-label={`${label} ${about}`} onClick={() => setAsked(true)}>
        {label}
      </Button>
      {isAsked && (
        <Dialog
          isDangerous
          title={question}
          yes={label}
          no="Keep it"
          isBusy={isBusy}
          onNo={() => setAsked(false)}
          onYes={() => void act().then((done) => done !== null && setAsked(false))}
        >
          <p>{text}</p>
        </Dialog>
      )}
    </>
  );
};
