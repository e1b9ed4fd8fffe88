import { type Overlap, type Touch, overlapsOfChange } from "../../domain/commits/overlaps.ts";
import type { Action, Base, Change } from "../../domain/staging/change.ts";
import { closest } from "../../domain/closest.ts";
import type { FieldValue, FieldValues } from "../../domain/portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes, isEntityType } from "../../domain/portfolio/registry.ts";
import { takeNote } from "../../domain/staging/note.ts";
import { slugOf } from "../../domain/staging/slug.ts";
import { checkValues } from "../../domain/staging/values.ts";
import { type Result, fail, ok } from "../../result.ts";
import { type NewCard, insertCard } from "../../storage/cards.ts";
import { insertChange, stagedQuery } from "../../storage/staging/changes.ts";
import { invalidateOverlapping, touchesOfRowAfter } from "../../storage/commits/overlaps.ts";
import { takeNumber, takenNumber } from "../../storage/counters.ts";
import { readBase } from "./read-base.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, atNow, nowOf } from "../context.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import { checkAgainstStaged, checkPeriods } from "./on-top-of-staged.ts";
import { type SimilarRow, similarRows } from "./similar-rows.ts";
import { type NotWritten, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export interface StageInput {
  action: Action;
  entityType: string;
  /** Id or name of the row; left out for CREATE. */
  row: string | null;
  /** As typed: text is read as the field's kind. */
  values: Record<string, FieldValue>;
  /** Names or aliases, or `all`; all targets when left out. */
  targets: string[];
  /** The author's own words about it. */
  note: string | null;
  /** The message in Slack from which it is staged; its thread gets a reply that shows where the change stands. */
  source: ChangeSource | null;
}

export interface ChangeSource {
  permalink: string | null;
  author: string | null;
  channelId: string;
  /** `ts` of the message, or of the thread that it stands in. */
  threadTs: string;
}

export interface Staged {
  change: Change;
  /** What it does, on top of what its author has staged for the row. */
  summary: string;
  /** Targets that could not be asked for the row as it is now. */
  notAsked: string[];
  /** What is staged for the row or in open commits, this change among it; earlier versions have saved none. */
  touches?: Touch[];
  /** Rows that a new one may be a second of. Results that were saved by an earlier version have none. */
  similar?: SimilarRow[];
}

/** Who else is about to change the row. */
export const overlapsOfStaged = ({ change, touches = [] }: Staged): Overlap[] => overlapsOfChange(touches, change);

export type StageReason = WriteRefusal<
  | "unknown_target"
  | "invalid_values"
  | "text_not_allowed"
  | "note_too_long"
  | "id_not_allowed"
  | "row_not_found"
  | "row_unreadable"
  | "unknown_entity_type"
  | "values_required"
  | "values_not_allowed"
  | "no_change"
  | "already_staged"
  | "staged_for_deletion"
>;

/** Records a change to one row. At most two round trips to D1; UPDATE and DELETE read the targets' rows. */
export const stageChange = repeatable(
  async (ctx: UseCaseContext, input: StageInput): Promise<Result<Staged, StageReason>> => {
    const checked = await checkStage(ctx, input);
    return checked.ok ? recordStaged(ctx, checked.value) : checked;
  },
);

/** A change that may be staged. */
export interface Stageable {
  change: Change;
  summary: string;
  source: ChangeSource | null;
  similar: SimilarRow[];
}

/** The part of staging that changes nothing: one round trip to D1, and the targets' rows. */
export const checkStage = async (ctx: UseCaseContext, input: StageInput): Promise<Result<Stageable, StageReason>> => {
  const [session, staged] = await openSession(ctx, stagedQuery(ctx.workspaceId));
  const allowed = permit(session, "stage");
  if (!allowed.ok) return allowed;

  const request = checkRequest(input);
  if (!request.ok) return request;
  const note = takeNote(input.note);
  if (!note.ok) return note;
  const { entityType, values } = request.value;
  const targets = chooseTargets(session.targets, input.targets);
  if (!targets.ok) return targets;

  const own = staged.filter(({ createdBy }) => createdBy === ctx.actor.id);
  const row =
    input.action === "CREATE"
      ? ok(
          newRow(
            ctx,
            entityType,
            values,
            targets.value.map(({ name }) => name),
          ),
        )
      : await readBase(ctx, targets.value, entityType, input.row ?? "", own);
  if (!row.ok) return row;

  const change = changeOf(ctx, { ...input, note: note.value }, entityType, values, row.value);
  const possible = checkPeriods(change, own);
  if (!possible.ok) return possible;
  const sensible = checkAgainstStaged(change, own);
  if (!sensible.ok) return sensible;

  return ok({
    change,
    summary: summaryOfChange(change, own),
    source: input.source,
    similar: input.action === "CREATE" ? await similarRows(ctx, targets.value, entityType, change.payload, staged) : [],
  });
};

/** The other part of it: one batch. */
export const recordStaged = async (
  ctx: UseCaseContext,
  { change, summary, source, similar }: Stageable,
): Promise<Result<Staged, NotWritten>> => {
  const { entityType } = change;
  return commitBatch<Staged>(
    ctx,
    {
      change: { ...change, number: takenNumber(ctx.workspaceId, "change") },
      summary,
      notAsked: change.targets.filter((name) => change.base[name]?.seen === "unknown"),
      touches: touchesOfRowAfter(ctx.workspaceId, change),
      similar,
    },
    [
      takeNumber(ctx.workspaceId, "change"),
      insertChange(ctx.workspaceId, change),
      invalidateOverlapping(atNow(ctx), [change.id]),
      source ? insertCard(atNow(ctx), cardOf(ctx, change, source)) : [],
    ],
    {
      type: "change.staged",
      data: {
        changeId: change.id,
        summary,
        entityType,
        entityId: change.entityId,
        action: change.action,
      },
    },
  );
};

const cardOf = (ctx: UseCaseContext, change: Change, { channelId, threadTs }: ChangeSource): NewCard => ({
  id: ctx.newId(),
  kind: "change",
  subjectId: change.id,
  channelId,
  threadTs,
});

const checkRequest = (input: StageInput): Result<{ entityType: EntityType; values: FieldValues }, StageReason> => {
  const { entityType } = input;
  if (!isEntityType(entityType)) {
    const suggestion = closest(entityType, entityTypes);
    return fail({ code: "unknown_entity_type", typed: entityType, suggestion, allowed: entityTypes });
  }
  if (input.action === "CREATE" && input.row !== null) return fail({ code: "id_not_allowed", typed: input.row });
  const given = Object.keys(input.values).length;
  if (input.action === "DELETE") {
    return given > 0 ? fail({ code: "values_not_allowed" }) : ok({ entityType, values: {} });
  }
  if (given === 0 && input.action === "UPDATE") return fail({ code: "values_required", entityType });
  const values = checkValues(entityOf(entityType), input.values, input.action === "CREATE");
  return values.ok ? ok({ entityType, values: values.value }) : values;
};

interface Row {
  entityId: string;
  base: Record<string, Base>;
}

/** An id that reads like the row's name; its random end keeps it from meeting another. */
const newRow = (ctx: UseCaseContext, entityType: EntityType, values: FieldValues, targets: string[]): Row => ({
  entityId: `${slugOf(entityOf(entityType).displayName(values))}-${ctx
    .newId()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(-6)}`,
  base: Object.fromEntries(targets.map((name) => [name, { seen: "absent" } as const])),
});

const changeOf = (
  ctx: UseCaseContext,
  input: StageInput,
  entityType: EntityType,
  payload: FieldValues,
  { entityId, base }: Row,
): Change => {
  return {
    entityType,
    entityId,
    action: input.action,
    payload,
    base,
    id: ctx.newId(),
    number: 0,
    state: "staged",
    commitId: null,
    targets: Object.keys(base),
    note: input.note,
    permalink: input.source?.permalink ?? null,
    sourceAuthor: input.source?.author ?? null,
    createdBy: ctx.actor.id,
    contributors: [ctx.actor.id],
    unseenEdit: null,
    createdAt: nowOf(ctx),
  };
};
