/** Changes what a staged change asks for: its fields as they would become. */
import * as z from "zod/mini";
import { cachedRow } from "../../../shared/domain/staging/change.ts";
import { entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { nameOf } from "../../../shared/domain/staging/summary.ts";
import { type ToEdit, changeToEdit, editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { section } from "../blocks/blocks.ts";
import { answer, decline } from "../core/reply.ts";
import { editedReply } from "./staged-reply.ts";
import type { RequestContext } from "../core/request-context.ts";
import { quoted } from "../blocks/text.ts";
import { changedFields, fieldBlocks, valueDigests, refusedValues } from "./entity-fields.ts";
import { openAndLoad } from "../core/modals/load.ts";
import { type Modal, type OpenModal, type SubmitAnswer, type SubmitCall, formView } from "../core/modals/modal.ts";
import { noTarget, targetBlocks, targetsIn } from "./target-input.ts";

const metadata = z.object({
  number: z.int(),
  entityType: z.enum(entityTypes),
  row: z.string(),
  targets: z.array(z.string()),
  /** Digests of what the inputs contained at first. */
  before: z.record(z.string(), z.string()),
});
type EditMetadata = z.infer<typeof metadata>;

const titleOf = (number: number): string => `Change ${number}`;

export const openEditForm = (ctx: RequestContext, openModal: OpenModal, number: number): Promise<void> =>
  openAndLoad(openModal, {
    ctx,
    title: titleOf(number),
    event: "edit_form.failed",
    load: () => answer(changeToEdit(ctx, number), editView),
  });

/** The row as it was when the change was staged, with the change on top. */
export const editView = ({ change, targets }: ToEdit) => {
  const { number, entityType, action, payload } = change;
  const current = action === "CREATE" ? null : (cachedRow(change.base)?.values ?? null);
  const kept: EditMetadata = {
    number,
    entityType,
    row: action === "CREATE" ? "" : change.entityId,
    targets: change.targets,
    before: valueDigests(entityType, { ...current, ...payload }),
  };
  // Where nobody knows the row, what is required may be there.
  const isKnown = action === "CREATE" || current !== null;
  return formView({
    name: "edit",
    title: titleOf(number),
    submit: "Save",
    metadata: kept,
    blocks: [
      section(`${action === "CREATE" ? "New " : ""}${entityType} *${quoted(nameOf(change))}*`),
      ...fieldBlocks(kept, current, payload, isKnown),
      ...targetBlocks(
        targets.map(({ name }) => name),
        change.targets,
      ),
    ],
  });
};

const submit = async ({ ctx, values, metadata: opened }: SubmitCall): Promise<SubmitAnswer> => {
  const kept = metadata.parse(opened);
  const untargeted = noTarget(values);
  if (untargeted) return { errors: untargeted };
  const changed = changedFields(values, kept, kept.before);
  const targets = targetsIn(values);
  const isSame = targets.length === 0 || targets.toSorted().join() === kept.targets.toSorted().join();
  if (Object.keys(changed).length === 0 && isSame) {
    return decline("Nothing differs from what is staged. Change a field, then save.");
  }
  const edited = await editChange(ctx, { number: kept.number, values: changed, ...(isSame ? {} : { targets }) });
  return edited.ok ? editedReply(edited.value) : refusedValues(edited.reason, values, kept);
};

export const editModal: Modal = { name: "edit", submit };
