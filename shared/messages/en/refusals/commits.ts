import { type Message, code, list, message, person, quoted, strong } from "../../message.ts";
import type { RefusalMembers } from "../../../contract/refusals.ts";
import type { EditByOthers } from "../../../domain/staging/edited.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { allOf, commas } from "../grammar.ts";
import { example, hint, tooLong, unknownName } from "./phrases.ts";

/** More than these are counted. */
const maxFields = 12;

/** "change 3 (Python), by Carla: experience_years 8 → 9": a line for each field. */
export const editMessages = ({ number, name, by, fields }: EditByOthers): Message[] =>
  fields.map(
    ({ field, before, after }) =>
      message`change ${number} (${strong(quoted(name, 80))}), by ${allOf(by.map(person))}: ${code(field, 40)} ${quoted(before || "empty", 60)} → ${quoted(after || "empty", 60)}`,
  );

const contentOf = ({ table, id, number, cause }: RefusalMembers<"commit_unreadable">["rows"][number]): Message =>
  table === "staged_changes" && number !== null
    ? message`change ${number}: ${quoted(cause, 200)}`
    : message`${code(table ?? "a row")} ${id ?? ""}: ${quoted(cause, 200)}`;

export const commitRefusals = {
  edited_by_others: {
    title: "Edited by others",
    detail: ({ edits, seen }) => {
      const lines = edits.flatMap(editMessages);
      const rest = lines.length - maxFields;
      const shown = [...lines.slice(0, maxFields), ...(rest > 0 ? [message`${rest} more`] : [])];
      return message`Somebody else has edited what you commit since you last saw it, so nothing was committed:${list(shown)}${hint({ to: "accept_edits", seen }, "confirms it")}`;
    },
  },
  missing_dependency: {
    title: "Missing dependency",
    detail: ({ number, on }) =>
      message`Change ${number} is about a row that change ${on} creates. Commit both, or neither.${hint({ to: "commit_only", numbers: [on, number] }, "commits both")}`,
  },
  contradicting_changes: {
    title: "Contradicting changes",
    detail: ({ number, on, kind, entityType, entityId }) => {
      const row = message`${entityType} ${code(entityId, 80)}`;
      const why =
        kind === "removed"
          ? message`Change ${on} removes ${row}, and change ${number} would change it after that.`
          : message`Change ${number} would create ${row}, which change ${on} has already.`;
      return message`${why} No commit can do both: unstage one of them.${hint({ to: "unstage", number }, "unstages the later one")}`;
    },
  },
  message_required: {
    title: "Message required",
    detail: () => message`A commit needs a message: say in a few words what it does.${example({ to: "commit" })}`,
  },
  message_too_long: { title: "Message too long", detail: (refusal) => tooLong("The message", refusal) },
  empty_commit: {
    title: "Empty commit",
    detail: ({ numbers }) =>
      message`Your staged changes (${commas(numbers)}) cancel each other out: the commit would change nothing.${hint({ to: "unstage_all" }, "discards them")}`,
  },
  commit_unreadable: {
    title: "Commit cannot be read",
    detail: ({ number, rows }) =>
      message`Commit #${number} cannot be read as a whole, so it is not touched:${list(rows.slice(0, 5).map(contentOf))}${hint({ to: "drop", number }, "drops it with its changes")}`,
  },
  history_unreadable: {
    title: "History cannot be read",
    detail: ({ key, from, below, cause }) => {
      const why = {
        missing: message`R2 has no object ${code(key, 120)}`,
        damaged: message`the object ${code(key, 120)} in R2 is not what was written`,
        unbound: message`this deployment has no bucket with ${code(key, 120)}`,
      }[cause];
      return message`Events ${from} to ${below - 1} cannot be read: ${why}. Nothing else is missing: events from ${below} on can be read. Ask your operator to put the object back.`;
    },
  },
  commit_not_found: {
    title: "Commit not found",
    detail: ({ number }) => message`There is no commit #${number}.${hint({ to: "commits" }, "lists them")}`,
  },
  already_pushed: {
    title: "Already pushed",
    detail: ({ number }) =>
      message`Commit #${number} has been pushed, so it stays as it is. Stage a new change to undo it.`,
  },
  already_closed: {
    title: "Already closed",
    detail: ({ number, review }) => message`Commit #${number} is ${review} already.`,
  },
  unknown_status: {
    title: "Unknown status",
    detail: (refusal) => message`There is no status ${code(refusal.typed, 40)}.${unknownName("Statuses", refusal)}`,
  },
} satisfies Partial<RefusalMessages>;
