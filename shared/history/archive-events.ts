/** Moves old events to R2. Whatever ends it in between leaves every event in D1 or in R2, and the next run goes on. */
import {
  type Candidate,
  archivableQuery,
  erasureCountQuery,
  recordArchive,
  storedEventsQuery,
} from "../storage/events/archives.ts";
import { eventDays } from "../domain/events/archive.ts";
import { dayMs } from "../domain/time.ts";
import { log } from "../log.ts";
import { type Database, read } from "../storage/database.ts";
import { writeQuietly } from "../storage/write.ts";
import { type HistoryBucket, archiveKey, writeArchive } from "./archive-object.ts";

export interface ArchiveContext {
  db: Database;
  history: HistoryBucket;
  nowMs: () => number;
}

/** Workspaces of which one statement finds the next archive. */
const workspacesAtOnce = 20;

/** @returns the events that were moved; null where somebody else has written meanwhile, and the next run tries again */
const archive = async (ctx: ArchiveContext, { workspaceId, position }: Candidate): Promise<number | null> => {
  const { db, history, nowMs } = ctx;
  // Before the rows: what replaces an object that has come since would have older rows than that.
  const before = await history.head(archiveKey(workspaceId, position));
  const [events, erasures] = await read(db, storedEventsQuery(workspaceId, position), erasureCountQuery(workspaceId));
  if (events.length === 0) return null;
  const object = { workspaceId, position, events };
  const written = await writeArchive(history, object, { etag: before?.etag ?? null, archive: null });
  if (written === null) return null;
  const at = { workspaceId, now: new Date(nowMs()).toISOString() };
  const made = { position, events: events.length, ...written };
  const { written: isMoved } = await writeQuietly(db, recordArchive(at, made, erasures));
  return isMoved ? events.length : null;
};

/** Moves at most `max` archives, the oldest events first; the workspaces take turns. */
export const archiveEvents = async (
  ctx: ArchiveContext,
  max: number,
): Promise<{ archives: number; events: number }> => {
  const before = new Date(ctx.nowMs() - eventDays * dayMs).toISOString();
  const moved = { archives: 0, events: 0 };
  let tried = 0;
  while (tried < max) {
    const [found] = await read(ctx.db, archivableQuery(before, Math.min(workspacesAtOnce, max - tried)));
    let isAny = false;
    for (const candidate of found) {
      tried += 1;
      try {
        const events = await archive(ctx, candidate);
        if (events === null) continue;
        moved.archives += 1;
        moved.events += events;
        isAny = true;
      } catch (error) {
        // One workspace keeps no other from it.
        log("history.not_archived", { ...candidate, error: String(error) });
      }
    }
    // Those that failed would be found again.
    if (!isAny) break;
  }
  return moved;
};
