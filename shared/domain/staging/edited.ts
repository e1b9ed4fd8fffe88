/** What becomes of a staged change when somebody edits it, and what its author does not know of that. */
import { valueText } from "./list-text.ts";
import { withContributor } from "../commits/contributors.ts";
import { sameValue } from "../portfolio/entity.ts";
import { nameOf } from "./summary.ts";
import type { Change, UnseenEdit } from "./change.ts";

type Seen = UnseenEdit["before"];

const seenIn = ({ payload, targets }: Change): Seen => ({ payload, targets });

const fieldsOf = (a: Seen, b: Seen): string[] => [...new Set([...Object.keys(a.payload), ...Object.keys(b.payload)])];

const isSame = (a: Seen, b: Seen): boolean =>
  String(a.targets) === String(b.targets) &&
  fieldsOf(a, b).every(
    (field) => field in a.payload === field in b.payload && sameValue(a.payload[field], b.payload[field]),
  );

/**
 * The change after an edit. Whoever edits is a contributor from then on; what others have made of it stays unseen until
 * its author has said the same, or has confirmed it.
 * @param stated the fields that the editor has given, also those that keep their value
 */
export const editedBy = (before: Change, after: Change, editor: string, stated: readonly string[]): Change => ({
  ...after,
  contributors: withContributor(before, editor),
  unseenEdit: editor === before.createdBy ? leftUnseen(before, after, stated) : unseenAfter(before, after, editor),
});

const unseenAfter = ({ unseenEdit, ...before }: Change, after: Change, editor: string): UnseenEdit | null => {
  const seen = unseenEdit?.before ?? seenIn({ ...before, unseenEdit });
  return isSame(seen, seenIn(after)) ? null : { by: [...new Set([...(unseenEdit?.by ?? []), editor])], before: seen };
};

/** The author knows what they have given themselves, and the targets that their reply shows. */
const leftUnseen = ({ unseenEdit }: Change, after: Change, stated: readonly string[]): UnseenEdit | null => {
  if (!unseenEdit) return null;
  const given = Object.fromEntries(stated.map((field) => [field, after.payload[field] ?? null]));
  const seen = { ...seenIn(after), payload: { ...unseenEdit.before.payload, ...given } };
  return isSame(seen, seenIn(after)) ? null : { ...unseenEdit, before: seen };
};

/** What others have edited in one change, as its author reads it. */
export interface EditByOthers {
  /** Of the change. */
  number: number;
  /** What people call its row. */
  name: string;
  by: readonly string[];
  /** Values as text; null where the change says nothing of it. Beside fields: `(targets)`. */
  fields: readonly { field: string; before: string | null; after: string | null }[];
}

/** Null: its author knows all of it. */
export const editByOthers = (change: Change): EditByOthers | null => {
  if (!change.unseenEdit) return null;
  const { by, before } = change.unseenEdit;
  const now = seenIn(change);
  const said = ({ payload }: Seen, field: string): string | null =>
    field in payload ? valueText(payload[field]) : null;
  const fields = fieldsOf(before, now)
    .map((field) => ({ field, before: said(before, field), after: said(now, field) }))
    .filter((each) => each.before !== each.after);
  const rest = [{ field: "(targets)", before: before.targets.join(", "), after: now.targets.join(", ") }].filter(
    (each) => each.before !== each.after,
  );
  return { number: change.number, name: nameOf(change), by, fields: [...fields, ...rest] };
};
