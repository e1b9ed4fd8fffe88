/** What people choose about the conflicts of a row, and the changes that are left of it then. */
import type { Change } from "../staging/change.ts";
import { type Operation, netEffect } from "../staging/net-effect.ts";
import { withContributor } from "./contributors.ts";
import { canonicalJson } from "./commit-hash.ts";
import { type Conflict, type LiveRow, type Take, conflictOf, resolveOperation } from "./conflict.ts";

/** Null stands for all of them. */
export interface Choice {
  row: Pick<Change, "entityType" | "entityId"> | null;
  field: string | null;
  target: string | null;
  take: Take;
}

/** What a target shows of a row: null where it has none, undefined where it could not be asked. */
export type LiveOf = (target: string, row: Pick<Change, "entityType" | "entityId">) => LiveRow | null | undefined;

/** Where nothing of the commit is applied yet, and what is live there. */
export interface OpenTargets {
  targets: readonly string[];
  liveOf: LiveOf;
}

/** At every open target, in the order of the targets. */
export const conflictsOf = (changes: readonly Change[], { targets, liveOf }: OpenTargets): Conflict[] =>
  targets.flatMap((target) =>
    netEffect(changes, target).flatMap((operation) => {
      const live = liveOf(target, operation);
      return live === undefined ? [] : (conflictOf(target, operation, live) ?? []);
    }),
  );

const isRow = (a: Pick<Change, "entityType" | "entityId">, b: Pick<Change, "entityType" | "entityId">): boolean =>
  a.entityType === b.entityType && a.entityId === b.entityId;

/** Of the row as a whole: one of its fields alone cannot be decided. */
export const isWhole = ({ kind, action }: Pick<Conflict, "kind" | "action">): boolean =>
  kind !== "changed" || action === "DELETE";

/** Whether the choice is about the conflict. */
export const isAbout = ({ row, field, target }: Choice, conflict: Conflict): boolean =>
  (row === null || isRow(row, conflict)) &&
  (target === null || conflict.targets.includes(target)) &&
  (field === null || isWhole(conflict) || conflict.fields.some((each) => each.field === field));

/**
 * The last choice counts. One without a target is about every open target: who gives up a value in favour of another
 * gives it up everywhere.
 * @param conflicts of the row
 */
const takesAt = (choices: readonly Choice[], conflicts: readonly Conflict[], target: string) => {
  const about = choices.filter(
    (choice) =>
      (choice.target === null || choice.target === target) && conflicts.some((conflict) => isAbout(choice, conflict)),
  );
  const isWaiting = conflicts.every(({ kind }) => kind === "not_yet");
  return (field: string | null): Take | null => {
    const named = conflicts.filter((conflict) =>
      field === null ? isWhole(conflict) : conflict.fields.some((each) => each.field === field),
    );
    const chosen = about.findLast(
      (choice) =>
        (field === null || choice.field === null || choice.field === field) &&
        named.some((conflict) => isAbout(choice, conflict)),
    );
    const take = chosen?.take ?? null;
    // What waits for another commit is right as it is: it can only be given up.
    return isWaiting && take !== "theirs" ? null : take;
  };
};

export interface Resolved {
  /** All of the commit, as they are now. */
  changes: Change[];
  /** Those with other content, targets or base. */
  updated: Change[];
  /** Nothing is left of them. */
  discarded: Change[];
  /** Where the targets of one change part ways. */
  added: Change[];
  /** How many fields, or rows as a whole, were decided. */
  decided: number;
  /** A change that keeps who has resolved, where all that they decided has left the commit. */
  joined: Change | null;
}

export interface Resolver {
  /** A contributor of what is rewritten from now on. */
  userId: string;
  /** For changes that are added; they get their numbers when they are written. */
  newId: () => string;
}

export const resolveChanges = (
  changes: readonly Change[],
  open: OpenTargets,
  choices: readonly Choice[],
  resolver: Resolver,
): Resolved => {
  const conflicts = conflictsOf(changes, open);
  const decided = conflicts.filter((conflict) => choices.some((choice) => isAbout(choice, conflict)));
  const resolved: Resolved = { changes: [], updated: [], discarded: [], added: [], decided: 0, joined: null };
  const rows = Map.groupBy(changes, ({ entityType, entityId }) => `${entityType}/${entityId}`);
  for (const own of rows.values()) {
    const [first] = own;
    const ofRow = first ? conflicts.filter((conflict) => isRow(conflict, first)) : [];
    if (!ofRow.some((conflict) => decided.includes(conflict))) {
      resolved.changes.push(...own);
      continue;
    }
    const left = rewriteRow(own, leftOf(own, open, ofRow, choices), open.targets, resolver);
    resolved.changes.push(...left.changes);
    resolved.updated.push(...left.updated);
    resolved.discarded.push(...left.discarded);
    resolved.added.push(...left.added);
    resolved.decided += countDecided(ofRow, choices);
  }
  resolved.changes.sort((a, b) => a.number - b.number);
  return resolved.decided > 0 ? joinedBy(resolved, resolver.userId) : resolved;
};

/** What somebody takes out of a commit makes it another one, too: they do not approve the rest. */
const joinedBy = (resolved: Resolved, userId: string): Resolved => {
  const [first, ...others] = resolved.changes;
  if (!first || resolved.changes.some(({ contributors }) => contributors.includes(userId))) return resolved;
  const joined = { ...first, contributors: withContributor(first, userId) };
  return { ...resolved, changes: [joined, ...others], joined };
};

