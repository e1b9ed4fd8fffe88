/** Stages a change by a form: opened at once, filled after reading rows, redrawn for another type, action or row. */
import type { ModalView } from "@slack/types";
import type * as z from "zod/mini";
import { type Action, actions } from "../../../shared/domain/staging/change.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type EntityType, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { type Result, ok } from "../../../shared/result.ts";
import type { Refused } from "../../../shared/use-cases/session.ts";
import { stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { stagingDesk } from "../../../shared/use-cases/staging/staging-desk.ts";
import { type Reply, answer, decline, isForm } from "../core/reply.ts";
import { stagedReply } from "./staged-reply.ts";
import { findRow, offeredRows } from "./typeahead/offered-rows.ts";
import { openAndLoad, showLoaded } from "../core/modals/load.ts";
import type { RequestContext } from "../core/request-context.ts";
import { changedFields, filledFields, refusedValues } from "./entity-fields.ts";
import {
  type ChangeCall,
  type Modal,
  type OpenModal,
  type SubmitAnswer,
  type SubmitCall,
} from "../core/modals/modal.ts";
import {
  type StageForm,
  placeOf,
  rowBlockId,
  rowIdBlockId,
  stageMetadata,
  stageTitle,
  stageView,
} from "./stage-form.ts";
import type { StageIntent } from "./stage-intent.ts";
import { noTarget, targetsIn } from "./target-input.ts";
import { type FormValues, textIn } from "../core/modals/values.ts";

const loading = (ctx: RequestContext, intent: StageIntent) => ({
  ctx,
  title: stageTitle,
  event: "stage_form.failed",
  load: () => loadStageView(ctx, intent),
});

export const openStageForm = (ctx: RequestContext, openModal: OpenModal, intent: StageIntent): Promise<void> =>
  openAndLoad(openModal, loading(ctx, intent));

/** Who may not stage reads why instead. */
export const loadStageView = (ctx: RequestContext, intent: StageIntent): Promise<ModalView | Reply> =>
  answer(loadStageForm(ctx, intent), stageView);

const loadStageForm = async (ctx: RequestContext, intent: StageIntent): Promise<Result<StageForm, Refused>> => {
  const desk = await stagingDesk(ctx);
  if (!desk.ok) return desk;
  const { entityType, action, row } = intent;
  const targetNames = desk.value.targets.map(({ name }) => name);
  const targets = intent.targets.filter((name) => targetNames.includes(name));
  if (action === "CREATE") {
    return ok({ ...intent, targets, row: null, targetNames, offered: { rows: [], cached: null }, found: null });
  }
  const offered = await offeredRows(ctx, desk.value, targets, entityType);
  // A portfolio has one profile: nobody has to choose it.
  const only = offered.rows.length === 1 && action === "UPDATE" ? offered.rows[0] : undefined;
  const found = (row === null ? only : findRow(offered.rows, row)) ?? null;
  return ok({ ...intent, targets, targetNames, offered, found });
};

interface Chosen {
  entityType: EntityType;
  action: Action;
  row: string | null;
}

const chosenIn = (values: FormValues, shown: Chosen): Chosen => {
  const type = textIn(values, "type");
  const entityType = isEntityType(type) ? type : shown.entityType;
  const action = actions.find((each) => each === textIn(values, "action")) ?? shown.action;
  const row = textIn(values, rowBlockId(entityType)) || textIn(values, rowIdBlockId(entityType));
  return { entityType, action, row: action === "CREATE" || row === "" ? null : row };
};

const isTyped = (values: FormValues, { entityType }: Chosen): boolean =>
  Object.hasOwn(values, rowIdBlockId(entityType));

const change = async ({ ctx, values, metadata, shown }: ChangeCall): Promise<void> => {
  const kept = stageMetadata.parse(metadata);
  const chosen = chosenIn(values, kept.shown);
  const { carried } = kept;
  await showLoaded(shown, loading(ctx, { ...chosen, targets: targetsIn(values), proposed: {}, carried }));
};

/** The fields that are shown may be another row's: two choices at once draw the form only for one of them. */
const isShown = (values: FormValues, chosen: Chosen, shown: Chosen): boolean => {
  if (chosen.entityType !== shown.entityType || chosen.action !== shown.action) return false;
  if (chosen.action === "CREATE" || chosen.row === null || chosen.row === shown.row) return true;
  // A row that nobody could look up has empty fields, whichever it is.
  return isTyped(values, chosen) && shown.row === null;
};

/** Nothing is staged that the person was not shown. */
const redrawn = async (ctx: RequestContext, intent: StageIntent): Promise<SubmitAnswer> => {
  const view = await loadStageView(ctx, intent);
  const below = decline("The fields for this were not shown yet: here they are. Look at them, then submit again.");
  return isForm(view) ? { redrawn: view, below } : view;
};

const submit = async ({ ctx, values, metadata }: SubmitCall): Promise<SubmitAnswer> => {
  const { carried, shown } = stageMetadata.parse(metadata);
  const chosen = chosenIn(values, shown);
  const { entityType, action, row } = chosen;
  if (!isShown(values, chosen, shown)) {
    return redrawn(ctx, { ...chosen, targets: targetsIn(values), proposed: {}, carried });
  }
  if (action !== "CREATE" && row === null) return { errors: { [rowBlock(values, chosen)]: "Choose the row." } };
  const untargeted = noTarget(values);
  if (untargeted) return { errors: untargeted };
  const fields = valuesOf(values, chosen, shown);
  if (action === "UPDATE" && Object.keys(fields).length === 0)
    return decline("Nothing differs from what is there now. Change a field, then submit.");
  const staged = await stageChange(ctx, {
    action,
    entityType,
    row,
    values: fields,
    targets: targetsIn(values),
    note: carried.note,
    source: carried.source,
  });
  return staged.ok ? stagedReply(staged.value) : refusedValues(staged.reason, values, placeOf(shown));
};

const rowBlock = (values: FormValues, chosen: Chosen): string =>
  isTyped(values, chosen) ? rowIdBlockId(chosen.entityType) : rowBlockId(chosen.entityType);

const valuesOf = (
  values: FormValues,
  { action }: Chosen,
  shown: z.infer<typeof stageMetadata>["shown"],
): FieldValues => {
  if (action === "DELETE") return {};
  return action === "CREATE"
    ? filledFields(values, placeOf(shown))
    : changedFields(values, placeOf(shown), shown.before);
};

export const stageModal: Modal = { name: "stage", submit, change };
