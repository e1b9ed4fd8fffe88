/** What stands beside Approve: every surface against the operations of the hash, whatever the author wrote. */
import fc from "fast-check";
import { commitCard, commitCardFallbacks } from "../../bot/slack/commits/commit-card.ts";
import { commitDiff } from "../../bot/slack/commits/diff/diff-command.ts";
import { commitDiffLines } from "../../clients/cli/lines.ts";
import { apiOperationPage } from "../../shared/contract/resources.ts";
import { contentOf } from "../../shared/domain/commits/commit-hash.ts";
import type { FieldValue } from "../../shared/domain/portfolio/entity.ts";
import { type Base, type Change, actions } from "../../shared/domain/staging/change.ts";
import { type Operation, contradictionIn, netEffect } from "../../shared/domain/staging/net-effect.ts";
import { netOperations, rowCount } from "../../shared/domain/staging/net-operations.ts";
import { changeOf, commitOf, commitState, targetOf } from "../support/bot/card-states.ts";
import { textsOf } from "../support/bot/texts.ts";
import { type Subject, holds, holdsLater } from "./subject.ts";

const targets = ["d1cv", "ai-agent"];
const years = fc.integer({ min: 0, max: 60 });
/** Nothing that is derived ever says it: an author's words must never stand for what a commit does. */
const lie = "CSS: experience_years 900 → 1000";

const base: fc.Arbitrary<Base> = fc.oneof(
  years.map((value): Base => ({
    seen: "row",
    version: "1",
    values: { name: "Python", category: "Backend", experience_years: value, level: null },
  })),
  fc.constant<Base>({ seen: "absent" }),
  fc.constant<Base>({ seen: "unknown" }),
);

