/** What is wrong with the language of a page: words of the glossary's second column, long lines, long sentences. */

export interface Problem {
  line: number;
  what: string;
}

export interface Rule {
  /** What to write instead. */
  say: string;
  word: RegExp;
  /** Phrases that contain the word and are fine. */
  fine: readonly RegExp[];
}

const maxColumns = 120;
const maxWords = 35;

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
const phrase = (text: string): RegExp => new RegExp(`(?<![\\w-])${text.replaceAll(" ", "\\s+")}(?![\\w-])`, "gi");

/** The rules of the table in docs/explanation/glossary.md. */
export const readRules = (glossary: string): Rule[] => {
  const [, table = ""] = /\| say \| not \| fine \|\n[^\n]*\n((?:\|.*\n)+)/.exec(glossary) ?? [];
  return table
    .trim()
    .split("\n")
    .flatMap((row) => {
      const [, say = "", not = "", fine = ""] = row.split("|").map((cell) => cell.trim());
      return quoted(not).map((word) => ({ say, word: phrase(word), fine: quoted(fine).map(phrase) }));
    });
};

export const wrongWords = (text: string, rules: readonly Rule[]): string[] =>
  rules.flatMap(({ say, word, fine }) => {
    const rest = fine.reduce((left, allowed) => left.replaceAll(allowed, " "), text);
    return [...rest.matchAll(word)].map(([found]) => `"${found}": say ${say}`);
  });

/** A code span counts as one word, an image and the address of a link as none. */
export const plain = (markdown: string): string =>
  markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, " ")
    .replaceAll(/`[^`]*`/g, "code")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/<!--[^]*?-->/g, " ");

export const longSentences = (text: string): string[] =>
  text
    .split(/(?<=[.!?:])["”’)*_]*\s+/)
    .filter((sentence) => sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length > maxWords)
    .map((sentence) => `a sentence of more than ${maxWords} words: ${sentence.trim().slice(0, 60)} …`);

export const longLines = (text: string): string[] =>
  text.split("\n").flatMap((line) => (line.length > maxColumns ? [`more than ${maxColumns} columns`] : []));

interface Block {
  line: number;
  text: string;
}

const isTableRow = (line: string): boolean => line.startsWith("|");
const isBlockStart = (line: string): boolean => /^\s*([-*]|\d+\.) |^#|^>/.test(line);

/** Paragraphs, list items, headings and cells of tables, without code. */
const blocksOf = (lines: readonly string[]): Block[] => {
  const blocks: Block[] = [];
  let isOpen = false;
  lines.forEach((line, index) => {
    if (isTableRow(line)) {
      blocks.push(...line.split(/(?<!\\)\|/).map((text) => ({ line: index + 1, text })));
      isOpen = false;
    } else if (line.trim() === "") isOpen = false;
    else if (isOpen && !isBlockStart(line)) {
      const last = blocks.at(-1);
      if (last) last.text += `\n${line.trim()}`;
    } else {
      blocks.push({ line: index + 1, text: line.trim() });
      isOpen = !line.startsWith("#");
    }
  });
  return blocks;
};

/** The page with empty lines in place of code. */
const withoutCode = (markdown: string): string[] => {
  let fence: string | null = null;
  return markdown.split("\n").map((line) => {
    const [, mark] = /^\s*(```+)/.exec(line) ?? [];
    if (fence === null && mark) {
      fence = mark;
      return "";
    }
    if (fence === null) return line;
    if (mark === fence) fence = null;
    return "";
  });
};

const isImage = (line: string): boolean => line.trimStart().startsWith("![");

/** Addresses and long code cannot be broken. */
const isLong = (line: string): boolean =>
  !isTableRow(line) &&
  !isImage(line) &&
  line.replaceAll(/\]\([^)]*\)/g, "]").replaceAll(/`[^`]{60,}`/g, "code").length > maxColumns;

export const problemsOfPage = (markdown: string, rules: readonly Rule[]): Problem[] => {
  const lines = withoutCode(markdown);
  const long = lines.flatMap((line, index) =>
    isLong(line) ? [{ line: index + 1, what: `more than ${maxColumns} columns` }] : [],
  );
  const language = blocksOf(lines).flatMap(({ line, text }) => {
    const words = plain(text);
    return [...wrongWords(words, rules), ...longSentences(words)].map((what) => ({ line, what }));
  });
  return [...long, ...language].toSorted((left, right) => left.line - right.line);
};
