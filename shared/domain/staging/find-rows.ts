/** The rows that a text names, by id or by what people call them. */
import { textOf } from "../portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../portfolio/registry.ts";
import { normalized, searchKey } from "../text.ts";
import type { CachedRow } from "./proposal.ts";

export interface Mention {
  row: CachedRow;
  start: number;
  end: number;
}

/** A place of work or study stands for the one row that has it. */
const placeFields = ["company", "institution"];

const placesOf = ({ values }: CachedRow): string[] =>
  placeFields.map((field) => textOf(values[field]).trim()).filter((place) => place !== "");

interface Chunk {
  /** As it is compared. */
  key: string;
  start: number;
  end: number;
}

const chunkPattern = /[\p{L}\p{N}\p{M}_]+|\s+|[\s\S]/gu;

/** Words, spaces and signs, each in its folded form. */
const chunksOf = (text: string): Chunk[] =>
  Array.from(text.matchAll(chunkPattern), ({ 0: part, index }) => ({
    key: /^[\u0021-\u007e]+$/.test(part) ? part.toLowerCase() : searchKey(part) || " ",
    start: index,
    end: index + part.length,
  }));

interface Node {
  next: Map<string, Node>;
  named: { row: CachedRow; name: string }[];
}

const newNode = (): Node => ({ next: new Map(), named: [] });

/** All names of all rows, word by word: a text is compared with all of them at once. */
export interface RowIndex {
  root: Node;
  rows: readonly CachedRow[];
  /** How often a word of a text was looked up: it grows with the text, not with the rows. */
  lookups: number;
}

export const indexRows = (rows: readonly CachedRow[]): RowIndex => {
  const index: RowIndex = { root: newNode(), rows, lookups: 0 };
  const uses = Map.groupBy(rows.flatMap(placesOf), (place) => place);
  for (const row of rows) {
    const places = placesOf(row).filter((place) => uses.get(place)?.length === 1);
    for (const name of new Set([row.id, entityOf(row.entityType).displayName(row.values), ...places])) {
      add(index.root, row, name.trim());
    }
  }
  return index;
};

const add = (root: Node, row: CachedRow, name: string): void => {
  if (name === "") return;
  let node = root;
  for (const { key } of chunksOf(name)) {
    const known = node.next.get(key) ?? newNode();
    node.next.set(key, known);
    node = known;
  }
  node.named.push({ row, name });
};

/** "Java" is not in "JavaScript", "Node" not in "Node.js" and "js" neither. */
const before = /[\p{L}\p{N}_]$|[\p{L}\p{N}][.-]$/u;
/** "C" is not in "C++". */
const after = /^(?:[\p{L}\p{N}_+#]|[.-][\p{L}\p{N}])/u;

const isWhole = (text: string, start: number, end: number): boolean =>
  !before.test(text.slice(Math.max(0, start - 3), start)) && !after.test(text.slice(end, end + 3));

/** Longest names first, so that "React Native" is not "React"; in the order of the text. Each row once. */
export const findRows = (text: string, index: RowIndex, only?: EntityType): Mention[] => {
  const rank = ranks(text);
  const found = named(text, index)
    .filter(({ row }) => only === undefined || row.entityType === only)
    .toSorted((a, b) => b.length - a.length || rank(a.row) - rank(b.row) || a.start - b.start);
  const chosen: Mention[] = [];
  const isTaken = new Uint8Array(text.length);
  const seen = new Set<CachedRow>();
  for (const { row, start, end } of found) {
    if (seen.has(row) || isTaken.subarray(start, end).includes(1)) continue;
    isTaken.fill(1, start, end);
    seen.add(row);
    chosen.push({ row, start, end });
  }
  return chosen.toSorted((a, b) => a.start - b.start);
};

const named = (text: string, index: RowIndex): (Mention & { length: number })[] => {
  const chunks = chunksOf(text);
  return chunks.flatMap(({ start }, first) => {
    const found: (Mention & { length: number })[] = [];
    let node: Node | undefined = index.root;
    for (let at = first; at < chunks.length; at += 1) {
      const chunk = chunks[at];
      index.lookups += 1;
      node = chunk && node.next.get(chunk.key);
      if (!chunk || !node) break;
      if (node.named.length === 0 || !isWhole(text, start, chunk.end)) continue;
      const said = normalized(text.slice(start, chunk.end));
      for (const { row, name } of node.named) {
        // Two characters are a word of every language: "Go" is meant only when it is written so.
        if (name.length > 2 || normalized(name) === said)
          found.push({ row, start, end: chunk.end, length: name.length });
      }
    }
    return found;
  });
};

/** Of rows with the same name, one whose type the text names comes first. */
const ranks = (text: string): ((row: CachedRow) => number) => {
  const isSaid = new Set(entityTypes.filter((type) => new RegExp(String.raw`\b${type}\b`, "i").test(text)));
  return ({ entityType }) => (isSaid.has(entityType) ? 0 : entityTypes.length) + entityTypes.indexOf(entityType);
};
