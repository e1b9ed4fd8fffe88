/** A push from the command to the last update of its thread, as lines. Pure. */
import { duration, offset } from "../../../shared/messages/en/times.ts";
import { type Moment, namedGapMs, timelineOf } from "../../../shared/domain/pushes/timeline.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import type { PushTrace } from "../../../shared/use-cases/pushes/trace-push.ts";
import { waitedMessage } from "../../../shared/messages/en/timeline.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { quoted } from "../blocks/text.ts";
import { eventLine } from "../components/event-lines.ts";

const line = (ms: number, text: string): string => `\`${offset(ms)}\`  ${text}`;

const gapLine = (text: string): string => `:hourglass_flowing_sand: ${text}`;

const momentLines = ({ event, afterMs, waited }: Moment<LoggedEvent>): string[] => [
  ...(waited ? [gapLine(mrkdwn(waitedMessage(waited)))] : []),
  line(afterMs, eventLine(event)),
];

export const timelineLines = (trace: PushTrace): string[] => {
  const { push, events } = trace;
  return [...timelineOf(push.createdAt, events).flatMap(momentLines), ...slackLines(trace)];
};

const slackLines = ({ push, events, card }: PushTrace): string[] => {
  if (!card) return [];
  if (card.retiredReason !== null) {
    return [`:no_entry: Slack no longer shows it: ${quoted(card.retiredReason, 100)}`];
  }
  if (card.shownAt === null || !card.isCurrent)
    return [":hourglass_flowing_sand: Slack does not show the latest state yet"];
  const shownMs = Date.parse(card.shownAt);
  const gapMs = shownMs - Date.parse(events.at(-1)?.at ?? push.createdAt);
  return [
    ...(gapMs >= namedGapMs ? [gapLine(`waited ${duration(gapMs)} for Slack`)] : []),
    line(shownMs - Date.parse(push.createdAt), "Slack shows the latest state"),
  ];
};

/** The push's own trace, and those of later requests about it. */
export const traceIdsOf = ({ push, events }: PushTrace): string[] => [
  ...new Set([push.traceId, ...events.map(({ traceId }) => traceId)]),
];
