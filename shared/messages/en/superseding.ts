import { type Part, code, list, message } from "../message.ts";
import { commas } from "./grammar.ts";

export interface Superseding {
  target: string;
  commitNumber: number;
  entityType: string;
  entityId: string;
  fields: readonly string[];
}

const maxShown = 10;

/** "commit #7 at d1cv: technology `python-1`, `experience_years`" */
export const supersedingList = (by: readonly Superseding[]): Part =>
  list([
    ...by
      .slice(0, maxShown)
      .map(
        ({ target, commitNumber, entityType, entityId, fields }) =>
          message`commit #${commitNumber} at ${target}: ${entityType} ${commas([code(entityId, 80), ...fields.map((field) => code(field, 40))])}`,
      ),
    ...(by.length > maxShown ? [message`${by.length - maxShown} more`] : []),
  ]);
