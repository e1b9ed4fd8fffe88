/** Reads a row from the targets as the base of a change, by id or by name. */
import type { Refusal } from "../../contract/refusals.ts";
import type { Base, Change } from "../../domain/staging/change.ts";
import { closest } from "../../domain/closest.ts";
import { type EntityType, entityOf } from "../../domain/portfolio/registry.ts";
import { isRowId } from "../../domain/portfolio/row-id.ts";
import { normalized, searchKey } from "../../domain/text.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { TargetRow } from "../../targets/protocol.ts";
import type { UseCaseContext } from "../context.ts";

interface FoundRow {
  entityId: string;
  base: Record<string, Base>;
}

type NoRow = Refusal<"row_not_found" | "row_unreadable">;

/**
 * A target that gives no answer leaves "unknown", which the push looks at again. Where none answers, what was typed
 * stands for the row until it is committed: it may be an id or a name. A row that only the author's own staged CREATE
 * knows is fine too.
 */
export const readBase = async (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  entityType: EntityType,
  typed: string,
  own: readonly Change[],
): Promise<Result<FoundRow, NoRow>> => {
  const creations = own.filter((change) => change.entityType === entityType && change.action === "CREATE");
  const created = creations.find(
    ({ entityId, payload }) => entityId === typed || isNamed(entityType, payload, typed, normalized),
  );
  if (created) return fromCreation(created, targets, typed);
  const similar = creations.find(({ payload }) => isNamed(entityType, payload, typed, searchKey));

  if (!isRowId(typed)) return byNameOr(similar, await byName(ctx, targets, entityType, typed), targets, typed);
  const byId = await askAll(ctx, targets, entityType, typed);
  const unreadable = byId.find(({ cause }) => cause !== null);
  if (unreadable) {
    const { target, cause } = unreadable;
    return fail({ code: "row_unreadable", entityType, entityId: typed, target, cause: cause ?? "" });
  }
  if (allKnow(byId)) return ok(found(typed, byId));
  if (byId.every(({ base }) => base.seen === "unknown")) {
    return similar ? fromCreation(similar, targets, typed) : ok(found(typed, byId));
  }

  const absent = byId.filter(({ base }) => base.seen === "absent");
  if (absent.length < byId.length && byId.some(({ base }) => base.seen === "row")) {
    return notFound(entityType, typed, absent[0]?.target ?? null);
  }
  return byNameOr(similar, await byName(ctx, targets, entityType, typed), targets, typed);
};

/** A live row with the very name, else the staged one with almost the same, else what there is. */
const byNameOr = (
  similar: Change | undefined,
  named: Result<FoundRow & { isExact: boolean }, NoRow>,
  targets: readonly TargetBinding[],
  typed: string,
): Result<FoundRow, NoRow> =>
  !similar || (named.ok && named.value.isExact) ? named : fromCreation(similar, targets, typed);

const fromCreation = (created: Change, targets: readonly TargetBinding[], typed: string): Result<FoundRow, NoRow> => {
  const without = targets.find(({ name }) => !created.targets.includes(name));
  if (without) return notFound(created.entityType, typed, without.name);
  return ok({ entityId: created.entityId, base: narrow(created.base, targets) });
};

const notFound = (entityType: EntityType, typed: string, target: string | null, suggestions: string[] = []) =>
  fail({ code: "row_not_found" as const, entityType, typed, target, suggestions });

interface Asked {
  target: string;
  base: Base;
  /** Why the row, which is there, cannot be read. */
  cause: string | null;
}

const found = (entityId: string, asked: Asked[]): FoundRow => ({
  entityId,
  base: Object.fromEntries(asked.map(({ target, base }) => [target, base])),
});

const allKnow = (asked: Asked[]): boolean =>
  asked.some(({ base }) => base.seen === "row") && asked.every(({ base }) => base.seen !== "absent");

const narrow = (base: Record<string, Base>, targets: readonly TargetBinding[]): Record<string, Base> =>
  Object.fromEntries(targets.map(({ name }) => [name, base[name] ?? { seen: "absent" }]));

/** @param form in which both names are compared */
const isNamed = (
  entityType: EntityType,
  values: TargetRow["values"],
  typed: string,
  form: (name: string) => string,
): boolean => form(entityOf(entityType).displayName(values).trim()) === form(typed.trim());

const askAll = (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  entityType: EntityType,
  id: string,
): Promise<Asked[]> =>
  Promise.all(
    targets.map(async (target): Promise<Asked> => {
      const answer = await ctx.targets(target, ctx.traceId).rows(entityType, [id]);
      if (!answer.ok) return { target: target.name, base: { seen: "unknown" }, cause: null };
      const { rows, unreadable } = answer.value;
      const row = rows.find((candidate) => candidate.id === id);
      return {
        target: target.name,
        base: row ? { seen: "row", version: row.version, values: row.values } : { seen: "absent" },
        cause: unreadable.find((candidate) => candidate.id === id)?.cause ?? null,
      };
    }),
  );

/** Nobody knows the id: perhaps it was a name, perhaps a slip. The first target that answers is asked for its rows. */
const byName = async (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  entityType: EntityType,
  typed: string,
): Promise<Result<FoundRow & { isExact: boolean }, NoRow>> => {
  const answers = await Promise.all(targets.map((target) => ctx.targets(target, ctx.traceId).rows(entityType)));
  const answer = answers.find(({ ok }) => ok);
  if (!answer?.ok) {
    const asked = targets.map(({ name }): Asked => ({ target: name, base: { seen: "unknown" }, cause: null }));
    return ok({ ...found(typed, asked), isExact: false });
  }
  const { rows } = answer.value;
  const exact = rows.filter((row) => isNamed(entityType, row.values, typed, normalized));
  const isExact = exact.length > 0;
  const named = isExact ? exact : rows.filter((row) => isNamed(entityType, row.values, typed, searchKey));
  const [only] = named;
  if (only && named.length === 1) {
    const byId = await askAll(ctx, targets, entityType, only.id);
    const absent = byId.filter(({ base }) => base.seen === "absent");
    // The row is certainly there: a target that gives no answer to the second question does not take it away.
    if (absent.length === 0) return ok({ ...found(only.id, byId), isExact });
    if (absent.length < byId.length) return notFound(entityType, typed, absent[0]?.target ?? null);
  }
  return notFound(entityType, typed, null, suggest(entityType, typed, rows, named));
};

const suggest = (entityType: EntityType, typed: string, rows: TargetRow[], named: TargetRow[]): string[] => {
  if (named.length > 0) return named.map(({ id }) => id);
  const byWord = new Map(
    rows.flatMap((row) => [
      [row.id, row.id],
      [entityOf(entityType).displayName(row.values), row.id],
    ]),
  );
  const near = closest(typed, [...byWord.keys()]);
  const starting = rows.map(({ id }) => id).filter((id) => id.startsWith(typed.toLowerCase()));
  return [...new Set([...(near ? [byWord.get(near) ?? near] : []), ...starting])].slice(0, 3);
};
