import type { Refusal } from "../../contract/refusals.ts";
import type { Base, Change } from "../../domain/staging/change.ts";
import { type FieldValue, type FieldValues, sameValue } from "../../domain/portfolio/entity.ts";
import { entityOf } from "../../domain/portfolio/registry.ts";
import { editedBy } from "../../domain/staging/edited.ts";
import { takeNote } from "../../domain/staging/note.ts";
import { type InvalidValues, checkValues } from "../../domain/staging/values.ts";
import { type Result, fail, ok } from "../../result.ts";
import { type NewCard, insertCard, invalidateCards } from "../../storage/cards.ts";
import {
  type CommittedChange,
  committedChangeQuery,
  stagedQuery,
  updateStaged,
} from "../../storage/staging/changes.ts";
import { invalidateOverlapping, touchesOfRowAfter } from "../../storage/commits/overlaps.ts";
import type { Draft } from "../../storage/from-batch.ts";
import { assertUnedited, lastEventQuery } from "../../storage/events/events.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { isSameRow } from "../../domain/staging/on-top-of.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import { type ChangesNothing, checkAgainstStaged, checkPeriods } from "./on-top-of-staged.ts";
import { readBase } from "./read-base.ts";
import { type Session, type WriteRefusal, allows, commitBatch, openSession, permit, repeatable } from "../session.ts";
import type { Staged } from "./stage-change.ts";

export interface EditInput {
  number: number;
  /** What is given replaces what is staged; as typed, and empty (or null) clears an optional field. */
  values: Record<string, FieldValue>;
  /** Names or aliases, or `all`; those of the change when left out. */
  targets?: string[];
  /** The author's own words about it; null takes them back. */
  note?: string | null;
}

export type EditReason = WriteRefusal<
  | "unknown_target"
  | "invalid_values"
  | "text_not_allowed"
  | "note_too_long"
  | "row_not_found"
  | "row_unreadable"
  | "no_change"
  | "already_staged"
  | "staged_for_deletion"
  | "change_not_found"
  | "change_committed"
  | "not_author"
  | "change_not_editable"
  | "note_not_editable"
  | "nothing_to_edit"
>;

/** Edits a staged change, and reads its row anew. At most two round trips to D1; asks the targets for an UPDATE. */
export const editChange = repeatable(
  async (ctx: UseCaseContext, input: EditInput): Promise<Result<Staged, EditReason>> => {
    const { workspaceId } = ctx;
    const [session, staged, committed, lastEvent] = await openSession(
      ctx,
      stagedQuery(workspaceId),
      committedChangeQuery(workspaceId, input.number),
      lastEventQuery(workspaceId),
    );
    const allowed = permit(session, "stage");
    if (!allowed.ok) return allowed;
    const found = findEditable(ctx, session, staged, committed, input.number);
    if (!found.ok) return found;
    const before = found.value;
    if (input.note !== undefined && before.createdBy !== ctx.actor.id) {
      return fail({ code: "note_not_editable", number: input.number, author: before.createdBy });
    }
    if (saysNothing(input)) return fail({ code: "nothing_to_edit", number: input.number });
    const targets = chooseTargets(session.targets, input.targets ?? before.targets);
    if (!targets.ok) return targets;
    const payload = checkPayload(before, input.values);
    if (!payload.ok) return payload;
    const note = takeNote(input.note);
    if (!note.ok) return note;

    const earlier = staged.filter(
      (other) => isSameRow(other, before) && other.createdBy === before.createdBy && other.number < before.number,
    );
    const row = await rowOf(ctx, before, targets.value, earlier);
    if (!row.ok) return row;
    const described: Change = {
      ...before,
      ...row.value,
      targets: targets.value.map(({ name }) => name),
      payload: payload.value,
      note: input.note === undefined ? before.note : note.value,
    };
    const change = editedBy(before, described, ctx.actor.id, Object.keys(input.values));
    const possible = checkPeriods(change, earlier, Object.keys(input.values));
    if (!possible.ok) return possible;
    const summary = summaryOfChange(change, earlier);
    const sensible = checkEffect(before, change, earlier);
    if (!sensible.ok) return sensible;

    const edit: Draft<Staged> = {
      change,
      summary,
      notAsked: change.targets.filter((name) => change.base[name]?.seen === "unknown"),
      touches: touchesOfRowAfter(workspaceId, change),
    };
    const at = atNow(ctx);
    return commitBatch<Staged>(
      ctx,
      edit,
      [
        assertUnedited(workspaceId, [before], lastEvent),
        updateStaged(at, change, before.payload),
        invalidateCards(at, [change.id]),
        invalidateOverlapping(at, [change.id]),
        change.createdBy === ctx.actor.id ? [] : insertCard(at, noticeOf(ctx, change)),
      ],
      { type: "change.edited", data: { changeId: change.id, number: change.number, summary } },
    );
  },
);

