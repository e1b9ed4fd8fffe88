import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

export interface MenuItem {
  key: string;
  content: ReactNode;
  description?: string;
  onPick: () => void;
}

/** The list in a popover: takes the focus when it opens, and arrows walk through it. */
export const Menu = ({
  label,
  title,
  items,
}: {
  label: string;
  title?: string;
  items: readonly MenuItem[];
}): ReactNode => {
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
        <button key={key} type="button" role="menuitem" className="menu-option" onClick={onPick}>
          <span>
            {content}
            {description && <small>{description}</small>}
          </span>
        </button>
      ))}
    </div>
  );
};
