/** The numbered stream of what people's pages must know, and its replay after a lost connection. */
import type { ClientEvent } from "../client-protocol.ts";
import { parseOwn } from "../../slack/json.ts";
import type { NewEvent } from "./slack.ts";

/** A page that was away for longer than this loads the whole state again. */
const keptEvents = 5_000;

interface EventRow extends Record<string, SqlStorageValue> {
  sequence: number;
  at: number;
  body: string;
}

const fromRow = ({ sequence, at, body }: EventRow): ClientEvent => ({ ...parseOwn<NewEvent>(body), sequence, at });

export const appendEvent = (sql: SqlStorage, at: number, audience: string | null, event: NewEvent): ClientEvent => {
  const row = sql
    .exec<EventRow>(
      "INSERT INTO events (at, audience, body) VALUES (?, ?, ?) RETURNING sequence, at, body",
      at,
      audience,
      JSON.stringify(event),
    )
    .one();
  sql.exec("DELETE FROM events WHERE sequence <= ?", row.sequence - keptEvents);
  return fromRow(row);
};

/** The number of the last event, also when it is no longer kept. */
export const lastSequence = (sql: SqlStorage): number =>
  sql.exec<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'events'").toArray()[0]?.seq ?? 0;

/** What `userId` missed after event number `after`; a `reset` when that is more than is kept. */
export const eventsAfter = (sql: SqlStorage, userId: string, after: number, now: number): ClientEvent[] => {
  const last = lastSequence(sql);
  const first = sql.exec<{ first: number | null }>("SELECT min(sequence) AS first FROM events").one().first ?? last + 1;
  if (after > last || after < first - 1) return [{ type: "reset", sequence: last, at: now }];
  return sql
    .exec<EventRow>(
      "SELECT sequence, at, body FROM events WHERE sequence > ? AND (audience IS NULL OR audience = ?) ORDER BY sequence",
      after,
      userId,
    )
    .toArray()
    .map(fromRow);
};
