import type { Confirm } from "@slack/types";
import type { ReactNode } from "react";
import { TextView } from "../text/text-view.tsx";
import { Dialog } from "./dialog.tsx";

export const ConfirmDialog = ({
  confirm,
  onAnswer,
}: {
  confirm: Confirm;
  onAnswer: (yes: boolean) => void;
}): ReactNode => (
  <Dialog label={confirm.title?.text ?? "Are you sure?"} className="confirm" onClose={() => onAnswer(false)}>
    <h2 className="dialog-title">{confirm.title?.text ?? "Are you sure?"}</h2>
    <div className="dialog-body">
      <TextView text={confirm.text} />
    </div>
    <footer className="dialog-footer">
      <button type="button" className="button" data-testid="confirm-cancel" onClick={() => onAnswer(false)}>
        {confirm.deny?.text ?? "Cancel"}
      </button>
      <button
        type="button"
        className={`button ${confirm.style ?? "primary"}`}
        data-testid="confirm-ok"
        data-autofocus
        onClick={() => onAnswer(true)}
      >
        {confirm.confirm?.text ?? "Yes"}
      </button>
    </footer>
  </Dialog>
);
