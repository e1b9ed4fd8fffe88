/** A button, or an entry of a menu, that stands for a typed command: whatever can be typed can be clicked. */
import { clip } from "../../../../shared/messages/message.ts";
import type { Button, Overflow, PlainTextOption } from "@slack/types";
import { type Items, button, present } from "../../blocks/blocks.ts";

/**
 * `go`: the command's reply takes the place of the private message or modal on which the button stands.
 * `do`: the command is run, and what the button stands on is shown again, with the command's reply above it.
 */
export type CommandClick = "go" | "do";

export interface ClickedCommand {
  click: CommandClick;
  /** What would be typed after `/cv`. */
  command: string;
}

const encoded = (click: CommandClick, command: string): string => `${click}:${command}`;

/** Action ids are unique within a block, so the command is part of it. */
export const commandButton = (
  click: CommandClick,
  label: string,
  command: string,
  options?: Parameters<typeof button>[2],
): Button =>
  button(label, { action_id: encoded(click, command).slice(0, 255), value: encoded(click, command) }, options);

export const menuOption = (click: CommandClick, label: string, command: string): PlainTextOption => ({
  text: { type: "plain_text", text: clip(label, 75) },
  value: encoded(click, command),
});

/** At most five entries (docs.slack.dev, "Overflow menu element"). */
export const menu = (options: Items<PlainTextOption>): Overflow => ({
  type: "overflow",
  action_id: "menu",
  options: present(options).slice(0, 5),
});

/** What the clicked button, or the chosen entry of a menu, carries. */
export const clickedValue = (action: {
  type: string;
  value?: string | undefined;
  selected_option?: { value?: string | undefined } | null | undefined;
}): string | undefined => (action.type === "button" ? action.value : (action.selected_option?.value ?? undefined));

/** Null for anything that the above do not make. */
export const decodeCommand = (value: string | undefined): ClickedCommand | null => {
  const [, click, command] = /^(go|do):([\s\S]*)$/.exec(value ?? "") ?? [];
  return (click === "go" || click === "do") && command !== undefined ? { click, command } : null;
};
