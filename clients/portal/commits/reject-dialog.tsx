import { type ReactNode, useId, useState } from "react";
import * as z from "zod/mini";
import { useDraft } from "../data/use-draft.ts";
import { Dialog } from "../components/dialog.tsx";

/** Limit of the API, in characters. */
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
  /** Resolves to whether the commit was rejected. */
  onReject: (reason: string) => Promise<boolean>;
}): ReactNode => {
  const draft = useDraft(`reject/${number}`, z.string());
  const [reason, setReason] = useState(draft.left ?? "");
  const [isMissing, setMissing] = useState(false);
  const id = useId();
  return (
    <Dialog title={`Reject commit #${number}`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() === "") setMissing(true);
          else void onReject(reason.trim()).then((isDone) => isDone && draft.forget());
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
              onChange={(event) => {
                setReason(event.target.value);
                draft.keep(event.target.value);
              }}
              aria-invalid={isMissing && reason.trim() === ""}
              aria-describedby={`${id}-hint`}
            />
            <p id={`${id}-hint`} className={isMissing && reason.trim() === "" ? "error" : "hint"}>
              {isMissing && reason.trim() === ""
                ? "Say why, so that the author knows what to correct."
                : "The author sees it."}
            </p>
          </div>
        </div>
        <footer className="dialog-footer">
          <button
            type="button"
            className="button"
            onClick={() => {
              draft.forget();
              onClose();
            }}
          >
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
