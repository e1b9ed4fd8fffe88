import { type Message, fit, section } from "./blocks.ts";
import { changeLine } from "./change-lines.ts";
import type { ChangeCardState } from "./state.ts";

/** The reply under the message from which a change was staged: where the change stands. */
export const changeCard = ({ change }: ChangeCardState): Message => {
  const line = `Staged as change ${change.number}: ${changeLine(change)}`;
  return fit({ text: line, blocks: [section(line)] });
};
