/** Events wherever they are: D1 has the newer ones, and R2 those that were moved. R2 is asked for those alone. */
import { type Archive, type Erasure, type StoredEvent, erasedIn, numbersOf } from "../domain/events/archive.ts";
import type { LoggedEvent } from "../domain/events/event.ts";
import { log } from "../log.ts";
import { type Database, read } from "../storage/database.ts";
import { type ArchiveFilter, archivesQuery, pendingErasuresQuery } from "../storage/events/archives.ts";
import {
  type ArchivedFilter,
  type EventFilter,
  archivedEventsQuery,
  eventPageQueries,
  eventsAfterQuery,
} from "../storage/events/events.ts";
import type { Window } from "../storage/pages.ts";
import { type ArchiveFault, type HistoryBucket, archiveKey, readArchive } from "./archive-object.ts";

export interface HistoryContext {
  db: Database;
  workspaceId: string;
  /** Null where no bucket is bound: nothing has been moved. */
  history: HistoryBucket | null;
}

/** An archive that cannot be read: the events from number `from` up to and without `below` are not there. */
export interface LostArchive {
  key: string;
  from: number;
  below: number;
  cause: ArchiveFault | "unbound";
}

export interface Found {
  events: LoggedEvent[];
  /** Archives that would have had more. */
  lost: LostArchive[];
}

/** Read at once: six connections may be open. */
const archivesAtOnce = 3;
/** Of the JSON of one statement, in characters: a value holds 2 MB. */
const maxLength = 500_000;

/** Rows of an archive. @param erasures that it may not have followed yet: read before it */
const rowsOf = async (
  { history, workspaceId }: HistoryContext,
  archive: Archive,
  erasures: readonly Erasure[],
): Promise<StoredEvent[] | LostArchive> => {
  const found = history === null ? ("unbound" as const) : await readArchive(history, workspaceId, archive);
  if (typeof found !== "string") return found.events.map((event) => erasures.reduce(erasedIn, event));
  const lost = { key: archiveKey(workspaceId, archive.position), ...numbersOf(archive.position), cause: found };
  log("history.lost", { workspaceId, ...lost });
  return lost;
};

type Archived = { archive: Archive; rows: StoredEvent[] } | { archive: Archive; lost: LostArchive };

/** The archives of the range, one after the other. */
export async function* archivesOf(
  ctx: HistoryContext,
  filter: ArchiveFilter,
  order: "oldest" | "newest",
): AsyncGenerator<Archived> {
  let { from, below } = filter;
  for (;;) {
    const [archives, erasures] = await read(
      ctx.db,
      archivesQuery(ctx.workspaceId, { ...filter, from, below }, order, archivesAtOnce),
      pendingErasuresQuery(ctx.workspaceId),
    );
    const all = await Promise.all(
      archives.map(async (archive): Promise<Archived> => {
        const rows = await rowsOf(ctx, archive, erasures);
        return Array.isArray(rows) ? { archive, rows } : { archive, lost: rows };
      }),
    );
    yield* all;
    const last = archives.at(-1);
    if (last === undefined || archives.length < archivesAtOnce) return;
    if (order === "oldest") from = numbersOf(last.position).below;
    else below = numbersOf(last.position).from;
  }
}

/** In pieces that a statement takes. */
const piecesOf = (rows: readonly StoredEvent[]): StoredEvent[][] => {
  const pieces: StoredEvent[][] = [];
  let length = maxLength;
  for (const row of rows) {
    const own = JSON.stringify(row).length;
    if (length + own > maxLength) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(row);
    length += own;
  }
  return pieces;
};

interface Wanted extends ArchiveFilter, ArchivedFilter {
  matches: (row: StoredEvent) => boolean;
  limit: number;
}

/** The first `limit` events of R2 in this order. */
const archived = async (ctx: HistoryContext, wanted: Wanted, order: "oldest" | "newest"): Promise<Found> => {
  const { from, below, matches, limit } = wanted;
  const events: LoggedEvent[] = [];
  const lost: LostArchive[] = [];
  for await (const found of archivesOf(ctx, wanted, order)) {
    if ("lost" in found) {
      lost.push(found.lost);
      continue;
    }
    const rows = found.rows.filter((row) => row.number >= from && row.number < below && matches(row));
    const queries = piecesOf(rows).map((piece) => archivedEventsQuery(ctx.workspaceId, piece, wanted));
    const own = (queries.length === 0 ? [] : await read(ctx.db, ...queries)).flat();
    events.push(...(order === "oldest" ? own : own.toReversed()));
    if (events.length >= limit) break;
  }
  return { events: events.slice(0, limit), lost };
};

