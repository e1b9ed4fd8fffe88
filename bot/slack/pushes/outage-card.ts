/** That a target does not answer: the one notice about it, and the same in a line. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import { type Role, includes } from "../../../shared/domain/workspace/roles.ts";
import type { Backlog } from "../../../shared/storage/pushes/stuck-rows.ts";
import type { TargetHealth } from "../../../shared/domain/pushes/target-health.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { duration, moment, quoted } from "../blocks/text.ts";
import { type Message, actions, section, unformatted } from "../blocks/blocks.ts";

/** @param health null when there has been another outage since, which has a notice of its own */
export const outageCard = (health: TargetHealth | null): Message => {
  if (!health) return said(":white_check_mark: This outage is over.");
  if (health.state === "closed") return said(backLine(health));
  const message = said(downLine(health));
  return { ...message, blocks: [...message.blocks, actions(commandButton("go", "What waits", "status"))] };
};

const said = (line: string): Message => ({ text: unformatted(line), blocks: [section(line)] });

const downLine = ({ target, failingSince, openedAt, error }: TargetHealth): string => {
  const since = failingSince ?? openedAt;
  const why = error ? `: it ${quoted(error, 300).replace(/\.$/, "")}` : "";
  return `:warning: *${quoted(target)}* is not answering${since ? ` since ${moment(since)}` : ""}${why}. Pushes to it wait and go on by themselves; one of them is tried about once a minute.`;
};

const backLine = ({ target, failingSince, openedAt, closedAt }: TargetHealth): string => {
  const since = failingSince ?? openedAt;
  const after = since && closedAt ? `, after ${duration(Date.parse(closedAt) - Date.parse(since))}` : "";
  return `:white_check_mark: *${quoted(target)}* answers again${closedAt ? ` since ${moment(closedAt)}` : ""}${after}. The pushes that waited for it go on.`;
};

/** For whoever runs it: what does not get through. */
export const backlogNotes = ({ messages, cards }: Backlog, role: Role): KnownBlock[] => {
  if (!includes(role, "admin") || messages + cards === 0) return [];
  const what = [
    ...(messages > 0 ? [`${plural(messages, "message")} to the queues for more than 5 minutes`] : []),
    ...(cards > 0 ? [`${plural(cards, "card")} in Slack for more than 10 minutes`] : []),
  ];
  return [
    section(
      `:warning: Not through yet: ${what.join(", ")}. Nothing is lost, and it is tried every minute; the Worker's log says what is in the way.`,
    ),
  ];
};

/** A block a target that does not answer. */
export const outageNotes = (down: readonly TargetHealth[]): KnownBlock[] =>
  down.slice(0, 5).map((health) => section(downLine(health)));
