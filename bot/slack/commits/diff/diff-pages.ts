/** The whole of a diff in pages, none of which is more than a message, a modal or a Home takes. */
import type { KnownBlock } from "@slack/types";
import type { NetOperation } from "../../../../shared/domain/staging/net-operations.ts";
import { quoted } from "../../blocks/text.ts";
import { context, section } from "../../blocks/blocks.ts";
import { fieldSpans, rowTitle } from "./field-spans.ts";
import { type Span, bullets, paragraph, richText, span, weightOf } from "../../blocks/rich-text.ts";
import { type RowChange, type TargetChanges, groupsOf } from "./row-diff.ts";

/** A message takes 50 blocks and 10,000 characters; title and buttons stand beside a page. */
const max = { blocks: 38, weight: 7000, fieldCharacters: 5000 } as const;

/** "In *d1cv, ai-agent*" of at most 300 characters, escaped. */
const headingWeight = 400;

interface OpenPage {
  blocks: KnownBlock[];
  weight: number;
}

/** At least one page. Every row and field stands on exactly one of them; a row that goes on is named on each. */
export const diffPages = (operations: readonly NetOperation[]): KnownBlock[][] => {
  const groups = groupsOf(operations);
  if (groups.length === 0) return [[section("These changes cancel each other out: nothing would change.")]];
  const pages: OpenPage[] = [];
  for (const group of groups) addGroup(pages, group);
  return pages.map(({ blocks }) => blocks);
};

const addGroup = (pages: OpenPage[], { targets, rows }: TargetChanges): void => {
  const heading = context(`In *${quoted(targets.join(", "))}*`);
  let page = pages.at(-1);
  let named = false;
  for (const row of rows) {
    for (const part of partsOf(row)) {
      const [blocks, weight] = named ? [1, part.weight] : [2, part.weight + headingWeight];
      if (!page || page.blocks.length + blocks > max.blocks || page.weight + weight > max.weight) {
        page = { blocks: [], weight: 0 };
        pages.push(page);
        named = false;
      }
      if (!named) {
        page.blocks.push(heading);
        page.weight += headingWeight;
        named = true;
      }
      page.blocks.push(part.block);
      page.weight += part.weight;
    }
  }
};

interface Part {
  block: KnownBlock;
  weight: number;
}

/** One block where a row fits on a page, else as many as it takes. */
const partsOf = (row: RowChange): Part[] => {
  const fields = row.fields.map((field) => fieldSpans(row, field, max.fieldCharacters));
  const title = rowTitle(row);
  const capacity = max.weight - weightOf(title) - 2 * headingWeight;
  const chunks: Span[][][] = [[]];
  let weight = 0;
  for (const spans of fields) {
    const next = weightOf(spans);
    if (weight > 0 && weight + next > capacity) {
      chunks.push([]);
      weight = 0;
    }
    chunks.at(-1)?.push(spans);
    weight += next;
  }
  return chunks.map((chunk, index) => {
    const name = index === 0 ? title : [...title, span("  (continued)")];
    const elements = chunk.length === 0 ? [paragraph(...name)] : [paragraph(...name), bullets(chunk)];
    return { block: richText(...elements), weight: [name, ...chunk].reduce((sum, spans) => sum + weightOf(spans), 0) };
  });
};
