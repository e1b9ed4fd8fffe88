/** Where a target differs from what applied commits, or another target, say. */
import type { FieldValue } from "../../domain/portfolio/entity.ts";
import { valueText } from "../../domain/staging/list-text.ts";
import { commas } from "./grammar.ts";
import { type Message, code, message, quoted, strong } from "../message.ts";

interface Side {
  value?: FieldValue | undefined;
  row?: boolean | undefined;
}

interface Difference {
  entityType: string;
  entityId: string;
  name: string;
  target: string;
  field: string | null;
  expected: Side;
  live: Side;
  commitNumber: number | null;
  unlike: string | null;
}

const shown = (value: FieldValue | undefined): Message => quoted(valueText(value) || "empty", 60);

const sideMessage = ({ value, row }: Side): Message => {
  if (row === undefined) return shown(value);
  return [row ? "there" : "no row"];
};

/** "live at ai-agent: 8", for each of the other targets. */
export const elsewhereMessage = (elsewhere: readonly { target: string; live: Side }[]): Message =>
  commas(elsewhere.map(({ target, live }) => message`live at ${target}: ${sideMessage(live)}`));

const because = ({ commitNumber, unlike }: Difference): Message => {
  if (unlike !== null) return message`at ${unlike}`;
  return commitNumber === null ? message`as it was accepted` : message`by commit #${commitNumber}`;
};

/** "Python (`python-1`) at d1cv: `experience_years` is 5, and 8 by commit #4". */
export const differenceMessage = (difference: Difference): Message => {
  const { entityId, name, target, field, expected, live } = difference;
  const row = message`${strong(quoted(name, 60))} (${code(entityId, 60)}) at ${target}`;
  if (field !== null) {
    return message`${row}: ${code(field, 40)} is ${shown(live.value)}, and ${shown(expected.value)} ${because(difference)}`;
  }
  return expected.row === true
    ? message`${row}: the row is not there, and it is ${because(difference)}`
    : message`${row}: the row is there, and it is not ${because(difference)}`;
};
