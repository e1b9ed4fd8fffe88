/** The standard markdown of Slack's `markdown` block: headings, lists, tables, quotes, code. Raw HTML stays text. */
import { emojiOf } from "./emoji.ts";
import { isSafeUrl, pushText, type Inline } from "./inline.ts";

export type MarkdownBlock =
  | { type: "heading"; level: number; children: Inline[] }
  | { type: "paragraph"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "rule" }
  | { type: "quote"; children: MarkdownBlock[] }
  | { type: "list"; ordered: boolean; start: number; items: MarkdownListItem[] }
  | { type: "table"; header: Inline[][]; rows: Inline[][][] };

export interface MarkdownListItem {
  /** null when it is no task. */
  done: boolean | null;
  children: Inline[];
  /** Nesting, from 0. */
  depth: number;
}

const maxDepth = 8;
const inlineForms: [RegExp, (match: RegExpExecArray, depth: number) => Inline | null][] = [
  [/\\([\\`*_{}[\]()#+\-.!~|<>])/y, ([, text = ""]) => ({ type: "text", text })],
  [/(`+)(.+?)\1(?!`)/y, ([, , text = ""]) => ({ type: "code", text: text.trim() })],
  [
    /(\*\*|__)(?=\S)(.+?)(?<=\S)\1/y,
    ([, , text = ""], depth) => ({ type: "bold", children: parseInlineMarkdown(text, depth + 1) }),
  ],
  [
    /~~(?=\S)(.+?)(?<=\S)~~/y,
    ([, text = ""], depth) => ({ type: "strike", children: parseInlineMarkdown(text, depth + 1) }),
  ],
  [
    /\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)/y,
    ([, text = ""], depth) => ({ type: "italic", children: parseInlineMarkdown(text, depth + 1) }),
  ],
  [
    /(?<![\p{L}\p{N}])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/uy,
    ([, text = ""], depth) => ({ type: "italic", children: parseInlineMarkdown(text, depth + 1) }),
  ],
  [
    /!?\[([^\]]+)\]\(([^\s)]+)(?:\s+"[^"]*")?\)/y,
    ([, text = "", url = ""], depth) =>
      isSafeUrl(url) ? { type: "link", url, children: parseInlineMarkdown(text, depth + 1) } : null,
  ],
  [
    /<((?:https?:\/\/|mailto:)[^>\s]+)>|(?<![\p{L}\p{N}])(https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?'"*_~])/uy,
    ([, angle, bare]) => linkTo(angle ?? bare ?? ""),
  ],
  [/:([a-z0-9_+'-]+):/y, ([, name = ""]) => (emojiOf(name) ? { type: "emoji", name } : null)],
];

const linkTo = (url: string): Inline => ({ type: "link", url, children: [{ type: "text", text: url }] });

export const parseInlineMarkdown = (text: string, depth = 0): Inline[] => {
  const nodes: Inline[] = [];
  let index = 0;
  while (index < text.length) {
    const step = depth < maxDepth ? inlineAt(text, index, depth) : null;
    if (step?.node.type === "text") pushText(nodes, step.node.text);
    else if (step) nodes.push(step.node);
    else pushText(nodes, text.charAt(index));
    index = step?.end ?? index + 1;
  }
  return nodes;
};

const inlineAt = (text: string, index: number, depth: number): { node: Inline; end: number } | null => {
  if (!/[\\`*_~!<:[h]/.test(text.charAt(index))) return null;
  for (const [form, make] of inlineForms) {
    form.lastIndex = index;
    const match = form.exec(text);
    const node = match && make(match, depth);
    if (match && node) return { node, end: index + match[0].length };
  }
  return null;
};

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
const fence = /^\s*(```|~~~)/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const bullet = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const startsBlock = (line: string): boolean =>
  line.trim() === "" || fence.test(line) || /^(#{1,6}\s|\s*>|(\s*[-*_]){3,}\s*$)/.test(line) || bullet.test(line);

const takeWhile = (lines: string[], start: number, keep: (line: string) => boolean): string[] => {
  const end = lines.findIndex((line, index) => index >= start && !keep(line));
  return lines.slice(start, end === -1 ? lines.length : end);
};

const listItems = (lines: string[]): MarkdownListItem[] =>
  lines.flatMap((line) => {
    const match = bullet.exec(line);
    if (!match) return [];
    const [, indent = "", , task, text = ""] = match;
    return [
      {
        done: task === undefined ? null : task !== " ",
        children: parseInlineMarkdown(text),
        depth: Math.min(Math.floor(indent.length / 2), 8),
      },
    ];
  });

/** The block that starts at `start`, and how many lines it takes. */
const blockAt = (lines: string[], start: number, depth: number): [MarkdownBlock | null, number] => {
  const line = lines[start] ?? "";
  if (line.trim() === "") return [null, 1];
  if (fence.test(line)) {
    const body = takeWhile(lines, start + 1, (each) => !fence.test(each));
    return [{ type: "code", text: body.join("\n") }, body.length + 2];
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return [{ type: "heading", level: heading[1]?.length ?? 1, children: parseInlineMarkdown(heading[2] ?? "") }, 1];
  if (/^(\s*[-*_]){3,}\s*$/.test(line)) return [{ type: "rule" }, 1];
  if (/^\s*>/.test(line) && depth < maxDepth) {
    const quoted = takeWhile(lines, start, (each) => /^\s*>/.test(each));
    return [
      {
        type: "quote",
        children: parseMarkdown(quoted.map((each) => each.replace(/^\s*>\s?/, "")).join("\n"), depth + 1),
      },
      quoted.length,
    ];
  }
  if (bullet.test(line)) {
    const taken = takeWhile(lines, start, (each) => bullet.test(each));
    const number = bullet.exec(line)?.[2];
    return [
      { type: "list", ordered: number !== undefined, start: Number(number ?? 1), items: listItems(taken) },
      taken.length,
    ];
  }
  if (line.includes("|") && tableRule.test(lines[start + 1] ?? "")) {
    const body = takeWhile(lines, start + 2, (each) => each.includes("|"));
    const rows = body.map((each) => cells(each).map((cell) => parseInlineMarkdown(cell)));
    return [{ type: "table", header: cells(line).map((cell) => parseInlineMarkdown(cell)), rows }, body.length + 2];
  }
  const rest = takeWhile(lines, start + 1, (each) => !startsBlock(each));
  const children = [line, ...rest].flatMap((each, index): Inline[] =>
    index === 0 ? parseInlineMarkdown(each) : [{ type: "break" }, ...parseInlineMarkdown(each)],
  );
  return [{ type: "paragraph", children }, rest.length + 1];
};

export const parseMarkdown = (text: string, depth = 0): MarkdownBlock[] => {
  const lines = text.split("\n");
  const blocks: MarkdownBlock[] = [];
  for (let index = 0; index < lines.length;) {
    const [block, taken] = blockAt(lines, index, depth);
    if (block) blocks.push(block);
    index += taken;
  }
  return blocks;
};
