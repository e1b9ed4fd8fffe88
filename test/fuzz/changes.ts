/** Net changes, word diffs, and changes parsed from messages. */
import fc from "fast-check";
import { wordDiff } from "../../bot/slack/commits/diff/word-diff.ts";
import { type Action, type Base, actions } from "../../shared/domain/staging/change.ts";
import { diffOf } from "../../shared/domain/staging/diff.ts";
import { type FieldValues, sameValue } from "../../shared/domain/portfolio/entity.ts";
import { entityOf, entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { type Operation, netEffect } from "../../shared/domain/staging/net-effect.ts";
import type { CachedRow } from "../../shared/domain/staging/proposal.ts";
import { propose } from "../../shared/domain/staging/propose.ts";
import { checkValues } from "../../shared/domain/staging/values.ts";
import { type Subject, holds } from "./subject.ts";
import { typed } from "./texts.ts";

/** Edits of a few words. */
const words = fc.array(fc.constantFrom(..."a b c Rust and Go, years. 🦀 \n <!here>".split(" "), "  "), {
  maxLength: 14,
});
const texts = fc.oneof(
  fc.tuple(words, words).map(([left, right]) => [left.join(" "), right.join(" ")] as const),
  fc.tuple(typed, typed),
);

const wordDiffs: Subject = {
  name: "word diff: the pieces join to both texts, and keep to their length",
  share: 1,
  property: () =>
    holds(fc.tuple(texts, fc.integer({ min: 200, max: 3000 })), ([[before, after], max]) => {
      const pieces = wordDiff(before, after, 1_000_000);
      if (pieces.some(({ text }) => text === "")) return "a piece is empty";
      // Changed whitespace is shown by marks.
      const plain = (text: string): string =>
        text
          .replaceAll("↵", "")
          .replaceAll("\r\n", "\n")
          .replace(/[^\S\n]|␣/g, " ");
      const shortened = pieces.some(({ is, text }) => is === "same" && text.includes("…"));
      if (!shortened) {
        const side = (other: string): string =>
          pieces
            .filter(({ is }) => is !== other)
            .map(({ text }) => text)
            .join("");
        if (plain(side("added")) !== plain(before))
          return `joins to ${JSON.stringify(side("added"))} instead of the text before`;
        if (plain(side("removed")) !== plain(after))
          return `joins to ${JSON.stringify(side("removed"))} instead of the text after`;
      }
      const bounded = wordDiff(before, after, max);
      const length = bounded.reduce((sum, { text }) => sum + text.length, 0);
      return length <= Math.max(max, bounded.length * 50) ? null : `${length} characters for ${max}`;
    }),
};

type Rows = Map<string, FieldValues>;
const fieldValue = fc.oneof(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 3 }), fc.constant(null));
const values = fc.dictionary(fc.constantFrom("name", "level", "category"), fieldValue, { minKeys: 1, maxKeys: 3 });
const rows = fc
  .dictionary(fc.constantFrom("r1", "r2", "r3"), values)
  .map((entries): Rows => new Map(Object.entries(entries)));
const steps = fc.array(
  fc.record({ action: fc.constantFrom(...actions), id: fc.constantFrom("r1", "r2", "r3", "new"), values }),
  {
    maxLength: 12,
  },
);

const applied = (
  to: Rows,
  { action, entityId, values: set }: Pick<Operation, "action" | "entityId" | "values">,
): Rows => {
  const next = new Map(to);
  if (action === "DELETE") next.delete(entityId);
  else next.set(entityId, { ...next.get(entityId), ...set });
  return next;
};

/** The use cases stage only changes that fit the row after the user's earlier changes. */
const stageable = (at: Rows, action: Action, id: string, deleted: ReadonlySet<string>): boolean =>
  !deleted.has(id) && (action === "CREATE" ? !at.has(id) : at.has(id));

const sameRows = (left: Rows, right: Rows): boolean =>
  [...new Set([...left.keys(), ...right.keys()])].every((id) => {
    const [one, other] = [left.get(id), right.get(id)];
    if (!one || !other) return one === other;
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((field) =>
      sameValue(one[field] ?? null, other[field] ?? null),
    );
  });

const netEffects: Subject = {
  name: "net effect: applied to the rows, it gives what the changes give one by one",
  share: 1,
  property: () =>
    holds(fc.tuple(rows, steps), ([start, proposed]) => {
      let now = start;
      const deleted = new Set<string>();
      const changes = proposed.flatMap(({ action, id, values: payload }, index) => {
        if (!stageable(now, action, id, deleted)) return [];
        if (action === "DELETE") deleted.add(id);
        const seen = start.get(id);
        const base: Base = seen ? { seen: "row", version: "1", values: seen } : { seen: "absent" };
        const change = { entityId: id, action, values: action === "DELETE" ? {} : payload };
        now = applied(now, change);
        return [
          {
            number: index,
            entityType: "technology" as const,
            entityId: id,
            action,
            payload: change.values,
            base: { d1cv: base },
            targets: ["d1cv"],
          },
        ];
      });
      const operations = netEffect(changes, "d1cv");
      if (new Set(operations.map(({ entityId }) => entityId)).size < operations.length)
        return "two operations of a row";
      if (!sameRows(operations.reduce(applied, start), now)) return `${JSON.stringify(operations)} gives other rows`;
      const idle = operations.find((operation) => operation.action === "UPDATE" && diffOf(operation).length === 0);
      return idle ? `${JSON.stringify(idle)} changes nothing` : null;
    }),
};

const cachedRows: CachedRow[] = [
  { entityType: "technology", id: "python-1", values: { name: "Python", category: "Backend", experience_years: 5 } },
  { entityType: "technology", id: "c-1", values: { name: "C++", category: "Backend" } },
  { entityType: "project", id: "atlas-1", values: { name: "Atlas" } },
];
const sentences = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."Python C++ Atlas Rust python-1 years experience is now has add remove delete rename to from - • : , . ; and the 8 2019 https://a.example a@b.example \n".split(
        " ",
      ),
      "\n",
      "\n\n",
    ),
    typed,
  ),
  { maxLength: 20 },
);

const proposals: Subject = {
  name: "proposals: from any message, each fits its type and quotes its text",
  share: 1,
  property: () =>
    holds(
      fc.oneof(
        sentences.map((parts) => parts.join(" ")),
        typed,
      ),
      (text) => {
        for (const { action, entityType, row, values: proposed, line } of propose(text, cachedRows).proposals) {
          if (!entityTypes.includes(entityType) || !actions.includes(action)) return "an unknown type or action";
          if (line === "") return "no words";
          if ((action === "CREATE") !== (row === null)) return `${action} of ${row}`;
          if (action === "DELETE" && Object.keys(proposed).length > 0) return "a removal has values";
          const checked = checkValues(entityOf(entityType), proposed, false);
          if (!checked.ok) return JSON.stringify(checked.reason.problems);
        }
        return null;
      },
    ),
};

export const changeSubjects: Subject[] = [wordDiffs, netEffects, proposals];
