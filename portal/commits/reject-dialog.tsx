import { type ReactNode, useId, useState } from "react";
import { Dialog } from "../parts/dialog.tsx";

/** As the API takes it, in characters. */
const longestReason = 500;

export const RejectDialog = ({
  number,
  isBusy,
  onClose,
  onReject,
}: {
  number: number;
  isBusy: boolean;
  onClose: () => void;
  onReject: (reason: string) => void;
}): ReactNode => {
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const id = useId();
  return (
    <Dialog title={`Reject commit #${number}`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() === "") setMissing(true);
          else onReject(reason.trim());
        }}
      >
        <div className="dialog-body">
          <div className="field">
            <label htmlFor={id}>Why?</label>
            <textarea
              id={id}
              data-autofocus
              rows={3}
              maxLength={longestReason}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              aria-invalid={isMissing && reason.trim() === ""}
              aria-describedby={`${id}-hint`}
            />
            <p id={`${id}-hint`} className={isMissing && reason.trim() === "" ? "error" : "hint"}>
              {isMissing && reason.trim() === ""
                ? "Say why, so that the author knows what to mend."
                : "The author sees it."}
            </p>
          </div>
        </div>
        <footer className="dialog-footer">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button danger" aria-disabled={isBusy}>
            {isBusy ? "Working…" : "Reject"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
