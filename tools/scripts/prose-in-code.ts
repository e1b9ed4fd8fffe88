/** What is wrong with the language of a source file: in its comments, and in the texts that people read. */
import { parseSync } from "rolldown/utils";
import { type Problem, type Rule, longLines, longSentences, plain, wrongWords } from "./prose.ts";

interface Prose {
  kind: "comment" | "text";
  start: number;
  end: number;
  text: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  value?: unknown;
  children?: Node[];
  quasis?: { value: { cooked: string } }[];
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** Stands for a value that the text is made with. */
const value = "x";

const isElement = ({ type }: Node): boolean => type === "JSXElement" || type === "JSXFragment";

const isText = ({ type, value: text }: Node): boolean => type === "JSXText" && /\p{L}/u.test(String(text));

const shown = (node: Node): string => {
  if (isElement(node)) return (node.children ?? []).map(shown).join("");
  return node.type === "JSXText" ? String(node.value) : value;
};

const textOf = (node: Node): string => {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateLiteral") return (node.quasis ?? []).map(({ value: { cooked } }) => cooked).join(value);
  return isElement(node) && node.children?.some(isText) ? shown(node) : "";
};

/** One word is a code, unless it has a capital. */
const isProse = (text: string): boolean => /\p{L}.*\s|\s.*\p{L}|^\p{Lu}\p{Ll}/su.test(text);
const isSql = (text: string): boolean => /\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|CREATE|JOIN)\b/.test(text);

const textsIn = (node: Node): Prose[] => {
  if (/^(?:Import|ExportAll|TS\w+Type)/.test(node.type)) return [];
  const text = textOf(node);
  const inside = Object.values(node).flat().filter(isNode).flatMap(textsIn);
  return isProse(text) && !isSql(text) ? [{ kind: "text", start: node.start, end: node.end, text }, ...inside] : inside;
};

/** A test has comments that engineers read, and no texts. Its tree is not built: that takes longest. */
const proseOf = (path: string, source: string, isTest: boolean): Prose[] => {
  const parsed = parseSync(path, source);
  const comments = parsed.comments.map(({ start, end, value: text }): Prose => ({
    kind: "comment",
    start,
    end,
    text: text.replaceAll(/\n\s*\*/g, "\n"),
  }));
  return isTest ? comments : [...comments, ...textsIn(parsed.program)];
};

export const problemsOfSource = (path: string, source: string, isTest: boolean, rules: readonly Rule[]): Problem[] =>
  proseOf(path, source, isTest).flatMap(({ kind, start, end, text }) => {
    const words = plain(text);
    const problems = [
      ...wrongWords(words, rules),
      ...(kind === "text" ? longSentences(words) : longLines(source.slice(source.lastIndexOf("\n", start) + 1, end))),
    ];
    const line = source.slice(0, start).split("\n").length;
    return problems.map((what) => ({ line, what }));
  });
