import type { ReactNode } from "react";

/** A failure that belongs to no message: said at the bottom of the page, until it is put away. */
export const Toast = ({ text, onDismiss }: { text: string; onDismiss: () => void }): ReactNode => (
  <div className="toast" role="alert" data-testid="toast">
    <span aria-hidden="true">⚠</span>
    <span className="toast-text">{text}</span>
    <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
      ✕
    </button>
  </div>
);
