import { useEffect, useRef, type ReactNode } from "react";

/** The browser's own modal dialog: it keeps the focus, and Escape closes it. */
export const Dialog = ({
  label,
  className,
  testId,
  onClose,
  children,
}: {
  label: string;
  className: string;
  testId?: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    // The browser would choose the first control, which is the button that closes.
    const wanted =
      element?.querySelector<HTMLElement>("[data-autofocus]") ??
      element?.querySelector<HTMLElement>(".dialog-body :is(input, textarea, .select)");
    (wanted ?? element)?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      className={`dialog ${className}`}
      aria-label={label}
      data-testid={testId}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
};