const changes = fc
  .array(
    fc.record({
      action: fc.constantFrom(...actions),
      entityId: fc.constantFrom("r1", "r2", "r3", "r4", "r5", "r6"),
      payload: fc.record({ experience_years: years, level: fc.constantFrom("Expert", null) }, { requiredKeys: [] }),
      targets: fc.subarray(targets, { minLength: 1 }),
      bases: fc.tuple(base, base),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) =>
    all.map(({ action, bases, ...each }, index): Change =>
      changeOf({
        ...each,
        id: `c${index}`,
        number: index + 1,
        action,
        payload:
          action === "DELETE"
            ? {}
            : action === "CREATE"
              ? { name: "Rust", category: "Backend", ...each.payload }
              : { experience_years: 1, ...each.payload },
        base: Object.fromEntries(targets.map((target, at) => [target, bases[at] ?? { seen: "unknown" }])),
        note: lie,
      }),
    ),
  );

const stateOf = (all: Change[], summary: string) =>
  commitState({
    changes: all,
    commit: commitOf({ message: lie, summary }),
    targets: targets.map((target) => targetOf(target, "pending")),
  });

interface Fact {
  action: Operation["action"];
  entityId: string;
  target: string;
  fields: string;
}

const valueOf = (value: FieldValue | undefined): FieldValue => value ?? null;

/** What the hash is made of: each field that an operation sets, with the value that it had. */
const hashedFacts = (all: Change[]): Fact[] =>
  targets.flatMap((target) =>
    netEffect(all, target).map(({ action, entityId, values, base: seen }) => {
      const before = seen.seen === "row" ? seen.values : {};
      const names = action === "DELETE" ? Object.keys(before) : Object.keys(values);
      const fields = names
        .map((field) => [field, valueOf(before[field]), action === "DELETE" ? null : valueOf(values[field])])
        .filter(([, old, now]) => JSON.stringify(old) !== JSON.stringify(now));
      return { action, entityId, target, fields: JSON.stringify(fields) };
    }),
  );

const textOfFact = ({ action, entityId, target, fields }: Fact): string => [action, entityId, target, fields].join(" ");

const differing = (shown: Fact[], hashed: Fact[]): string | null => {
  const [left, right] = [shown.map(textOfFact).toSorted(), hashed.map(textOfFact).toSorted()];
  return left.join("\n") === right.join("\n") ? null : `shows ${left.join("; ")} instead of ${right.join("; ")}`;
};

/** All pages, as a client reads them. */
const apiFacts = (state: ReturnType<typeof stateOf>): Fact[] => {
  const facts: Fact[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = apiOperationPage(state, after, 7);
    for (const { action, entityId, targets: at, diff } of page.operations) {
      const fields = JSON.stringify(diff.map(({ field, before, after: now }) => [field, before, now]));
      for (const target of at) facts.push({ action, entityId, target, fields });
    }
    after = page.next;
  }
  return facts;
};

const apiReviews: Subject = {
  name: "the API's pages of a commit: the operations of its hash, each once",
  share: 1,
  property: () => holds(changes, (all) => differing(apiFacts(stateOf(all, "")), hashedFacts(all))),
};

/** "5 → 8" of a line, without marks. */
const arrowsIn = (text: string): string[] =>
  [
    ...text
      .replace(/[~*`]/g, "")
      .replace(/_(unknown|empty)_/g, "$1")
      .matchAll(/(\S+) → (\S+)/g),
  ].map(([, before, after]) => `${before} → ${after?.replace(/[,;.]$/, "")}`);

/** Every "before → after" that may be shown; where the value before is unknown, the field stands before the arrow. */
const allowedArrows = (all: Change[]): Set<string> => {
  const word = (value: FieldValue): string => (value === null ? "empty" : String(value));
  return new Set(
    netOperations(all, targets).flatMap(({ diff, base: seen }) =>
      diff.flatMap(({ field, before, after }) =>
        seen === "row"
          ? [`${word(before)} → ${word(after)}`]
          : [`${field} → ${word(after)}`, `unknown → ${word(after)}`, `empty → ${word(after)}`],
      ),
    ),
  );
};

/** Lines of the author's words, which are quoted as such. */
const derivedOf = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/^>?.*(wrote|about change \d+): “[^”]*”/, ""))
    .join("\n")
    .replace(/<@\w+> wrote: “[^”]*”/g, "");

const linesOf = (all: Change[], summary: string): string[] => {
  const state = stateOf(all, summary);
  const [card, diff] = [commitCard(state), commitDiff(state)];
  const fallback = commitCardFallbacks(state).at(-1) ?? card;
  const { operations, rowCount: rows } = apiOperationPage(state, 0, 1000);
  const shell = commitDiffLines(
    { operations, rowCount: rows, changes: [], cancelled: [], targets: state.targets },
    (_colour, text) => text,
  );
  return [
    card.text,
    textsOf(card.blocks),
    fallback.text,
    textsOf(fallback.blocks),
    textsOf(diff.blocks),
    summary,
    shell.join("\n"),
  ].map(derivedOf);
};

const textReviews: Subject = {
  name: "cards, diffs and lines of a commit: every before and after is of its hash",
  share: 0.5,
  property: () =>
    holdsLater(changes, async (all) => {
      const { summary, rowCount: rows } = await contentOf(all, targets);
      const operations = netOperations(all, targets);
      if (operations.length === 0) return null;
      if (rows !== rowCount(operations)) return "the count of rows differs";
      const allowed = allowedArrows(all);
      for (const text of linesOf(all, summary)) {
        if (text.includes("900") || text.includes("1000")) return `the author's words stand in: ${text}`;
        const wrong = arrowsIn(text).find((arrow) => !allowed.has(arrow));
        if (wrong !== undefined) return `"${wrong}" in: ${text}`;
      }
      const header = textsOf(commitCard(stateOf(all, summary)).blocks);
      const count = rows === all.length ? `${rows} change` : `${rows} row`;
      return header.includes(count) ? null : `the card does not count ${count}`;
    }),
};

const swallowed: Subject = {
  name: "net effect: what follows a removal is refused, or every change counts",
  share: 1,
  property: () =>
    holds(changes, (all) => {
      const removal = all.find(
        (change) =>
          change.action !== "DELETE" &&
          all.some(
            (other) =>
              other.action === "DELETE" &&
              other.number < change.number &&
              other.entityId === change.entityId &&
              other.targets.some((target) => change.targets.includes(target)) &&
              !all.some(
                (between) =>
                  between.action !== "DELETE" &&
                  between.entityId === change.entityId &&
                  between.number > other.number &&
                  between.number < change.number,
              ),
          ),
      );
      return removal && contradictionIn(all) === null ? `change ${removal.number} is swallowed` : null;
    }),
};

export const reviewSubjects: Subject[] = [apiReviews, textReviews, swallowed];
