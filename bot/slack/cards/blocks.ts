/** The few shapes from which our messages are built. Limits are Slack's (docs.slack.dev, Block Kit reference). */
import type { ActionsBlock, Button, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from "@slack/types";
import { clip } from "../text.ts";

/** What we post: `text` is what screen readers and notifications use. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** At most 3,000 characters; what is longer is cut, so a card that may be longer pages itself. */
export const section = (markdown: string): SectionBlock => ({
  type: "section",
  text: { type: "mrkdwn", text: clip(markdown, 3000) },
});

export const context = (...lines: string[]): ContextBlock => ({
  type: "context",
  elements: lines.slice(0, 10).map((line) => ({ type: "mrkdwn", text: clip(line, 2000) })),
});

export const header = (text: string): HeaderBlock => ({
  type: "header",
  text: { type: "plain_text", text: clip(text, 150) },
});

export const actions = (...buttons: Button[]): ActionsBlock => ({ type: "actions", elements: buttons.slice(0, 25) });

export interface Confirmation {
  title: string;
  text: string;
  confirm: string;
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

const dialog = ({ title, text, confirm, danger }: Confirmation): NonNullable<Button["confirm"]> => ({
  title: { type: "plain_text", text: clip(title, 100) },
  text: { type: "plain_text", text: clip(text, 300) },
  confirm: { type: "plain_text", text: clip(confirm, 30) },
  deny: { type: "plain_text", text: "Cancel" },
  ...(danger ? { style: "danger" as const } : {}),
});

/** Lines as one section each of at most 3,000 characters, with a last line for what did not fit into `maxSections`. */
export const listSections = (lines: readonly string[], maxSections = 3): SectionBlock[] => {
  const sections: string[] = [];
  for (const [index, line] of lines.entries()) {
    const last = sections.at(-1);
    const more = lines.length - index;
    if (last !== undefined && last.length + line.length < 2900) sections[sections.length - 1] = `${last}\n${line}`;
    else if (sections.length < maxSections) sections.push(clip(line, 2900));
    else {
      sections[sections.length - 1] = `${last ?? ""}\n… and ${more} more`;
      break;
    }
  }
  return sections.map(section);
};
