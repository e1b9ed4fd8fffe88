import { clip } from "../../../../shared/messages/message.ts";
import { actionIcons, actionLabels } from "../../components/change-lines.ts";
import { type Span, emoji, span } from "../../blocks/rich-text.ts";
import type { FieldChange, RowChange } from "./row-diff.ts";
import { plural } from "../../../../shared/messages/en/grammar.ts";
import { itemText } from "../../../../shared/domain/staging/list-text.ts";
import type { Piece } from "../../../../shared/domain/staging/diff-words.ts";
import { bounded, spaced, wordDiff } from "./word-diff.ts";

const styles = { same: undefined, removed: { strike: true }, added: { bold: true } } as const;

const spansOf = (pieces: readonly Piece[]): Span[] => pieces.map(({ text, is }) => span(text, styles[is]));

/** More of them say less than what has changed. */
const maxSameItems = 8;
/** A list holds 30; one at a target may hold more. */
const maxShownItems = 60;

const empty: Span = { type: "text", text: "empty", style: { italic: true } };
const unknown: Span = { type: "text", text: "unknown", style: { italic: true } };

const valueSpans = (text: string | null, is: Piece["is"], maxCharacters: number): Span[] =>
  text === null ? [unknown] : text === "" ? [empty] : spansOf(bounded([{ text, is }], maxCharacters));

/** "✏️ Change technology **Python**  `python-1`" */
export const rowTitle = ({ action, entityType, name, entityId }: RowChange): Span[] => [
  emoji(actionIcons[action]),
  span(` ${actionLabels[action]} ${entityType} `),
  span(clip(name, 300), { bold: true }),
  span("  "),
  span(entityId, { code: true }),
];

/** Before and after in one text: "Years of experience: ~~5~~ → **8**", and word by word where it is long. */
export const fieldSpans = (
  { action }: Pick<RowChange, "action">,
  field: FieldChange,
  maxCharacters: number,
): Span[] => {
  const { label, before, after, isLong, items } = field;
  const name = span(`${label}: `);
  if (action === "CREATE") return [name, ...valueSpans(after, "same", maxCharacters)];
  if (items) return [name, ...itemSpans(items, maxCharacters)];
  if (isLong && before && after !== "") return [name, ...spansOf(spaced(wordDiff(before, after, maxCharacters)))];
  return [
    name,
    ...valueSpans(before, "removed", maxCharacters / 2),
    span(" → "),
    ...valueSpans(after, "added", maxCharacters / 2),
  ];
};

const signs = { same: "", removed: "− ", added: "+ " } as const;

/** "TypeScript, ~~− jQuery~~, **+ Rust**": items that stay are counted where there are many. */
const itemSpans = (items: readonly Piece[], maxCharacters: number): Span[] => {
  const same = items.filter(({ is }) => is === "same").length;
  const changed = same > maxSameItems ? items.filter(({ is }) => is !== "same") : items;
  const shown = changed.slice(0, maxShownItems);
  const pieces = bounded(
    shown.map(({ text, is }) => ({ is, text: `${signs[is]}${itemText(text)}` })),
    maxCharacters,
  );
  const spans = spansOf(pieces).flatMap((each, index) => (index === 0 ? [each] : [span(", "), each]));
  const rest = [
    ...(changed.length > shown.length ? [`${changed.length - shown.length} more`] : []),
    ...(same > maxSameItems ? [`${plural(same, "item")} as before`] : []),
  ].join(", ");
  if (rest !== "") spans.push(span(spans.length > 0 ? `, ${rest}` : rest));
  return spans.length > 0 ? spans : [empty];
};

/** Before and after side by side, for the cells of a table. */
export const fieldSides = ({ before, after, isLong, items }: FieldChange, maxCharacters: number): [Span[], Span[]] => {
  if (items) {
    return [
      itemSpans(
        items.filter(({ is }) => is !== "added"),
        maxCharacters,
      ),
      itemSpans(
        items.filter(({ is }) => is !== "removed"),
        maxCharacters,
      ),
    ];
  }
  if (!isLong || !before || after === "") {
    return [valueSpans(before, "same", maxCharacters), valueSpans(after, "same", maxCharacters)];
  }
  const pieces = wordDiff(before, after, 2 * maxCharacters);
  const side = (hidden: Piece["is"]): Span[] => {
    const shown = bounded(
      pieces.filter(({ is }) => is !== hidden),
      maxCharacters,
    );
    return shown.length === 0 ? [empty] : spansOf(shown);
  };
  return [side("added"), side("removed")];
};
