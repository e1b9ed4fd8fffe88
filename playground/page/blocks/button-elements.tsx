import type { Button, Overflow, PlainTextOption } from "@slack/types";
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { isSafeUrl } from "../text/inline.ts";
import { Plain } from "../text/text-view.tsx";
import type { ElementProps } from "./element-props.ts";
import { Popover, usePopover } from "./popover.tsx";
import { useSurface } from "./surface.tsx";

const plainLabel = (text: Button["text"]): ReactNode => <Plain text={text.text} emoji={text.emoji ?? true} />;

export const ButtonElement = ({ element, address }: ElementProps<Button>): ReactNode => {
  const surface = useSurface();
  const pending = surface.isPending(address);
  const className = ["button", element.style ?? "", pending ? "pending" : ""].filter(Boolean).join(" ");
  const press = (): void => void surface.press(address, element.confirm);
  // Slack opens the address and tells the app about the press.
  if (element.url && isSafeUrl(element.url)) {
    return (
      <a
        className={className}
        href={element.url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={element.accessibility_label}
        onClick={press}
      >
        {plainLabel(element.text)} <span aria-hidden="true">↗</span>
      </a>
    );
  }
  return (
    <button
      type="button"
      className={className}
      aria-busy={pending}
      aria-label={element.accessibility_label}
      onClick={press}
    >
      {plainLabel(element.text)}
    </button>
  );
};

const OverflowMenu = ({
  options,
  onPick,
}: {
  options: readonly PlainTextOption[];
  onPick: (option: PlainTextOption) => void;
}): ReactNode => {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    menu.current?.querySelector("button")?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  return (
    <div ref={menu} role="menu" aria-label="More actions" className="menu-list" onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value ?? option.text.text}
          type="button"
          role="menuitem"
          className="menu-option"
          onClick={() => onPick(option)}
        >
          <span>
            {plainLabel(option.text)}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </button>
      ))}
    </div>
  );
};

export const OverflowElement = ({ element, address }: ElementProps<Overflow>): ReactNode => {
  const surface = useSurface();
  const id = useId();
  const popover = usePopover();
  const pick = (option: PlainTextOption): void => {
    popover.close();
    if (option.url && isSafeUrl(option.url)) open(option.url, "_blank", "noopener");
    void surface.press(address, element.confirm, option.value ?? "");
  };
  return (
    <>
      <button
        type="button"
        ref={popover.anchor}
        popoverTarget={id}
        className={surface.isPending(address) ? "button overflow pending" : "button overflow"}
        aria-haspopup="menu"
        aria-expanded={popover.open}
        aria-label="More actions"
      >
        ⋯
      </button>
      <Popover id={id} state={popover} className="menu">
        <OverflowMenu options={element.options} onPick={pick} />
      </Popover>
    </>
  );
};