/** Its author reads what has become of their change, as a direct message. */
const noticeOf = (ctx: UseCaseContext, { id, createdBy }: Change): NewCard => ({
  id: ctx.newId(),
  kind: "change_edited",
  subjectId: id,
  channelId: createdBy,
});

export interface ToEdit {
  change: Change;
  /** Of the workspace. */
  targets: TargetBinding[];
}

/** The change as a form shows it, for whoever may edit it. One round trip to D1. */
export const changeToEdit = async (ctx: UseCaseContext, number: number): Promise<Result<ToEdit, EditReason>> => {
  const [session, staged, committed] = await openSession(
    ctx,
    stagedQuery(ctx.workspaceId),
    committedChangeQuery(ctx.workspaceId, number),
  );
  const allowed = permit(session, "stage");
  if (!allowed.ok) return allowed;
  const found = findEditable(ctx, session, staged, committed, number);
  return found.ok ? ok({ change: found.value, targets: session.targets }) : found;
};

const findEditable = (
  ctx: UseCaseContext,
  session: Session,
  staged: readonly Change[],
  committed: CommittedChange | null,
  number: number,
): Result<Change, EditReason> => {
  const change = staged.find((each) => each.number === number);
  if (!change) {
    return committed
      ? fail({ code: "change_committed", number, commit: committed })
      : fail({ code: "change_not_found", numbers: [number] });
  }
  if (change.createdBy !== ctx.actor.id && !allows(session, "changeOthers")) {
    return fail({ code: "not_author", number, author: change.createdBy });
  }
  return change.action === "DELETE" ? fail({ code: "change_not_editable", number }) : ok(change);
};

const saysNothing = ({ values, targets, note }: EditInput): boolean =>
  Object.keys(values).length === 0 && !targets?.length && note === undefined;

/** The values typed over those staged: a CREATE has to be complete with both. */
const checkPayload = (
  { entityType, action, payload }: Change,
  typed: Record<string, FieldValue>,
): Result<FieldValues, InvalidValues> => {
  const checked = checkValues(entityOf(entityType), typed, action === "CREATE", payload);
  return checked.ok ? ok({ ...payload, ...checked.value }) : checked;
};

/** The row, and what each target says of it now. A row that another commit is to make keeps what it was staged on. */
const rowOf = async (
  ctx: UseCaseContext,
  change: Change,
  targets: readonly TargetBinding[],
  earlier: readonly Change[],
): Promise<Result<Pick<Change, "entityId" | "base">, Refusal<"row_not_found" | "row_unreadable">>> => {
  const { entityId } = change;
  const absent: Base = { seen: "absent" };
  const asStaged = Object.fromEntries(targets.map(({ name }) => [name, change.base[name] ?? absent]));
  if (change.action === "CREATE") return ok({ entityId, base: asStaged });
  const row = await readBase(ctx, targets, change.entityType, entityId, earlier);
  if (row.ok) {
    // What a target that gives no answer has shown before is still the best that is there.
    const base = Object.entries(row.value.base).map(([target, seen]) => [
      target,
      seen.seen === "unknown" ? (change.base[target] ?? seen) : seen,
    ]);
    return ok({ ...row.value, base: Object.fromEntries(base) as Record<string, Base> });
  }
  const isToBeMade = Object.values(asStaged).every(
    (base) => base.seen === "absent" || (base.seen === "row" && base.version === ""),
  );
  return isToBeMade ? ok({ entityId, base: asStaged }) : row;
};

/** An UPDATE may say the same as before: then it is its row that is read anew. */
const checkEffect = (before: Change, change: Change, earlier: readonly Change[]): Result<null, ChangesNothing> => {
  if (change.action === "UPDATE") return checkAgainstStaged(change, earlier);
  const fields = Object.keys(change.payload);
  const isSame =
    fields.every((field) => sameValue(before.payload[field], change.payload[field])) &&
    String(before.targets) === String(change.targets) &&
    before.note === change.note;
  if (!isSame) return ok(null);
  const name = entityOf(change.entityType).displayName(change.payload) || change.entityId;
  return fail({ code: "no_change", name, fields });
};
