/** The input of a form about a row, and its draft. Pure. */
import * as z from "zod/mini";
import type { EntityForm, Row } from "../data/queries.ts";
import { type Typed, typedFrom } from "./form-values.ts";

export interface Entered {
  /** Null before a row is chosen, and for a new row. */
  row: Row | null;
  rowTyped: string;
  typed: Typed;
  targets: readonly string[];
}

export const editDraft = z.object({
  /** Only the differences from the row: the row may have changed when the draft is restored. */
  changed: z.record(z.string(), z.string()),
  targets: z.readonly(z.array(z.string())),
});

export const stageDraft = z.extend(editDraft, {
  action: z.enum(["UPDATE", "CREATE", "DELETE"]),
  type: z.string(),
  rowTyped: z.string(),
});
export type StageDraft = z.infer<typeof stageDraft>;

export const changedTexts = (before: Typed, typed: Typed): Typed =>
  Object.fromEntries(Object.entries(typed).filter(([name, text]) => text !== (before[name] ?? "")));

export const draftOf = (
  { row, rowTyped, typed, targets }: Entered,
  action: StageDraft["action"],
  { type, fields }: EntityForm,
): StageDraft => ({
  action,
  type,
  rowTyped: row?.id ?? rowTyped,
  changed: changedTexts(typedFrom(fields, row?.values ?? {}), typed),
  targets,
});

/** A link that names a row opens that row instead of the draft. */
export const matchesLink = (left: StageDraft | null, link: URLSearchParams): boolean => {
  const [type, row] = [link.get("type"), link.get("row")];
  return left !== null && (type === null || type === left.type) && (row === null || row === left.rowTyped);
};

/** @param rows null for a new row @param rowId from a link */
export const enteredAtFirst = ({
  entity,
  rows,
  left,
  rowId,
  targets,
}: {
  entity: EntityForm;
  rows: readonly Row[] | null;
  left: StageDraft | null;
  rowId: string | null;
  targets: readonly string[];
}): Entered => {
  const row = rows?.find(({ id }) => id === (left?.rowTyped ?? rowId)) ?? null;
  const leftTargets = left?.targets.filter((target) => targets.includes(target));
  return {
    row,
    rowTyped: row?.id ?? left?.rowTyped ?? "",
    typed: { ...typedFrom(entity.fields, row?.values ?? {}), ...left?.changed },
    targets: leftTargets ?? targets,
  };
};
