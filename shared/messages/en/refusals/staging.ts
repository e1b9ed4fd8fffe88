import type { RefusalMembers } from "../../../contract/refusals.ts";
import { type Message, code, list, message, next, person, quoted, strong } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { anyOf, capitalText, commas, withArticle } from "../grammar.ts";
import { example, hint, tooLong, unknownName } from "./phrases.ts";

const fields = (names: readonly string[]): Message => commas(names.map((name) => code(name, 40)));

const valueProblem = ({ field, rule, example }: RefusalMembers<"invalid_values">["problems"][number]): Message =>
  message`${code(field, 40)} ${rule}${rule.endsWith("?") ? " For example" : ", for example"} ${code(example, 200)}`;

export const stagingRefusals = {
  unknown_target: {
    title: "Unknown target",
    detail: (refusal) =>
      refusal.allowed.length === 0
        ? message`This workspace has no target yet, so nothing can be staged or pushed. An admin has to add one.`
        : message`${code(refusal.typed, 40)} is not a target.${unknownName("Targets", refusal)}`,
  },
  unknown_entity_type: {
    title: "Unknown entity type",
    detail: (refusal) => message`There is no entity type ${code(refusal.typed, 40)}.${unknownName("Types", refusal)}`,
  },
  invalid_values: {
    title: "Invalid values",
    detail: ({ entityType, problems }) =>
      message`${problems.length === 1 ? "This value does" : "These values do"} not fit ${withArticle(entityType)}, so nothing was staged:${list(problems.map(valueProblem))}`,
  },
  note_too_long: { title: "Note too long", detail: (refusal) => tooLong("The note", refusal) },
  row_not_found: {
    title: "Row not found",
    detail: ({ entityType, typed, target, suggestions }) => {
      const missing = message`There is no ${entityType} ${code(typed, 80)}`;
      if (target !== null) return message`${missing} at ${target}. Another target has it: choose that one.`;
      return suggestions.length > 0
        ? message`${missing}. Did you mean ${anyOf(suggestions.map((id) => code(id, 80)))}?`
        : message`${missing}. Give the id of a row, such as ${code("python-1")}, or its exact name.`;
    },
  },
  row_unreadable: {
    title: "Row cannot be read",
    detail: ({ entityType, entityId, target, cause }) =>
      message`${target} has a ${entityType} ${code(entityId, 80)} that cannot be read: ${quoted(cause, 200)}. Repair it at ${target}, then stage again.`,
  },
  no_difference: {
    title: "No difference",
    detail: ({ target, entityType, entityId }) =>
      message`${capitalText(entityType)} ${code(entityId, 80)} is at ${target} as it should be, so there is nothing to do.`,
  },
  row_missing: {
    title: "Row not at the target",
    detail: ({ target, entityType, entityId }) =>
      message`${capitalText(entityType)} ${code(entityId, 80)} is not at ${target}, so no change can repair it. Create the row again, or accept that it is gone.`,
  },
  push_again_not_possible: {
    title: "Push again does not help",
    detail: ({ target, entityType, entityId, number }) =>
      number === null
        ? message`No single commit has made ${entityType} ${code(entityId, 80)} at ${target} what it should be, so there is none to push again. Stage a fix, or accept what is live.`
        : message`Pushing commit #${number} again would not make ${entityType} ${code(entityId, 80)} at ${target} what it should be, or would change rows besides that are as they should be. Nothing was sent. Stage a fix, or accept what is live.`,
  },
  row_unresolved: {
    title: "Row not looked up yet",
    detail: ({ number, typed, targets }) =>
      message`Change ${number} names the row ${code(typed, 80)}, and ${commas(targets)} did not answer, so nobody knows which row that is. Nothing was committed. Commit again once ${targets.length === 1 ? "it answers" : "one of them answers"}.`,
  },
  values_required: {
    title: "Values required",
    detail: ({ entityType }) =>
      message`No values are given. Give at least one field a value.${example({ to: "update_row", entityType })}`,
  },
  values_not_allowed: {
    title: "Values not allowed",
    detail: () => message`A delete takes no values. To change the row instead, stage an update.`,
  },
  no_change: {
    title: "No change",
    detail: ({ name, fields: names }) =>
      message`${strong(name)} has ${names.length === 1 ? "this value" : "these values"} already: ${fields(names)}. Nothing was staged.`,
  },
  already_staged: {
    title: "Staged already",
    detail: ({ name, fields: names, number }) =>
      message`Your staged change ${number} sets ${fields(names)} of ${strong(name)} to ${names.length === 1 ? "this value" : "these values"} already. Nothing was staged.`,
  },
  staged_for_deletion: {
    title: "Staged for deletion",
    detail: ({ name, number }) =>
      message`${strong(name)} is staged for deletion as change ${number}. Unstage that change first.${hint({ to: "unstage", number }, "unstages it")}`,
  },
  nothing_staged: {
    title: "Nothing staged",
    detail: () => message`You have nothing staged.${next({ to: "stage" }, (how) => message`Start with ${how}.`)}`,
  },
  change_not_found: {
    title: "Change not found",
    detail: ({ numbers }) =>
      message`There is no staged change ${commas(numbers)}.${hint({ to: "staged" }, "lists them")}`,
  },
  not_author: {
    title: "Not the author",
    detail: ({ number, author }) =>
      message`#${number} belongs to ${person(author)}: only its author or an admin may do this.`,
  },
  change_committed: {
    title: "Change committed",
    detail: ({ number, commit: { commitNumber, status } }) =>
      status === "pending"
        ? message`Change ${number} is part of commit #${commitNumber}. Reopen the commit to edit or unstage it.${hint({ to: "reopen", number: commitNumber }, "stages its changes again")}`
        : message`Change ${number} is part of commit #${commitNumber}, which has been pushed. Stage a new change instead.`,
  },
  change_not_editable: {
    title: "Change not editable",
    detail: ({ number }) =>
      message`Change ${number} deletes a row, so it has no values to edit.${hint({ to: "unstage", number }, "unstages it")}`,
  },
  note_not_editable: {
    title: "Note not editable",
    detail: ({ number, author }) =>
      message`The note of change ${number} is in the words of ${person(author)}: only they can change it.`,
  },
  nothing_to_edit: {
    title: "Nothing to edit",
    detail: ({ number }) => message`Nothing to change is given.${example({ to: "edit", number })}`,
  },
} satisfies Partial<RefusalMessages>;
