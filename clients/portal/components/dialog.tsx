import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button.tsx";
import { Form } from "./form.tsx";
import { useToasts } from "./toasts.tsx";

/** Opens the browser's modal dialog, which traps and returns the focus. */
const useModal = () => {
  const dialog = useRef<HTMLDialogElement>(null);
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
  return dialog;
};

interface DialogProps {
  title: string;
  children: ReactNode;
  yes: string;
  /** Label of the button while the action runs. */
  busy?: string;
  no?: string;
  isDangerous?: boolean;
  isBusy: boolean;
  /** Whether `yes` is impossible as yet. */
  isBlocked?: boolean;
  onYes: () => void;
  onNo: () => void;
  /** After Escape. Default: onNo. */
  onClose?: () => void;
}

/** A question or a form with two answers. The first input has the focus, else the answer that is safe. */
export const Dialog = ({
  title,
  children,
  yes,
  busy = "Working…",
  no = "Cancel",
  isDangerous = false,
  isBusy,
  isBlocked = false,
  onYes,
  onNo,
  onClose = onNo,
}: DialogProps): ReactNode => {
  const dialog = useModal();
  const titleId = useId();
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
      <Form
        onSubmit={() => {
          if (!isBusy && !isBlocked) onYes();
        }}
      >
        <div className="dialog-body">{children}</div>
        <footer className="dialog-footer">
          <Button onClick={onNo} data-autofocus={isDangerous || undefined}>
            {no}
          </Button>
          <Button
            type="submit"
            look={isDangerous ? "danger" : "primary"}
            aria-disabled={isBusy || isBlocked}
            data-autofocus={!isDangerous || undefined}
          >
            {isBusy ? busy : yes}
          </Button>
        </footer>
      </Form>
    </dialog>
  );
};
