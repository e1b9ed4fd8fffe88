/** A choice for each field that somebody else has changed under a commit: mine, theirs or another value. */
import type { KnownBlock, ModalView, RadioButtons } from "@slack/types";
import * as z from "zod/mini";
import type { Conflict } from "../../../shared/domain/commits/conflict.ts";
import { type Choice, isWhole } from "../../../shared/domain/commits/resolve.ts";
import { valueText as written } from "../../../shared/domain/staging/list-text.ts";
import { entityOf } from "../../../shared/domain/portfolio/registry.ts";
import { conflictMessage, valueText } from "../../../shared/messages/en/conflicts.ts";
import { type ConflictList, listConflicts } from "../../../shared/use-cases/commits/list-conflicts.ts";
import { resolveConflicts } from "../../../shared/use-cases/commits/resolve-conflicts.ts";
import { context, section } from "../blocks/blocks.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { quoted } from "../blocks/text.ts";
import { input, option, textInput } from "../core/modals/inputs.ts";
import { openAndLoad } from "../core/modals/load.ts";
import { type Modal, type OpenModal, type SubmitAnswer, type SubmitCall, formView } from "../core/modals/modal.ts";
import { type FormValues, textIn } from "../core/modals/values.ts";
import { answer, refuse } from "../core/reply.ts";
import type { RequestContext } from "../core/request-context.ts";
import { resolvedReply } from "./resolve-reply.ts";

const metadata = z.object({ number: z.int(), seen: z.string() });

const titleOf = (number: number): string => `Conflicts of #${number}`;

/** Slack takes 100 blocks: a heading a row, two inputs a field. */
const max = { rows: 20, inputs: 38 } as const;

export const openResolveForm = (ctx: RequestContext, openModal: OpenModal, number: number): Promise<void> =>
  openAndLoad(openModal, {
    ctx,
    title: titleOf(number),
    event: "resolve_form.failed",
    load: () =>
      answer(listConflicts(ctx, number), (list) =>
        slotsOf(list.conflicts).length === 0
          ? refuse({ code: "no_conflicts", number, unanswered: list.unanswered })
          : resolveView(list),
      ),
  });

/** What is chosen together: a field, or a row as a whole. */
interface Slot {
  id: string;
  conflict: Conflict;
  /** Null for the whole row. */
  field: Conflict["fields"][number] | null;
}

const slotsOf = (conflicts: readonly Conflict[]): Slot[] =>
  conflicts
    .slice(0, max.rows)
    .flatMap((conflict, row): Slot[] => {
      if (conflict.kind === "not_yet") return [];
      if (isWhole(conflict)) return [{ id: `row.${row}`, conflict, field: null }];
      return conflict.fields.map((field, index) => ({ id: `field.${row}.${index}`, conflict, field }));
    })
    .slice(0, max.inputs);

export const resolveView = ({ commit, conflicts, unanswered, seen }: ConflictList): ModalView => {
  const slots = slotsOf(conflicts);
  const shown = conflicts.filter((conflict) => slots.some((slot) => slot.conflict === conflict));
  const left = conflicts.length - shown.length;
  return formView({
    name: "resolve",
    title: titleOf(commit.number),
    submit: "Resolve",
    metadata: { number: commit.number, seen },
    blocks: [
      section(`*${quoted(commit.message)}*\nSomebody else has changed these rows since the commit was made.`),
      ...shown.flatMap((conflict) => [
        section(
          isWhole(conflict)
            ? mrkdwn(conflictMessage(conflict))
            : `*${quoted(conflict.name, 80)}* at ${conflict.targets.map((name) => quoted(name, 40)).join(" and ")}`,
        ),
        ...slots.filter((slot) => slot.conflict === conflict).flatMap(slotBlocks),
      ]),
      ...(left > 0 ? [context(`${left} more rows are shown when these are resolved.`)] : []),
      ...(unanswered.length > 0
        ? [context(`${unanswered.map((name) => quoted(name, 40)).join(", ")} gave no answer.`)]
        : []),
    ],
  });
};

const slotBlocks = ({ id, conflict, field }: Slot): KnownBlock[] => {
  if (!field) {
    const [mine, theirs] =
      conflict.action === "DELETE"
        ? ["Delete it anyway", "Take back the deletion"]
        : ["Create it again", "Drop the change"];
    return [
      input({ id, label: "What shall become of it?" }, choiceOf([option(mine, "mine"), option(theirs, "theirs")])),
    ];
  }
  const { fields } = entityOf(conflict.entityType);
  const spec = fields[field.field];
  const label = spec?.label ?? field.field;
  return [
    input(
      { id, label, hint: `When staged: ${valueText(field.base)}` },
      choiceOf([
        option(`Keep mine: ${valueText(field.yours, 50)}`, "mine"),
        option(`Take theirs: ${valueText(field.live, 50)}`, "theirs"),
        option("Another value", "value"),
      ]),
    ),
    input(
      { id: `${id}.value`, label: `${label}: another value`, optional: true, ...(spec ? { hint: spec.hint } : {}) },
      textInput({ initial: written(field.yours), multiline: spec?.kind === "multiline" }),
    ),
  ];
};

const choiceOf = (options: ReturnType<typeof option>[]): RadioButtons => ({
  type: "radio_buttons",
  options,
  ...(options[0] ? { initial_option: options[0] } : {}),
});

const submit = async ({ ctx, values, metadata: carried }: SubmitCall): Promise<SubmitAnswer> => {
  const { number, seen } = metadata.parse(carried);
  const listed = await listConflicts({ ...ctx, idempotencyKey: null }, number);
  if (!listed.ok) return refuse(listed.reason);
  // What stands in the form is about other conflicts by now: the use case refuses, and names them.
  const slots = listed.value.seen === seen ? slotsOf(listed.value.conflicts) : [];
  const choices = slots.map((slot) => choiceIn(slot, values));
  const done = await resolveConflicts(ctx, { number, choices, seen });
  if (done.ok) return resolvedReply(done.value);
  if (done.reason.code !== "invalid_values") return refuse(done.reason);
  const { problems } = done.reason;
  const errors = slots.flatMap(({ id, field }) => {
    const problem = problems.find((each) => each.field === field?.field);
    return problem ? [[`${id}.value`, `${problem.rule}, for example ${problem.example}`] as const] : [];
  });
  return errors.length > 0 ? { errors: Object.fromEntries(errors), code: done.reason.code } : refuse(done.reason);
};

const choiceIn = ({ id, conflict, field }: Slot, values: FormValues): Choice => {
  const chosen = textIn(values, id);
  const take =
    chosen === "value" ? { value: textIn(values, `${id}.value`) } : chosen === "theirs" ? chosen : ("mine" as const);
  return { row: conflict, field: field?.field ?? null, target: null, take };
};

export const resolveModal: Modal = { name: "resolve", submit };
