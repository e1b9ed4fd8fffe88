/** That a target does not answer: the one notice about it, and the same in a line. */
import { duration } from "../../../shared/messages/en/times.ts";
import type { TargetHealth } from "../../../shared/domain/pushes/target-health.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { moment, quoted } from "../blocks/text.ts";
import { type Message, said } from "../blocks/blocks.ts";
import { downLine } from "../components/outage-notes.ts";

/** @param health null when there has been another outage since, which has a notice of its own */
export const outageCard = (health: TargetHealth | null): Message => {
  if (!health) return said(":white_check_mark: This outage is over.");
  if (health.state === "closed") return said(backLine(health));
  return said(downLine(health), commandButton("go", "What waits", "status"));
};

const backLine = ({ target, failingSince, openedAt, closedAt }: TargetHealth): string => {
  const since = failingSince ?? openedAt;
  const after = since && closedAt ? `, after ${duration(Date.parse(closedAt) - Date.parse(since))}` : "";
  return `:white_check_mark: *${quoted(target)}* answers again${closedAt ? ` since ${moment(closedAt)}` : ""}${after}. The pushes that waited for it continue.`;
};
