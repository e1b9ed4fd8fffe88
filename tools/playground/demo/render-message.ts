/** A Slack message as lines of plain text, for a terminal. */
import type { Message } from "../client-protocol.ts";
import { emojiOf } from "../page/text/emoji.ts";

type Json = Record<string, unknown>;

/** One line or more for each block; the fallback text where there are no blocks. */
export const renderMessage = (
  message: Pick<Message, "text" | "blocks">,
  nameOf: (userId: string) => string,
): string[] => {
  const blocks = blocksOf(message);
  const lines = blocks.length > 0 ? blocks.flatMap((block) => renderBlock(block)) : [message.text];
  return lines.flatMap((line) => plainText(line, nameOf).split("\n")).filter((line) => line.trim() !== "");
};

/** Every button of a message with what a click on it has to name. */
export const buttonsOf = (message: Pick<Message, "blocks">): { label: string; blockId: string; actionId: string }[] =>
  blocksOf(message).flatMap((block) =>
    [...list(block["elements"]), block["accessory"]]
      .filter(isObject)
      .filter((element) => element["type"] === "button")
      .map((element) => ({
        label: textOf(element["text"]),
        blockId: textOf(block["block_id"]),
        actionId: textOf(element["action_id"]),
      })),
  );

const blocksOf = (message: Pick<Message, "blocks">): Json[] => list(message.blocks).filter(isObject);

const renderBlock = (block: Json): string[] => {
  switch (block["type"]) {
    case "header":
      return [textOf(block["text"])];
    case "section":
      return [textOf(block["text"]), ...list(block["fields"]).map(textOf), controls([block["accessory"]])];
    case "context":
      return [list(block["elements"]).map(textOf).join("  ")];
    case "actions":
      return [controls(list(block["elements"]))];
    case "markdown":
      return [textOf(block["text"])];
    case "plan":
      return [textOf(block["title"]), ...list(block["tasks"]).filter(isObject).flatMap(renderTask)];
    case "task_card":
      return renderTask(block);
    case "rich_text":
      return [richText(block)];
    case "table":
    case "data_table":
      return renderTable(list(block["rows"]));
    case "image":
      return [`[image: ${textOf(block["alt_text"])}]`];
    default:
      return [];
  }
};

const taskMarks: Record<string, string> = { pending: "○", in_progress: "◐", complete: "●", error: "✗" };

const renderTask = (task: Json): string[] => {
  const mark = taskMarks[textOf(task["status"])] ?? "·";
  const details = [task["details"], task["output"]].filter(isObject).map(richText);
  return [`${mark} ${[textOf(task["title"]), ...details].filter((part) => part !== "").join(": ")}`];
};

const renderTable = (rows: unknown[]): string[] => {
  const cells = rows.map((row) =>
    list(row).map((cell) => (isObject(cell) ? (cell["type"] === "rich_text" ? richText(cell) : textOf(cell)) : "")),
  );
  const widths = cells.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(cell.length, all[i] ?? 0)), []);
  return cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

/** Text of a rich_text block or one of its elements. Elements stand in one line; lists and quotes have their own. */
const richText = (node: Json): string => {
  const children = list(node["elements"]).filter(isObject);
  switch (node["type"]) {
    case "rich_text":
    case "rich_text_list":
      return children
        .map((child) => (node["type"] === "rich_text_list" ? `• ${richText(child)}` : richText(child)))
        .join("\n");
    case "text":
      return textOf(node["text"]);
    case "link":
      return textOf(node["text"]) || textOf(node["url"]);
    case "user":
      return `<@${textOf(node["user_id"])}>`;
    case "emoji":
      return `:${textOf(node["name"])}:`;
    default:
      return children.map(richText).join("");
  }
};

const controls = (elements: unknown[]): string =>
  elements
    .filter(isObject)
    .map((element) => textOf(element["text"]) || textOf(element["placeholder"]))
    .filter((label) => label !== "")
    .map((label) => `[ ${label} ]`)
    .join(" ");

/** Slack's mrkdwn without its marks: names for user ids, titles for links. What shows the fallback of a date stays. */
const plainText = (mrkdwn: string, nameOf: (userId: string) => string): string =>
  mrkdwn
    .split(/<!date\^0+\^[^|>]*\|([^>]*)>/)
    .map((part, index) => (index % 2 === 1 ? part : withoutMarks(part, nameOf)))
    .join("");

const withoutMarks = (mrkdwn: string, nameOf: (userId: string) => string): string =>
  mrkdwn
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(id)}`)
    .replace(/<(?:#|!date\^)[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<[^|>\s]+\|([^>]*)>/g, "$1")
    .replace(/<(https?:[^>\s]+)>/g, "$1")
    .replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole)
    .replace(/(^|[\s(])\*(?=\S)([^*\n]*\S)\*(?=$|[\s.,:;)])/gm, "$1$2")
    .replace(/(^|[\s(])_(?=\S)([^_\n]*\S)_(?=$|[\s.,:;)])/gm, "$1$2")
    .replace(/(^|[\s(])~(?=\S)([^~\n]*\S)~(?=$|[\s.,:;)])/gm, "$1$2")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** A string, or the text of a text object. */
const textOf = (value: unknown): string => {
  if (typeof value === "string") return value;
  return isObject(value) ? textOf(value["text"]) : "";
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
