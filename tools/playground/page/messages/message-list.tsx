import { Fragment, useMemo, type ReactNode } from "react";
import type { Message, Person } from "../../client-protocol.ts";
import { useSession, type LocalNote } from "../session/session-context.ts";
import { dayLabel, isSameDay, tsToMs } from "../text/dates.ts";
import { useDirectory } from "../text/directory.ts";
import { MessageView, type ThreadSummary } from "./message-view.tsx";
import { NoteView } from "./note-view.tsx";
import { useStickToEnd } from "./stick-to-end.ts";

/** Messages of one person closer together than this share one name and avatar. */
const sameGroupMs = 5 * 60_000;
const sameSayingMs = 10_000;
const shownFaces = 3;

type Entry = { atMs: number; ts: string } & ({ message: Message } | { note: LocalNote });

/** The local Slack usually reports failures itself, as Slackbot; then the page's own note would be the second. */
const isAlreadySaid = (note: LocalNote, messages: readonly Message[]): boolean =>
  messages.some(
    (message) =>
      message.ephemeral_for !== null &&
      message.text === note.text &&
      Math.abs(tsToMs(message.ts) - note.atMs) < sameSayingMs,
  );

const entriesOf = (
  messages: readonly Message[],
  notes: readonly LocalNote[],
  dismissed: ReadonlySet<string>,
): Entry[] => {
  const shown: Entry[] = messages
    .filter((message) => message.ephemeral_for === null || !dismissed.has(message.ts))
    .map((message) => ({ atMs: tsToMs(message.ts), ts: message.ts, message }));
  const local = notes
    .filter((note) => !dismissed.has(note.id) && !isAlreadySaid(note, messages))
    .map((note) => ({ atMs: note.atMs, ts: String(note.atMs / 1000), note }));
  return local.length === 0 ? shown : [...shown, ...local].toSorted((one, other) => one.atMs - other.atMs);
};

/** Cards in a channel keep their head: several of one app would run together. */
const isCard = (entry: Entry): boolean => "message" in entry && entry.message.blocks.length > 0;

const isCompact = (entry: Entry, before: Entry | undefined): boolean =>
  before !== undefined &&
  "message" in entry &&
  "message" in before &&
  entry.message.user === before.message.user &&
  entry.message.ephemeral_for === null &&
  before.message.ephemeral_for === null &&
  entry.atMs - before.atMs < sameGroupMs;

const useThreads = (messages: readonly Message[], people: ReadonlyMap<string, Person>): Map<string, ThreadSummary> =>
  useMemo(() => {
    const threads = new Map<string, ThreadSummary>();
    for (const { thread_ts, ts, user, deleted } of messages) {
      if (thread_ts === null || thread_ts === ts || deleted) continue;
      const thread = threads.get(thread_ts) ?? { count: 0, lastTs: null, people: [] };
      const person = people.get(user);
      if (person && !thread.people.includes(person) && thread.people.length < shownFaces) thread.people.push(person);
      threads.set(thread_ts, { ...thread, count: thread.count + 1, lastTs: ts });
    }
    return threads;
  }, [messages, people]);

export interface MessageListProps {
  label: string;
  /** Already those of this channel or thread, oldest first. */
  messages: readonly Message[];
  notes: readonly LocalNote[];
  /** Shown above the first message. */
  intro: ReactNode;
  /** Shown after the first message: a thread's line with the number of replies. */
  afterFirst?: ReactNode;
  /** The message that a permalink led to: shown and marked. */
  linkedTs: string | null;
  onOpenThread: ((ts: string) => void) | null;
}

export const MessageList = ({
  label,
  messages,
  notes,
  intro,
  afterFirst,
  linkedTs,
  onOpenThread,
}: MessageListProps): ReactNode => {
  const { state, dismissed, dismiss } = useSession();
  const { reader } = useDirectory();
  const people = useMemo(() => new Map(state.people.map((person) => [person.id, person])), [state.people]);
  const threads = useThreads(state.messages, people);
  const entries = useMemo(() => entriesOf(messages, notes, dismissed), [messages, notes, dismissed]);
  const { list, unseen, toEnd, onScroll } = useStickToEnd(entries.length, entries.at(-1)?.ts, linkedTs);
  const now = reader();
  return (
    <div className="list-frame">
      <div
        ref={list}
        className="message-list"
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={label}
      >
        <div className="message-column">
          {intro}
          {entries.map((entry, index) => {
            const before = entries[index - 1];
            const inThread = afterFirst !== undefined;
            const newDay = before ? !isSameDay(entry.ts, before.ts, now.zone) : !inThread;
            const afterParent = index === 1 && inThread;
            return (
              <Fragment key={"message" in entry ? entry.ts : entry.note.id}>
                {newDay && (
                  <div className="day-divider" role="separator">
                    <span>{dayLabel(entry.ts, now)}</span>
                  </div>
                )}
                {"message" in entry ? (
                  <MessageView
                    message={entry.message}
                    author={people.get(entry.message.user) ?? null}
                    compact={!newDay && !afterParent && isCompact(entry, before) && (inThread || !isCard(entry))}
                    thread={onOpenThread ? (threads.get(entry.ts) ?? null) : null}
                    linked={entry.ts === linkedTs}
                    onOpenThread={onOpenThread}
                    onDismiss={dismiss}
                  />
                ) : (
                  <NoteView note={entry.note} onDismiss={dismiss} />
                )}
                {index === 0 && afterFirst}
              </Fragment>
            );
          })}
        </div>
      </div>
      {unseen > 0 && (
        <button type="button" className="jump" onClick={toEnd}>
          ↓ {unseen} new {unseen === 1 ? "message" : "messages"}
        </button>
      )}
    </div>
  );
};
