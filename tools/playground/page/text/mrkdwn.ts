/**
 * Slack's mrkdwn as a tree. Source: docs.slack.dev/messaging/formatting-message-text.
 * It never fails: what is not a valid construct stays text.
 */
import { emojiOf } from "./emoji.ts";
import { isSafeUrl, pushText, type Inline } from "./inline.ts";

export type MrkdwnBlock =
  | { type: "paragraph"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "quote"; children: MrkdwnBlock[] }
  | { type: "list"; ordered: boolean; start: number; items: Inline[][] };

/** Deeper nesting than any person writes, and a bound for hostile text. */
const maxDepth = 8;
const marks: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const wordCharacter = /[\p{L}\p{N}]/u;
const emojiCode = /:([a-z0-9_+'-]+):/y;
const bareUrl = /https?:\/\/[^\s<>|]+/y;

/** Slack escapes exactly these three, once. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** Text without formatting, where only emoji codes and entities are read: Slack's `plain_text`. */
export const parsePlain = (text: string, withEmoji = true): Inline[] => {
  const nodes: Inline[] = [];
  text.split("\n").forEach((line, index) => {
    if (index > 0) nodes.push({ type: "break" });
    for (const part of withEmoji ? line.split(/(:[a-z0-9_+'-]+:)/) : [line]) {
      const name = part.slice(1, -1);
      if (withEmoji && part.startsWith(":") && part.endsWith(":") && emojiOf(name)) nodes.push({ type: "emoji", name });
      else pushText(nodes, decodeEntities(part));
    }
  });
  return nodes;
};

const splitLabel = (token: string): [reference: string, label: string | null] => {
  const bar = token.indexOf("|");
  return bar === -1 ? [token, null] : [token.slice(0, bar), decodeEntities(token.slice(bar + 1))];
};

/** The fallback text of a date is neither formatted nor read for entities. */
const dateNode = (reference: string, fallback: string): Inline | null => {
  const [, seconds, format, url] = reference.split("^");
  if (!seconds || !/^\d{1,12}$/.test(seconds) || !format) return fallback ? { type: "text", text: fallback } : null;
  return {
    type: "date",
    timestampSeconds: Number(seconds),
    format: decodeEntities(format),
    url: url && isSafeUrl(url) ? decodeEntities(url) : null,
    fallback: fallback || seconds,
  };
};

/** The inside of `<…>`, or null when it is not one of Slack's forms. */
const angleNode = (token: string): Inline | null => {
  const [reference, label] = splitLabel(token);
  const user = /^@([UW][A-Z0-9]+)$/.exec(reference);
  if (user?.[1]) return { type: "user", id: user[1], label };
  const channel = /^#([CGD][A-Z0-9]+)$/.exec(reference);
  if (channel?.[1]) return { type: "channel", id: channel[1], label };
  if (/^!(here|channel|everyone)$/.test(reference)) return { type: "broadcast", range: reference.slice(1) };
  if (reference.startsWith("!date^")) return dateNode(reference, token.slice(reference.length + 1));
  if (reference.startsWith("!")) return label ? { type: "text", text: label } : null;
  if (!isSafeUrl(reference)) return null;
  const url = decodeEntities(reference);
  const shown = url.replace(/^mailto:|^tel:/, "");
  return { type: "link", url, children: label ? parsePlain(label) : [{ type: "text", text: shown }] };
};

/** Where a construct that must not be looked into ends: a code span or an angle token. */
const skipOpaque = (line: string, index: number): number | null => {
  const close = line[index] === "`" ? "`" : line[index] === "<" ? ">" : null;
  if (!close) return null;
  const end = line.indexOf(close, index + 1);
  return end > index + 1 ? end : null;
};

const opens = (line: string, index: number): boolean => {
  const before = line[index - 1];
  const after = line[index + 1];
  return (
    (before === undefined || !wordCharacter.test(before)) &&
    after !== undefined &&
    after.trim() !== "" &&
    after !== line[index]
  );
};

const closingMark = (line: string, open: number): number | null => {
  for (let index = open + 1; index < line.length; index++) {
    const opaqueEnd = skipOpaque(line, index);
    if (opaqueEnd !== null) index = opaqueEnd;
    else if (line[index] === line[open] && index > open + 1) {
      const before = line[index - 1] ?? "";
      const after = line[index + 1];
      if (before.trim() !== "" && (after === undefined || !wordCharacter.test(after))) return index;
    }
  }
  return null;
};

const bareLink = (line: string, index: number): { url: string; end: number } | null => {
  if (line[index] !== "h" || wordCharacter.test(line[index - 1] ?? "")) return null;
  bareUrl.lastIndex = index;
  const found = bareUrl.exec(line)?.[0].replace(/(?:[.,;:!?'")\]*_~]|&gt;|&lt;)+$/, "");
  return found ? { url: found, end: index + found.length } : null;
};

/** One line of mrkdwn. Formatting does not reach over line ends, as in Slack. */
export const parseInline = (line: string, depth = 0): Inline[] => {
  const nodes: Inline[] = [];
  const unclosed = new Set<string>();
  let index = 0;
  while (index < line.length) {
    const character = line[index] ?? "";
    const opaqueEnd = skipOpaque(line, index);
    if (opaqueEnd !== null) {
      const inner = line.slice(index + 1, opaqueEnd);
      const node: Inline | null = character === "`" ? { type: "code", text: decodeEntities(inner) } : angleNode(inner);
      if (node) {
        if (node.type === "text") pushText(nodes, node.text);
        else nodes.push(node);
        index = opaqueEnd + 1;
        continue;
      }
    }
    const style = marks[character];
    if (style && depth < maxDepth && !unclosed.has(character) && opens(line, index)) {
      const end = closingMark(line, index);
      if (end !== null) {
        nodes.push({ type: style, children: parseInline(line.slice(index + 1, end), depth + 1) });
        index = end + 1;
        continue;
      }
      unclosed.add(character);
    }
    emojiCode.lastIndex = index;
    const code = character === ":" ? emojiCode.exec(line)?.[1] : undefined;
    if (code && emojiOf(code)) {
      nodes.push({ type: "emoji", name: code });
      index += code.length + 2;
      continue;
    }
    const link = bareLink(line, index);
    if (link) {
      const url = decodeEntities(link.url);
      nodes.push({ type: "link", url, children: [{ type: "text", text: url }] });
      index = link.end;
      continue;
    }
    const entity = character === "&" ? /^&(?:amp|lt|gt);/.exec(line.slice(index, index + 5))?.[0] : undefined;
    pushText(nodes, entity ? (entities[entity] ?? entity) : character);
    index += entity?.length ?? 1;
  }
  return nodes;
};

const listItem = /^\s*(?:[•◦▪-]|(\d{1,3})\.)\s+(.*)$/;
const quoteMark = /^(?:>|&gt;)\s?/;
const restQuoteMark = /^(?:>|&gt;){3}\s?/;

const appendLine = (blocks: MrkdwnBlock[], line: string): void => {
  const last = blocks.at(-1);
  const item = listItem.exec(line);
  if (item) {
    const ordered = item[1] !== undefined;
    const children = parseInline(item[2] ?? "");
    if (last?.type === "list" && last.ordered === ordered) last.items.push(children);
    else blocks.push({ type: "list", ordered, start: Number(item[1] ?? 1), items: [children] });
    return;
  }
  if (last?.type === "paragraph") last.children.push({ type: "break" }, ...parseInline(line));
  else blocks.push({ type: "paragraph", children: parseInline(line) });
};

const parseLines = (text: string, blocks: MrkdwnBlock[]): void => {
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (restQuoteMark.test(line)) {
      const children: MrkdwnBlock[] = [];
      for (const each of [line.replace(restQuoteMark, ""), ...lines.slice(index + 1)]) appendLine(children, each);
      blocks.push({ type: "quote", children });
      return;
    }
    if (!quoteMark.test(line)) {
      appendLine(blocks, line);
      continue;
    }
    const quoted = [line];
    while (quoteMark.test(lines[index + 1] ?? "") && !restQuoteMark.test(lines[index + 1] ?? ""))
      quoted.push(lines[++index] ?? "");
    const children: MrkdwnBlock[] = [];
    for (const each of quoted) appendLine(children, each.replace(quoteMark, ""));
    blocks.push({ type: "quote", children });
  }
};

/** Code stands at odd places. Three backticks inside of `<…>` make none. */
const codeBlocks = (text: string): string[] => {
  const parts = [""];
  for (const [found, code] of text.matchAll(/<[^<>\n]*>|```([\s\S]+?)```|[\s\S]/gu))
    if (code === undefined) parts[parts.length - 1] += found;
    else parts.push(code, "");
  return parts;
};

export const parseMrkdwn = (text: string): MrkdwnBlock[] => {
  const blocks: MrkdwnBlock[] = [];
  codeBlocks(text).forEach((part, index) => {
    if (index % 2 === 1) blocks.push({ type: "code", text: decodeEntities(part.replace(/^\n|\n$/g, "")) });
    else {
      const between = part.replace(index > 0 ? /^\n/ : /^$/, "").replace(/\n$/, "");
      if (between !== "") parseLines(between, blocks);
    }
  });
  return blocks;
};
