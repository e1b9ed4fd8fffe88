import { useCallback, useEffect, useRef, useState, type ReactNode, type RefObject, type ToggleEvent } from "react";

const gapPx = 4;
const marginPx = 8;

/** Puts the popover under its anchor, or above where there is more room. */
const place = (popover: HTMLElement, anchor: HTMLElement): void => {
  const at = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const below = innerHeight - at.bottom;
  const top = below >= size.height + marginPx || below >= at.top ? at.bottom + gapPx : at.top - size.height - gapPx;
  popover.style.top = `${Math.max(marginPx, Math.min(top, innerHeight - size.height - marginPx))}px`;
  popover.style.left = `${Math.max(marginPx, Math.min(at.left, innerWidth - size.width - marginPx))}px`;
  popover.style.minWidth = `${at.width}px`;
};

export interface PopoverState {
  anchor: RefObject<HTMLButtonElement | null>;
  popover: RefObject<HTMLDivElement | null>;
  open: boolean;
  show: () => void;
  close: () => void;
  onToggle: (event: ToggleEvent<HTMLDivElement>) => void;
}

/** The browser's own popover: it lies above dialogs, and Escape or a click outside closes it. */
export const usePopover = (): PopoverState => {
  const anchor = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const onToggle = useCallback((event: ToggleEvent<HTMLDivElement>) => {
    setOpen(event.newState === "open");
  }, []);
  useEffect(() => {
    const element = popover.current;
    if (!open || !element) return;
    // Its size changes as choices are found.
    const observer = new ResizeObserver(() => anchor.current && place(element, anchor.current));
    observer.observe(element);
    return () => observer.disconnect();
  }, [open]);
  const show = useCallback(() => popover.current?.showPopover(), []);
  const close = useCallback(() => {
    popover.current?.hidePopover();
    anchor.current?.focus();
  }, []);
  return { anchor, popover, open, show, close, onToggle };
};

export const Popover = ({
  id,
  state,
  className,
  children,
}: {
  id: string;
  state: PopoverState;
  className: string;
  children: ReactNode;
}): ReactNode => (
  <div
    id={id}
    ref={state.popover}
    popover="auto"
    role="presentation"
    className={`popover ${className}`}
    onToggle={state.onToggle}
    onKeyDown={(event) => {
      // It closes this, not the panel or dialog around it.
      if (event.key === "Escape") event.stopPropagation();
    }}
  >
    {state.open && children}
  </div>
);
