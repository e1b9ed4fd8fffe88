/**
 * What can be done with a row of a list: one button, or one menu of what would be several. The entries of a menu are
 * the same buttons in fewer characters: what they are about stands once, in the id of the menu.
 */
import type { Button, Overflow, PlainTextOption, SectionBlock } from "@slack/types";
import { jsonObjectIn } from "../../../../shared/json.ts";
import { type Items, present, section } from "../../blocks/blocks.ts";
import { type DecodedButton, decodeButton } from "./codec.ts";
import { type ClickedCommand, clickedValue, decodeCommand } from "./command-button.ts";

/** docs.slack.dev, "Overflow menu element" and "Option object", whose values SDKs cut at 75. */
const max = { entries: 5, value: 75, id: 255 } as const;

const idPrefix = "menu:";
const asksPrefix = "ask:";
/** Stands for what the menu is about. */
const aboutIt = " …";

/** Of buttons of a commit's card its number and content, else what the commands end with. */
const aboutOf = (buttons: readonly Button[], subject: string): string => {
  const decoded = buttons.flatMap(({ action_id: id = "", value }) => decodeButton(id, value)?.button ?? []);
  const [first] = decoded;
  if (!first) return subject;
  return JSON.stringify({ n: first.number, h: decoded.find(({ seenHash }) => seenHash !== undefined)?.seenHash });
};

const entryOf = ({ text, action_id: id = "", value = "", confirm }: Button, about: string): PlainTextOption => {
  const end = ` ${about}`;
  const command = about !== "" && value.endsWith(end) ? `${value.slice(0, -end.length)}${aboutIt}` : value;
  const does = decodeButton(id, value) === null ? command : id;
  return { text: { type: "plain_text", text: text.text }, value: `${confirm ? asksPrefix : ""}${does}` };
};

/**
 * The only button as it is. A menu has one confirmation for all its entries, so that an entry whose button has one
 * leads to a question (`questions.ts`).
 * @param subject of a row whose commands are too long for a menu's entries: they end with it
 */
export const rowMenu = (buttons: Items<Button>, subject = ""): Button | Overflow | null => {
  const all = present(buttons);
  const [first = null] = all;
  if (all.length < 2) return first;
  const about = aboutOf(all, subject);
  const id = about === "" ? "menu" : `${idPrefix}${about}`;
  const options = all.map((each) => entryOf(each, about));
  const fits = id.length <= max.id && options.every(({ value = "" }) => value.length <= max.value);
  // What does not fit is typed.
  return fits ? { type: "overflow", action_id: id, options: options.slice(0, max.entries) } : first;
};

/** A row of a list. */
export const listRow = (markdown: string, buttons: Items<Button>, subject?: string): SectionBlock => {
  const accessory = rowMenu(buttons, subject);
  return { ...section(markdown), ...(accessory && { accessory }) };
};

/** What stands for a click: a button of the cards, or a typed command. */
export type ClickedThing = { button: DecodedButton } | { command: ClickedCommand };

export type Click = ClickedThing & {
  /** An entry of a menu that is asked about before it is done. */
  asks: boolean;
};

const thingOf = (id: string, value: string | undefined): ClickedThing | null => {
  const button = decodeButton(id, value);
  if (button) return { button };
  const command = decodeCommand(value);
  return command && { command };
};

const entryThing = (entry: string, about: string): ClickedThing | null => {
  const [, target] = /^[^:]+:(.+)$/s.exec(entry) ?? [];
  const commit = jsonObjectIn(about);
  const button = commit && decodeButton(entry, JSON.stringify({ ...commit, ...(target && { t: target }) }));
  if (button) return { button };
  const whole = about !== "" && entry.endsWith(aboutIt) ? `${entry.slice(0, -aboutIt.length)} ${about}` : entry;
  const command = decodeCommand(whole);
  return command && { command };
};

/** What was clicked: a button, or an entry of a menu. Null for what is none of ours. */
export const clickOf = (action: Parameters<typeof clickedValue>[0] & { action_id: string }): Click | null => {
  const { action_id: id } = action;
  const value = clickedValue(action);
  if (action.type !== "overflow" || value === undefined) {
    const thing = thingOf(id, value);
    return thing && { ...thing, asks: false };
  }
  const asks = value.startsWith(asksPrefix);
  const entry = asks ? value.slice(asksPrefix.length) : value;
  const thing = entryThing(entry, id.startsWith(idPrefix) ? id.slice(idPrefix.length) : "");
  return thing && { ...thing, asks };
};