const countDecided = (conflicts: readonly Conflict[], choices: readonly Choice[]): number =>
  new Set(
    conflicts.flatMap((conflict) => {
      const names = isWhole(conflict) ? [null] : conflict.fields.map(({ field }) => field);
      return conflict.targets.flatMap((target) => {
        const takeOf = takesAt(choices, conflicts, target);
        return names.filter((name) => takeOf(name) !== null);
      });
    }),
  ).size;

/** What each open target is asked to do with the row after the choices. */
const leftOf = (
  own: readonly Change[],
  { targets, liveOf }: OpenTargets,
  conflicts: readonly Conflict[],
  choices: readonly Choice[],
): Map<string, Operation | null> =>
  new Map(
    targets.flatMap((target): [string, Operation | null][] => {
      const [operation] = netEffect(own, target);
      if (!operation) return [];
      const conflict = conflicts.find((each) => each.targets.includes(target)) ?? null;
      const live = liveOf(target, operation) ?? null;
      const whole = { ...operation, values: askedAt(own, operation, target) };
      return [[target, resolveOperation(whole, conflict, live, takesAt(choices, conflicts, target))]];
    }),
  );

/** With the values that the target has already: where targets differ in these alone, they still share a change. */
const askedAt = (own: readonly Change[], { action, values }: Operation, target: string): Operation["values"] =>
  action === "UPDATE"
    ? {
        ...Object.assign({}, ...own.filter((c) => c.targets.includes(target)).map(({ payload }) => payload)),
        ...values,
      }
    : values;

type Content = Pick<Change, "action" | "payload" | "base" | "targets">;

/** Targets that are asked for the same share a change. */
const contentsOf = (left: ReadonlyMap<string, Operation | null>): Content[] => {
  const groups = new Map<string, Content>();
  for (const [target, operation] of left) {
    if (!operation) continue;
    const { action, values, base } = operation;
    const key = canonicalJson([action, values]);
    const same = groups.get(key) ?? { action, payload: values, base: {}, targets: [] };
    groups.set(key, { ...same, base: { ...same.base, [target]: base }, targets: [...same.targets, target] });
  }
  return [...groups.values()];
};

/**
 * One change for each content. A change that some target has applied stays there what it was: it is history, and only
 * its other targets leave it.
 */
const rewriteRow = (
  own: readonly Change[],
  left: ReadonlyMap<string, Operation | null>,
  open: readonly string[],
  { userId, newId }: Resolver,
): Omit<Resolved, "decided" | "joined"> => {
  const isOpen = (target: string): boolean => open.includes(target);
  const [first] = own;
  if (!first) throw new Error("A row in conflict has a change");
  const contributors = [...new Set([...own.flatMap((change) => change.contributors), userId])];
  const silent = silentTargets(own, left, open);
  const contents = contentsOf(left)
    .filter((content) => content.targets.some((target) => netEffect([{ ...first, ...content }], target).length > 0))
    .map((content, index) => (index === 0 && content.action === "UPDATE" ? withTargets(content, silent) : content));
  const history = own.filter(({ targets }) => !targets.every(isOpen));
  const free = own.filter((change) => !history.includes(change));
  const parted = history.filter(({ targets }) => targets.some(isOpen)).map((change) => without(change, isOpen));
  const rewritten = contents
    .slice(0, free.length)
    .map((content, index) => withContent(free[index] ?? first, content, contributors));
  const last = own.at(-1) ?? first;
  const added = contents.slice(free.length).map((content, index) => ({
    ...withContent(last, content, contributors),
    id: newId(),
    number: Number.MAX_SAFE_INTEGER - index,
  }));
  return {
    changes: [...history.map((change) => parted.find(({ id }) => id === change.id) ?? change), ...rewritten, ...added],
    updated: [...parted, ...rewritten],
    discarded: free.slice(contents.length),
    added,
  };
};

/** Open targets at which the changes do nothing, as the row has their values there already: they stay covered. */
const silentTargets = (
  own: readonly Change[],
  left: ReadonlyMap<string, Operation | null>,
  open: readonly string[],
): Content["base"] =>
  Object.fromEntries(
    open.flatMap((target) => {
      const covering = own.findLast(({ targets, action }) => targets.includes(target) && action === "UPDATE");
      return covering && !left.has(target) ? [[target, covering.base[target] ?? { seen: "unknown" as const }]] : [];
    }),
  );

const withTargets = (content: Content, base: Content["base"]): Content => ({
  ...content,
  base: { ...content.base, ...base },
  targets: [...content.targets, ...Object.keys(base)],
});

const without = (change: Change, isGone: (target: string) => boolean): Change => ({
  ...change,
  targets: change.targets.filter((target) => !isGone(target)),
  base: Object.fromEntries(Object.entries(change.base).filter(([target]) => !isGone(target))),
});

const withContent = (change: Change, content: Content, contributors: string[]): Change => ({
  ...change,
  ...content,
  contributors,
});

/** The values of a row that is created again, for the rules that a new row has to keep. */
export const recreations = ({ updated, added }: Resolved, before: readonly Change[]): Change[] =>
  [...updated, ...added].filter(
    ({ action, id }) => action === "CREATE" && before.find((change) => change.id === id)?.action !== "CREATE",
  );

/** What somebody looks at who chooses: another content of the commit, or other values, give another text. */
export const conflictsText = (hash: string, conflicts: readonly Conflict[]): string => canonicalJson([hash, conflicts]);

/** What targets show now, as the base of a change that is looked at anew. */
export const onLive = (change: Change, liveOf: LiveOf): Change["base"] =>
  Object.fromEntries(
    Object.entries(change.base).map(([target, base]): [string, Change["base"][string]] => {
      const live = liveOf(target, change);
      return [target, live ? { seen: "row", ...live } : base];
    }),
  );
