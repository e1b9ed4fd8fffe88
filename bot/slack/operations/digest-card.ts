/** The figures of a week, for operators. */
import type { Counted } from "../../../shared/domain/operations/counts.ts";
import { measure } from "../../../shared/domain/operations/objectives.ts";
import { digestFigures, digestTitle, isMissed, objectiveMessage } from "../../../shared/messages/en/operations.ts";
import { type Message, context, header, lines, section } from "../blocks/blocks.ts";

export const digestCard = (lastDay: string, counts: readonly Counted[]): Message => {
  const title = digestTitle(lastDay);
  const objectives = measure(counts).map(
    (measured) => `${isMissed(measured) ? ":x:" : ":white_check_mark:"} ${objectiveMessage(measured)}`,
  );
  return {
    text: title,
    blocks: [header(title), section(lines(objectives)), context(digestFigures(counts).join(" · "))],
  };
};
