/** Targets that do not answer and messages that do not get through, in a line each. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import { type Role, includes } from "../../../shared/domain/workspace/roles.ts";
import type { Backlog } from "../../../shared/storage/pushes/stuck-rows.ts";
import type { TargetHealth } from "../../../shared/domain/pushes/target-health.ts";
import { moment, quoted } from "../blocks/text.ts";
import { present, section } from "../blocks/blocks.ts";

export const downLine = ({ target, failingSince, openedAt, error }: TargetHealth): string => {
  const since = failingSince ?? openedAt;
  const why = error ? `: it ${quoted(error, 300).replace(/\.$/, "")}` : "";
  return `:warning: *${quoted(target)}* is not answering${since ? ` since ${moment(since)}` : ""}${why}. Pushes to it wait and go on by themselves; one of them is tried about once a minute.`;
};

/** For whoever runs it: what does not get through. */
export const backlogNotes = ({ messages, cards }: Backlog, role: Role): KnownBlock[] => {
  if (!includes(role, "admin") || messages + cards === 0) return [];
  const what = present<string>([
    messages > 0 && `${plural(messages, "message")} to the queues for more than 5 minutes`,
    cards > 0 && `${plural(cards, "card")} in Slack for more than 10 minutes`,
  ]);
  return [
    section(
      `:warning: Not delivered yet: ${what.join(", ")}. Nothing is lost, and CV Ops tries again every minute; the Worker's log has the cause.`,
    ),
  ];
};

export const outageNotes = (down: readonly TargetHealth[]): KnownBlock[] =>
  down.slice(0, 5).map((health) => section(downLine(health)));
