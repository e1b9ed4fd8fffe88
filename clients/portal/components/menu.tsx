import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";

export interface MenuItem {
  label: string;
  /** Why the entry is disabled. */
  note: string | null;
  isDangerous: boolean;
  choose: () => void;
}

interface MenuProps {
  label: string;
  /** Label of the button. */
  text?: string;
  items: readonly MenuItem[];
}

/** A button that opens a menu. Arrow keys move in it; Escape and a click outside close it. */
export const Menu = ({ label, text = "More", items }: MenuProps): ReactNode => {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const leave = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, [isOpen]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      close();
    }
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };
  return (
    <div className="menu" ref={root}>
      <Button
        ref={button}
        isSmall
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={label}
        onClick={() => setOpen(!isOpen)}
      >
        {text}
      </Button>
      {isOpen && (
        <div role="menu" id={id} aria-label={label} onKeyDown={move} className="menu-items" tabIndex={-1}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={item.isDangerous ? "dangerous" : ""}
              aria-disabled={item.note !== null}
              onClick={() => {
                if (item.note !== null) return;
                close();
                item.choose();
              }}
            >
              {item.label}
              {item.note !== null && <span className="fine">{item.note}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
};
