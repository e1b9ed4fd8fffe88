/** A push from the command to the last update of its thread, as lines. Pure. */
import { type Awaited, type Moment, namedGapMs, timelineOf } from "../../../shared/domain/pushes/timeline.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import type { PushTrace } from "../../../shared/use-cases/pushes/trace-push.ts";
import { duration, quoted } from "../blocks/text.ts";
import { eventLine } from "../components/event-lines.ts";

/** "+0.05 s", "+2 min 5 s" */
export const offset = (ms: number): string =>
  Math.abs(ms) < 60_000 ? `${ms < 0 ? "-" : "+"}${(Math.abs(ms) / 1000).toFixed(2)} s` : `+${duration(ms)}`;

const line = (ms: number, words: string): string => `\`${offset(ms)}\`  ${words}`;

const awaitedText = (awaited: Awaited): string => {
  switch (awaited.who) {
    case "target":
      return quoted(awaited.target, 80);
    case "person":
      return "somebody";
    case "us":
      return "the queue";
  }
};

const gapLine = (ms: number, what: string): string => `:hourglass_flowing_sand: waited ${duration(ms)} for ${what}`;

const momentLines = ({ event, afterMs, waited }: Moment<LoggedEvent>): string[] => [
  ...(waited ? [gapLine(waited.ms, awaitedText(waited.for))] : []),
  line(afterMs, eventLine(event)),
];

export const timelineLines = (trace: PushTrace): string[] => {
  const { push, events } = trace;
  return [...timelineOf(push.createdAt, events).flatMap(momentLines), ...slackLines(trace)];
};

/** When Slack showed what happened last. */
const slackLines = ({ push, events, card }: PushTrace): string[] => {
  if (!card) return [];
  if (card.endedReason !== null) {
    return [`:no_entry: Slack shows it no more: ${quoted(card.endedReason, 100)}`];
  }
  if (card.shownAt === null || !card.isCurrent)
    return [":hourglass_flowing_sand: Slack does not show the last of it yet"];
  const shownMs = Date.parse(card.shownAt);
  const gapMs = shownMs - Date.parse(events.at(-1)?.at ?? push.createdAt);
  return [
    ...(gapMs >= namedGapMs ? [gapLine(gapMs, "Slack")] : []),
    line(shownMs - Date.parse(push.createdAt), "Slack shows all of it"),
  ];
};

/** The push's own trace, and those of later requests about it. */
export const traceIdsOf = ({ push, events }: PushTrace): string[] => [
  ...new Set([push.traceId, ...events.map(({ traceId }) => traceId)]),
];