const all = (): boolean => true;

/** Which archives, and which of their rows. */
const matching = ({ jobId, commitNumber }: EventFilter): Pick<Wanted, "commit" | "matches" | "ofCommit"> => {
  if (jobId !== undefined) return { commit: { jobId }, matches: (row) => row.job_id === jobId };
  if (commitNumber === undefined) return { matches: all };
  return { commit: { number: commitNumber }, matches: (row) => row.commit_id !== null, ofCommit: commitNumber };
};

/**
 * Every event after a number, oldest first.
 * @param found what `eventsAfterQuery` has found, with `archivedBelowQuery` in the same batch
 */
export const eventsAfter = async (
  ctx: HistoryContext,
  { afterId, limit, filter }: { afterId: number; limit: number; filter: EventFilter },
  found: LoggedEvent[],
  archivedBelow: number,
): Promise<Found> => {
  if (afterId + 1 >= archivedBelow) return { events: found, lost: [] };
  const range = { from: afterId + 1, below: archivedBelow };
  const older = await archived(ctx, { ...range, ...matching(filter), limit }, "oldest");
  const rest = limit - older.events.length;
  if (rest <= 0) return older;
  const [newer] = await read(ctx.db, eventsAfterQuery(ctx.workspaceId, archivedBelow - 1, rest, filter));
  return { ...older, events: [...older.events, ...newer] };
};

/**
 * A page of the log, newest first, with one event more, and the numbers above it.
 * @param found what `eventPageQueries` have found, with `archivedBelowQuery` in the same batch
 */
export const eventPage = async (
  ctx: HistoryContext,
  { before, limit }: Window,
  found: { events: LoggedEvent[]; above: number[] },
  archivedBelow: number,
): Promise<{ events: LoggedEvent[]; above: number[] }> => {
  const kept = found.events.filter(({ id }) => id >= archivedBelow);
  if (archivedBelow === 0 || kept.length > limit) return found;
  const below = Math.min(archivedBelow, before ?? Number.MAX_SAFE_INTEGER);
  const logOf = { isLog: true, matches: all };
  const older = await archived(ctx, { from: 0, below, ...logOf, limit: limit + 1 - kept.length }, "newest");
  const events = [...kept, ...older.events];
  if (before === null || before >= archivedBelow) return { events, above: found.above };
  const above = await archived(ctx, { from: before, below: archivedBelow, ...logOf, limit: limit + 1 }, "oldest");
  const [, inD1] = eventPageQueries(ctx.workspaceId, { before: archivedBelow, limit });
  const [newer] = await read(ctx.db, inD1);
  return { events, above: [...above.events.map(({ id }) => id), ...newer].slice(0, limit + 1) };
};

/**
 * The events of a commit's newest push, oldest first.
 * @param found what `newestPushEventsQuery` has found, with `archivedBelowQuery` in the same batch
 */
export const newestPushEvents = async (
  ctx: HistoryContext,
  { commitNumber, limit }: { commitNumber: number; limit: number },
  found: LoggedEvent[],
  archivedBelow: number,
): Promise<Found> => {
  if (archivedBelow === 0) return { events: found, lost: [] };
  const ofPush = { from: 0, below: archivedBelow, commit: { number: commitNumber }, newestPushOf: commitNumber };
  const older = await archived(ctx, { ...ofPush, matches: (row) => row.push_id !== null, limit }, "oldest");
  const newer = found.filter(({ id }) => id >= archivedBelow);
  return { ...older, events: [...older.events, ...newer].slice(0, limit) };
};

/** The trace of what happened last to a commit of which D1 has no event; null where R2 has none either. */
export const archivedTrace = async (ctx: HistoryContext, commitId: string): Promise<string | null> => {
  const wanted = { from: 0, below: Number.MAX_SAFE_INTEGER, commit: { id: commitId } };
  const matches = (row: StoredEvent): boolean => row.commit_id === commitId;
  const { events } = await archived(ctx, { ...wanted, matches, limit: 1 }, "newest");
  return events[0]?.traceId ?? null;
};
