import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { usePeople } from "../data/people.ts";
import { Icon } from "./icon.tsx";

export interface Toast {
  tone: "good" | "bad";
  /** Rendered again when names of people arrive. */
  text: () => string;
  /** Secondary text, such as the trace id. */
  detail?: string | null;
}

interface Shown extends Toast {
  id: number;
}

interface Toasts {
  show: (toast: Toast) => void;
  /** Shows toasts within this element, or in the page when null: a modal dialog hides everything outside itself. */
  showIn: (host: HTMLElement | null) => void;
}

const ToastContext = createContext<Toasts | null>(null);

export const useToasts = (): Toasts => {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error("There are no toasts here");
  return toasts;
};

const maxShown = 4;
/** A success disappears by itself; an error stays until it is dismissed. */
const goodForMs = 7000;

export const ToastProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const [shown, setShown] = useState<Shown[]>([]);
  const [host, showIn] = useState<HTMLElement | null>(null);
  const show = useCallback((toast: Toast) => {
    setShown((before) => {
      const id = (before.at(-1)?.id ?? 0) + 1;
      return [...before.filter(({ text }) => text() !== toast.text()), { ...toast, id }].slice(-maxShown);
    });
  }, []);
  const dismiss = useCallback((id: number) => setShown((before) => before.filter((toast) => toast.id !== id)), []);
  const toasts = useMemo(() => ({ show, showIn }), [show]);
  const list = (
    <section className="toasts" aria-label="Messages">
      <ol aria-live="polite" aria-relevant="additions">
        {shown.map((toast) => (
          <ToastView key={toast.id} toast={toast} dismiss={dismiss} />
        ))}
      </ol>
    </section>
  );
  return (
    <ToastContext value={toasts}>
      {children}
      {host ? createPortal(list, host) : list}
    </ToastContext>
  );
};

const ToastView = ({ toast, dismiss }: { toast: Shown; dismiss: (id: number) => void }): ReactNode => {
  const { id, tone, text, detail } = toast;
  usePeople();
  const end = useCallback(() => dismiss(id), [dismiss, id]);
  useEffect(() => {
    if (tone !== "good") return;
    const timer = setTimeout(end, goodForMs);
    return () => clearTimeout(timer);
  }, [tone, end]);
  return (
    <li className={`toast ${tone}`} data-testid={`toast-${tone}`}>
      <Icon name={tone === "good" ? "check" : "alert"} />
      <div className="toast-text">
        <p>{text()}</p>
        {detail && <p className="fine">{detail}</p>}
      </div>
      <button type="button" className="icon-button" onClick={end} aria-label="Dismiss">
        <Icon name="close" />
      </button>
    </li>
  );
};
