/** The few shapes from which our messages are built. Limits are Slack's (docs.slack.dev, Block Kit reference). */
import { clip } from "../../../shared/messages/message.ts";
import type {
  ActionsBlock,
  ActionsBlockElement,
  ContextBlock,
  Button,
  HeaderBlock,
  KnownBlock,
  SectionBlock,
} from "@slack/types";
import { clipMarkup, literal, literals, unescape } from "./text.ts";

/** What we post: `text` is what screen readers and notifications use. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** Slack shows no page and no image below a text for the links in it: people write them, and they may be large. */
export const noPreviews = { unfurl_links: false, unfurl_media: false } as const;

/** Of these some stand in a list only sometimes: what is false or null is left out, and what is a list is spread. */
export type Items<T> = readonly (T | readonly T[] | false | null)[];

export const present = <T>(items: Items<T>): T[] =>
  items.flatMap((item) => (item === false || item === null ? [] : item));

export const lines = (...items: Items<string>): string => present(items).join("\n");

export const blocksOf = (...items: Items<KnownBlock>): KnownBlock[] => present(items);

/** At most 3,000 characters; what is longer is cut, so a card that may be longer pages itself. */
export const section = (markdown: string): SectionBlock => ({
  type: "section",
  text: { type: "mrkdwn", text: clipMarkup(markdown, 3000) },
});

export const context = (...lines: Items<string>): ContextBlock => ({
  type: "context",
  elements: present(lines)
    .slice(0, 10)
    .map((line) => ({ type: "mrkdwn", text: clipMarkup(line, 2000) })),
});

export const header = (text: string): HeaderBlock => ({
  type: "header",
  text: { type: "plain_text", text: clip(text, 150) },
});

export const actions = (...elements: Items<ActionsBlockElement>): ActionsBlock => ({
  type: "actions",
  elements: present(elements).slice(0, 25),
});

export interface Confirmation {
  title: string;
  text: string;
  confirm: string;
  /** "Cancel" where it is not given. */
  deny?: string;
  danger?: boolean;
}

export const button = (
  label: string,
  id: { action_id: string; value: string },
  options: { style?: "primary" | "danger"; confirm?: Confirmation } = {},
): Button => ({
  type: "button",
  text: { type: "plain_text", text: clip(label, 75) },
  ...id,
  ...(options.style ? { style: options.style } : {}),
  ...(options.confirm ? { confirm: dialog(options.confirm) } : {}),
});

const dialog = ({ title, text, confirm, deny, danger }: Confirmation): NonNullable<Button["confirm"]> => ({
  title: { type: "plain_text", text: clip(title, 100) },
  text: { type: "plain_text", text: clip(text, 300) },
  confirm: { type: "plain_text", text: clip(confirm, 30) },
  deny: { type: "plain_text", text: clip(deny ?? "Cancel", 30) },
  ...(danger ? { style: "danger" as const } : {}),
});

const sectionCharacters = 2900;

/** Lines in as few sections as hold them, with a last line for what did not fit into `maxCharacters`. */
/** @param count of a list of which `lines` are the first */
export const listSections = (lines: readonly string[], maxCharacters = 5000, count = lines.length): SectionBlock[] => {
  const sections: string[] = [];
  let characters = 0;
  for (const [index, whole] of lines.entries()) {
    const line = clipMarkup(whole, Math.min(sectionCharacters, maxCharacters));
    const last = sections.at(-1);
    characters += line.length;
    if (last !== undefined && characters > maxCharacters) {
      sections[sections.length - 1] = `${last}\n… and ${count - index} more`;
      return sections.map(section);
    }
    if (last !== undefined && last.length + line.length < sectionCharacters)
      sections[sections.length - 1] = `${last}\n${line}`;
    else sections.push(line);
  }
  if (count > lines.length) sections.push(`… and ${count - lines.length} more`);
  return sections.map(section);
};

/** Slack refuses a message with more: blocks, characters in all blocks (slackapi/bolt-js issue 2867), fallback text. */
const max = { blocks: 50, characters: 9500, text: 3900 } as const;

/** Characters of text that stay as they are, and a guess for what Slack counts of their containers. */
const sizeOf = (block: KnownBlock): number => {
  if (block.type === "section") return block.accessory ? sizeOfTexts(block.accessory, 0) : 0;
  return block.type === "rich_text" || block.type === "table" || block.type === "data_table"
    ? sizeOfTexts(block, 20)
    : JSON.stringify(block).length;
};

/** @param each for a container */
const sizeOfTexts = (part: object, each: number): number => {
  let size = 0;
  JSON.stringify(part, (key, value: unknown) => {
    if (typeof value === "object" && value !== null && "type" in value) size += each;
    if (key === "text" && typeof value === "string") size += value.length;
    return value;
  });
  return size;
};

/** One of our lines for where nothing is formatted: without its icon, marks and dates as Slack writes them. */
export const unformatted = (markdown: string): string =>
  markdown
    .split(literals)
    .map((part, index) => (index % 2 === 1 ? withoutCode(part) : withoutFormat(part)))
    .join("");

/** Code loses its backticks, and with them what keeps Slack from reading it. */
const withoutCode = (part: string): string => (part.startsWith("`") ? literal(unescape(part.slice(1, -1))) : part);

const withoutFormat = (markdown: string): string =>
  markdown
    .replace(/(^|\s):[a-z_0-9]+: /g, "$1")
    .replace(/<!date[^|>]*\|([^>]*)>/g, "$1")
    .replace(/[*`]/g, "");

export const said = (line: string, ...buttons: Button[]): Message => ({
  text: unformatted(line),
  blocks: blocksOf(section(line), buttons.length > 0 && actions(...buttons)),
});

/** The last resort for a message of whatever people and targets wrote: its longest parts are cut, its buttons stay. */
export const fit = ({ text, blocks }: Message): Message => {
  const kept = blocks.slice(0, max.blocks);
  const fixed = kept.filter(({ type }) => type !== "context");
  let left = max.characters - fixed.reduce((sum, block) => sum + sizeOf(block), 0);
  const cut = (markdown: string): string => {
    const shown = clipMarkup(markdown, Math.max(left, 1));
    left -= shown.length;
    return shown;
  };
  return {
    text: clipMarkup(text, max.text),
    blocks: kept.map((block): KnownBlock => {
      if (block.type === "section" && block.text)
        return { ...block, text: { ...block.text, text: cut(block.text.text) } };
      if (block.type !== "context") return block;
      return {
        ...block,
        elements: block.elements.map((element) =>
          element.type === "image" ? element : { ...element, text: cut(element.text) },
        ),
      };
    }),
  };
};
