import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { Popover, usePopover } from "./popover.tsx";

interface MenuItem {
  key: string;
  content: ReactNode;
  description?: string;
  onPick: () => void;
}

interface MenuProps {
  label: string;
  title?: string;
  items: readonly MenuItem[];
}

/** The list in a popover: takes the focus when it opens, and arrows walk through it. */
const Menu = ({ label, title, items, close }: MenuProps & { close: () => void }): ReactNode => {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    menu.current?.querySelector("button")?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  };
  return (
    <div ref={menu} role="menu" aria-label={label} className="menu-list" onKeyDown={onKeyDown}>
      {title && (
        <div className="menu-group" role="presentation">
          {title}
        </div>
      )}
      {items.map(({ key, content, description, onPick }) => (
        <button
          key={key}
          type="button"
          role="menuitem"
          className="menu-option"
          onClick={() => {
            close();
            onPick();
          }}
        >
          <span>
            {content}
            {description && <small>{description}</small>}
          </span>
        </button>
      ))}
    </div>
  );
};

/** A button that opens a menu. */
export const MenuButton = ({
  className,
  children,
  ...menu
}: MenuProps & { className: string; children: ReactNode }): ReactNode => {
  const id = useId();
  const popover = usePopover();
  return (
    <>
      <button
        type="button"
        ref={popover.anchor}
        popoverTarget={id}
        className={className}
        aria-haspopup="menu"
        aria-expanded={popover.open}
        aria-label={menu.label}
        title={menu.label}
      >
        {children}
      </button>
      <Popover id={id} state={popover} className="menu">
        <Menu {...menu} close={popover.close} />
      </Popover>
    </>
  );
};
