import { type ReactNode, useEffect, useId, useRef } from "react";
import { useToasts } from "./toasts.tsx";

/** The browser's modal dialog: it traps and returns the focus, and Escape closes it. */
export const Dialog = ({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode => {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { showIn } = useToasts();
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    showIn(element);
    return () => {
      showIn(null);
      element?.close();
      // The element that had the focus may be gone; then the page gets the focus.
      const place =
        before instanceof HTMLElement && before.isConnected ? before : document.querySelector<HTMLElement>("main h1");
      place?.focus();
    };
  }, [showIn]);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
};

/** A question with two answers. When the action cannot be undone, the safe answer has the focus. */
export const Confirm = ({
  title,
  children,
  yes,
  no = "Cancel",
  isDangerous = false,
  isBusy,
  onYes,
  onNo,
}: {
  title: string;
  children: ReactNode;
  yes: string;
  no?: string;
  isDangerous?: boolean;
  isBusy: boolean;
  onYes: () => void;
  onNo: () => void;
}): ReactNode => (
  <Dialog title={title} onClose={onNo}>
    <div className="dialog-body">{children}</div>
    <footer className="dialog-footer">
      <button type="button" className="button" onClick={onNo} data-autofocus={isDangerous || undefined}>
        {no}
      </button>
      <button
        type="button"
        className={`button ${isDangerous ? "danger" : "primary"}`}
        onClick={onYes}
        aria-disabled={isBusy}
        data-autofocus={!isDangerous || undefined}
      >
        {isBusy ? "Working…" : yes}
      </button>
    </footer>
  </Dialog>
);
