/** Formatted text in parts that need no escaping (docs.slack.dev, "Rich text block"). */
import type {
  RichTextBlock,
  RichTextElement,
  RichTextList,
  RichTextPreformatted,
  RichTextSection,
  RichTextText,
} from "@slack/types";
import { visible } from "../../../shared/domain/unseen.ts";

export type Span = RichTextElement;

/** What nobody would see stands there as an escape, also half a surrogate pair, which no encoding can carry. */
export const span = (text: string, style?: RichTextText["style"]): Span => ({
  type: "text",
  text: visible(text),
  ...(style ? { style } : {}),
});

export const emoji = (name: string): Span => ({ type: "emoji", name });

/** Slack refuses a part without text. */
const hasContent = (part: Span): boolean => part.type !== "text" || part.text !== "";

export const paragraph = (...spans: Span[]): RichTextSection => ({
  type: "rich_text_section",
  elements: spans.filter(hasContent),
});

export const bullets = (items: readonly Span[][]): RichTextList => ({
  type: "rich_text_list",
  style: "bullet",
  elements: items.map((spans) => paragraph(...spans)),
});

export const preformatted = (text: string): RichTextPreformatted => ({
  type: "rich_text_preformatted",
  elements: [{ type: "text", text: visible(text) || " " }],
});

export const richText = (...elements: RichTextBlock["elements"]): RichTextBlock => ({ type: "rich_text", elements });

/** What a part costs beside its text, as Slack counts containers too (slackapi/bolt-js issue 2867); a high guess. */
const perPart = 30;

/** What parts take of the characters that Slack allows a message. */
export const weightOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, part) => sum + perPart + (part.type === "text" ? part.text.length : 0), 0);
