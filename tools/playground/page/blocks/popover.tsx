import { useCallback, useRef, useState, type ReactNode, type RefObject, type ToggleEvent } from "react";

export interface PopoverState {
  anchor: RefObject<HTMLButtonElement | null>;
  popover: RefObject<HTMLDivElement | null>;
  open: boolean;
  show: () => void;
  close: () => void;
  onToggle: (event: ToggleEvent<HTMLDivElement>) => void;
}

/** The browser's popover: above dialogs, beside the button that opens it; Escape or a click outside closes it. */
export const usePopover = (): PopoverState => {
  const anchor = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const onToggle = useCallback((event: ToggleEvent<HTMLDivElement>) => setOpen(event.newState === "open"), []);
  const show = useCallback(() => {
    if (anchor.current) popover.current?.showPopover({ source: anchor.current });
  }, []);
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
