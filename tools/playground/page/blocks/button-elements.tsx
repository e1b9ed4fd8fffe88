import type { Button, Overflow, PlainTextOption } from "@slack/types";
import type { ReactNode } from "react";
import { isSafeUrl } from "../text/inline.ts";
import { Plain } from "../text/text-view.tsx";
import type { ElementProps } from "./element-props.ts";
import { MenuButton } from "./menu.tsx";
import { useSurface } from "./surface.tsx";

const plainLabel = (text: Button["text"]): ReactNode => <Plain text={text.text} emoji={text.emoji ?? true} />;

export const ButtonElement = ({ element, address }: ElementProps<Button>): ReactNode => {
  const surface = useSurface();
  const pending = surface.isPending(address);
  const className = ["button", element.style ?? "", pending ? "pending" : ""].filter(Boolean).join(" ");
  const press = (): void => void surface.press(address, element.confirm);
  // Slack opens the address and notifies the app of the press.
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

export const OverflowElement = ({ element, address }: ElementProps<Overflow>): ReactNode => {
  const surface = useSurface();
  const pick = (option: PlainTextOption): void => {
    if (option.url && isSafeUrl(option.url)) open(option.url, "_blank", "noopener");
    void surface.press(address, element.confirm, option.value ?? "");
  };
  return (
    <MenuButton
      className={surface.isPending(address) ? "button overflow pending" : "button overflow"}
      label="More actions"
      items={element.options.map((option) => ({
        key: option.value ?? option.text.text,
        content: plainLabel(option.text),
        ...(option.description ? { description: option.description.text } : {}),
        onPick: () => pick(option),
      }))}
    >
      ⋯
    </MenuButton>
  );
};
