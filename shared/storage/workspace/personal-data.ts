/**
 * Where a person stands in the tables: what is exported when they ask for it, and erased. A test looks through every
 * column of every table for what is missing here.
 */
import * as z from "zod/mini";
import { type Query, many } from "../database.ts";
import { eraseInArchives } from "../events/archives.ts";
import { type At, type Sql, row, sql, verbatim } from "../sql.ts";

interface Place {
  /** Columns that are a person's id. */
  ids?: readonly string[];
  /** Columns with JSON or text in which an id may stand. */
  texts?: readonly string[];
  /** Rows with the person in one of these columns are theirs alone, and are deleted. */
  own?: readonly string[];
  /** What is no personal data, and nobody may have. */
  hidden?: readonly string[];
}

const places: Record<string, Place> = {
  members: { own: ["user_id"], ids: ["granted_by"] },
  people: { own: ["user_id"] },
  addresses: { own: ["user_id"] },
  sign_ins: { own: ["user_id"], hidden: ["hash"] },
  api_tokens: { own: ["user_id"], ids: ["revoked_by"], hidden: ["hash"] },
  commits: { ids: ["created_by", "applied_by"], texts: ["message"] },
  staged_changes: { ids: ["created_by", "source_author"], texts: ["contributors", "note"] },
  approvals: { ids: ["decided_by"], texts: ["reason"] },
  pushes: { ids: ["requested_by", "channel_id"] },
  dead_letters: { ids: ["decided_by"], texts: ["reason"] },
  webhook_endpoints: {
    ids: ["created_by"],
    texts: ["description"],
    hidden: ["secret", "old_secret", "sealed_secret", "sealed_old_secret"],
  },
  workspaces: { ids: ["installed_by"] },
  erasures: { ids: ["erased_by"] },
  cards: { own: ["channel_id", "subject_id"] },
  job_events: { ids: ["actor_id"], texts: ["data"] },
};

/** In the first database, whichever the workspace is in. */
const installations: Place = { ids: ["installed_by"], hidden: ["sealed_tokens"] };

/** Replies that are kept for repeats, and messages that could not be handled: nothing of them is left. */
const emptied = { idempotency_records: ["key", "result"], api_replies: ["key", "reply"] } as const;

const name = verbatim;

const isIn = (columns: readonly string[], id: string): Sql =>
  columns.map((column) => sql`${name(column)} = ${id}`).reduce((some, one) => sql`${some} OR ${one}`);
/** Ids of Slack are long enough that none is within another text by accident. */
const mentions = (columns: readonly string[], id: string): Sql =>
  columns.map((column) => sql`instr(${name(column)}, ${id}) > 0`).reduce((some, one) => sql`${some} OR ${one}`);

const concerns = ({ ids = [], texts = [], own = [] }: Place, id: string): Sql => {
  const exact = [...ids, ...own];
  if (texts.length === 0) return isIn(exact, id);
  return exact.length === 0 ? mentions(texts, id) : sql`${isIn(exact, id)} OR ${mentions(texts, id)}`;
};

export interface PersonalRows {
  name: string;
  rows: Record<string, unknown>[];
}

const anyRow = { parse: (found: unknown) => z.record(z.string(), z.unknown()).parse(found) };

interface Asked {
  workspaceId: string;
  userId: string;
  /** Of rows, of each table. */
  limit: number;
}

const rowsQuery = (table: string, place: Place, { workspaceId, userId, limit }: Asked): Query<PersonalRows> => {
  const { statement, parse } = many(anyRow)`SELECT * FROM ${name(table)}
    WHERE workspace_id = ${workspaceId} AND (${concerns(place, userId)}) LIMIT ${limit}`;
  return {
    statement,
    parse: (rows, unreadable) => ({
      name: table,
      rows: parse(rows, unreadable).map((found) =>
        Object.fromEntries(Object.entries(found).filter(([column]) => !(place.hidden ?? []).includes(column))),
      ),
    }),
  };
};

/** The rows of each table in which the person stands. */
export const personalRowsQueries = (asked: Asked): Query<PersonalRows>[] =>
  Object.entries(places).map(([table, place]) => rowsQuery(table, place, asked));

/** The same of the installation, which is in the first database. */
export const installerQuery = (asked: Asked): Query<PersonalRows> =>
  rowsQuery("slack_installations", installations, asked);

/** The installation names the pseudonym from now on. */
export const eraseInstaller = (workspaceId: string, userId: string, pseudonym: string): Sql =>
  sql`UPDATE slack_installations SET installed_by = ${pseudonym}
    WHERE workspace_id = ${workspaceId} AND installed_by = ${userId}`;

const assignments = ({ ids = [], texts = [] }: Place, id: string, pseudonym: string): Sql =>
  [
    ...ids.map((column) => sql`${name(column)} = iif(${name(column)} = ${id}, ${pseudonym}, ${name(column)})`),
    ...texts.map((column) => sql`${name(column)} = replace(${name(column)}, ${id}, ${pseudonym})`),
  ].reduce((some, one) => sql`${some}, ${one}`);

/** Before their access ends, which leaves their addresses without a person. */
export const deleteAddressesOf = (workspaceId: string, userId: string): Sql =>
  sql`DELETE FROM addresses WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`;

/** Replaces the person by the pseudonym wherever the history names them, and deletes what was theirs alone. */
export const erasePerson = (at: At, userId: string, pseudonym: string, erasedBy: string): Sql[] => {
  const { workspaceId, now } = at;
  const inWorkspace = sql`workspace_id = ${workspaceId}`;
  return [
    sql`INSERT INTO erasing ${row({ workspaceId })}`,
    // Names of tokens are the person's words, and the log has them too.
    sql`UPDATE job_events SET data = json_set(data, '$.name', 'erased') WHERE ${inWorkspace}
      AND type IN ('token.created', 'token.revoked') AND actor_id = ${userId} AND json_valid(data)`,
    sql`UPDATE job_events SET data = json_set(data, '$.tokens', json_array()) WHERE ${inWorkspace}
      AND type = 'member.left' AND json_valid(data) AND data ->> '$.userId' = ${userId}`,
    ...Object.entries(places).flatMap(([table, place]) => [
      ...(place.own ? [sql`DELETE FROM ${name(table)} WHERE ${inWorkspace} AND (${isIn(place.own, userId)})`] : []),
      ...(place.ids || place.texts
        ? [
            sql`UPDATE ${name(table)} SET ${assignments(place, userId, pseudonym)}
              WHERE ${inWorkspace} AND (${concerns({ ...place, own: [] }, userId)})`,
          ]
        : []),
    ]),
    ...Object.entries(emptied).map(
      ([table, columns]) =>
        sql`DELETE FROM ${name(table)} WHERE ${inWorkspace}
          AND (${columns.map((column) => sql`instr(${name(column)}, ${userId}) > 0`).reduce((a, b) => sql`${a} OR ${b}`)})`,
    ),
    sql`UPDATE dead_letters SET body = '{}' WHERE ${inWorkspace} AND instr(body, ${userId}) > 0`,
    sql`INSERT INTO people ${row({
      workspaceId,
      userId: pseudonym,
      name: "Erased person",
      // Slack is never asked who that is.
      checkedAt: "9999-12-31T23:59:59.999Z",
    })}`,
    eraseInArchives(workspaceId, { userId, pseudonym }),
    sql`INSERT INTO erasures ${row({ workspaceId, pseudonym, erasedBy, erasedAt: now })}`,
    sql`DELETE FROM erasing WHERE ${inWorkspace}`,
  ];
};
