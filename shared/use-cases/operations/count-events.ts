/** Counts what happened since the last run of cron, once: the cursor moves in the batch that counts. */
import { addedUp, countedOf } from "../../domain/operations/counts.ts";
import { type Database, read } from "../../storage/database.ts";
import {
  addCounts,
  countableEventsQuery,
  cursorQuery,
  lastIdQuery,
  moveCursor,
} from "../../storage/operations/counts.ts";
import { writeQuietly } from "../../storage/write.ts";
import { nowOf } from "../context.ts";

interface CountContext {
  db: Database;
  nowMs: () => number;
}

/** @param max of events that are looked at. @returns how many of them count */
export const countEvents = async (ctx: CountContext, max: number): Promise<number> => {
  const [{ value: from }] = await read(ctx.db, cursorQuery());
  const [events, { id: to }] = await read(ctx.db, countableEventsQuery(from, max), lastIdQuery(from, max));
  const days = Map.groupBy(events, ({ at }) => at.slice(0, 10));
  const counts = [...days].flatMap(([day, own]) =>
    addedUp(
      own.flatMap(({ type, at, since }) => countedOf(type, since === null ? null : Date.parse(at) - Date.parse(since))),
    ).map((counted) => ({ ...counted, day })),
  );
  const adding = counts.length === 0 ? [] : [addCounts(counts)];
  const moving = moveCursor(from, to, nowOf(ctx));
  const { written } = await writeQuietly(ctx.db, [...adding, ...moving]);
  return written ? events.length : 0;
};
