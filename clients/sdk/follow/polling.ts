/** Polls for events: works wherever HTTP works. */
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { liveEventOf } from "../../../shared/contract/live.ts";
import { jittered } from "../../../shared/backoff.ts";
import { methodsOf } from "../methods.ts";
import { wait } from "../surroundings.ts";
import { type Line, type Transport, cut, endingOf } from "./transport.ts";

export const pollEveryMs = 2000;
const eventsAtOnce = 500;

export const byPolling: Transport = async (line) => {
  const { surroundings } = line.connection;
  try {
    await requireCommits(line);
    let after = line.after() ?? (await newestId(line));
    for (;;) {
      const page = await pageAfter(line, after);
      line.opened(after);
      for (const event of page.events) line.received(liveEventOf(event));
      after = page.lastEventId;
      await line.ready();
      if (!page.more) await wait(surroundings, jittered(pollEveryMs, surroundings.random()), line.signal);
      if (line.signal.aborted) return cut;
    }
  } catch (error) {
    return line.signal.aborted ? cut : endingOf(error);
  }
};

interface Page {
  events: ApiEvent[];
  lastEventId: number;
  more: boolean;
}

/** The caller decides when to retry. */
const once = ({ signal }: Line) => ({ signal, tries: 1 });

const pageAfter = (line: Line, lastEventId: number): Promise<Page> => {
  const { connection, subjects } = line;
  const { jobEvents, listEvents } = methodsOf(connection);
  const query = { lastEventId, limit: eventsAtOnce };
  const [only, ...others] = subjects;
  if (only && "jobId" in only && others.length === 0) return jobEvents({ id: only.jobId }, query, once(line));
  const commit = only && "commit" in only && others.length === 0 ? { commit: only.commit } : {};
  return listEvents({ ...query, ...commit }, once(line));
};

/** A commit that does not exist would have no events for ever. */
const requireCommits = async (line: Line): Promise<void> => {
  const { showCommit } = methodsOf(line.connection);
  const numbers = line.subjects.flatMap((subject) => ("commit" in subject ? [subject.commit] : []));
  for (const number of numbers) await showCommit({ number }, once(line));
};

/** How far jobs have got does not count for it: some of that may come although it has happened before. */
const newestId = async (line: Line): Promise<number> => {
  const { events } = await methodsOf(line.connection).recentEvents({ limit: 1 }, once(line));
  return events[0]?.id ?? 0;
};
