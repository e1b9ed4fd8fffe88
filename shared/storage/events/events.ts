import * as z from "zod/mini";
import type { Actor } from "../../domain/workspace/actor.ts";
import type { EventType } from "../../domain/events/event-types.ts";
import { type StoredEvent, storedEventSchema } from "../../domain/events/archive.ts";
import { type LoggedEvent, loggedEventSchema } from "../../domain/events/event.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";
import { type Effectful, type Query, assertCount, column, effectful, many, one, only } from "../database.ts";
import { type Window, pageQueries } from "../pages.ts";
import { rowOf } from "../row.ts";
import { type At, type Sql, among, row, sql, verbatim } from "../sql.ts";

const readId = column("id", z.int());
const readTraceId = column("trace_id", z.string());

export interface NewEvent {
  type: EventType;
  commitId?: string;
  pushId?: string;
  jobId?: string;
  attempt?: number;
  data?: Record<string, unknown>;
}

/** SQL: an event's data; empty where it is no JSON, which would stop every query that looks into it. */
const dataOf = verbatim("iif(json_valid(e.data), e.data, '{}')");

/** Left out of the log: how far a job has got, and reports of that which came too late. */
const isLogged = sql`e.type <> 'job.progress'
  AND (e.type <> 'webhook.ignored' OR ${dataOf} ->> '$.reported' IN ('completed', 'failed'))`;

const eventRow = rowOf(loggedEventSchema, {
  table: "job_events",
  of: "e",
  from: {
    // The id of the table is for joins alone: across workspaces, it would say how much happens in the others.
    id: "e.number",
    at: "e.created_at",
    actor: "json_object('kind', e.actor_kind, 'id', e.actor_id)",
    commitNumber: "co.number",
    pushNumber: "p.number",
    changeNumber: "ch.number",
    deadLetterNumber: "l.number",
    target: "j.target",
    tokenName: "t.name",
  },
});

const selectFrom = (events: Sql): Sql => sql`SELECT ${eventRow.columns} FROM ${events} e
  LEFT JOIN commits co ON co.workspace_id = e.workspace_id AND co.id = e.commit_id
  LEFT JOIN pushes p ON p.workspace_id = e.workspace_id AND p.id = e.push_id
  LEFT JOIN staged_changes ch ON ch.workspace_id = e.workspace_id AND ch.id = ${dataOf} ->> '$.changeId'
  LEFT JOIN dead_letters l ON l.workspace_id = e.workspace_id AND l.id = ${dataOf} ->> '$.deadLetterId'
  LEFT JOIN jobs j ON j.workspace_id = e.workspace_id AND j.id = e.job_id
  LEFT JOIN api_tokens t ON t.workspace_id = e.workspace_id AND t.id = e.token_id`;
const selectLogged = selectFrom(sql`job_events`);

/** SQL: rows of an archive in place of the table. */
const rowsOf = (workspaceId: string, rows: readonly StoredEvent[]): Sql => {
  const columns = Object.keys(storedEventSchema.shape).map((name) => `value ->> '$.${name}' AS ${name}`);
  return sql`(SELECT ${workspaceId} AS workspace_id, ${verbatim(columns.join(", "))} FROM json_each(${rows}))`;
};

/** Which events: of one job, or of one commit by its number; of the workspace when neither is given. */
export interface EventFilter {
  jobId?: string;
  commitNumber?: number;
}

/** The event of a webhook's delivery. */
export const eventOfDeliveryQuery = (workspaceId: string, deliveryId: string): Query<LoggedEvent | null> =>
  one(eventRow)`${selectLogged}
    WHERE e.workspace_id = ${workspaceId}
      AND e.id = (SELECT event_id FROM webhook_deliveries
        WHERE workspace_id = ${workspaceId} AND id = ${deliveryId})`;

/** The event of a change of the settings that has this notice. */
export const settingsEventQuery = (workspaceId: string, noticeId: string): Query<LoggedEvent | null> =>
  one(eventRow)`${selectLogged}
    WHERE e.workspace_id = ${workspaceId} AND e.id = (SELECT id FROM job_events INDEXED BY job_events_of_settings
      WHERE workspace_id = ${workspaceId} AND type = 'workspace.settings_set' AND iif(json_valid(data), data, '{}') ->> '$.noticeId' = ${noticeId})`;

/** Every event after `afterId`, oldest first: nothing is left out. */
export const eventsAfterQuery = (
  workspaceId: string,
  afterId: number,
  limit: number,
  { jobId, commitNumber }: EventFilter = {},
): Query<LoggedEvent[]> => {
  const ofJob = jobId === undefined ? sql`` : sql`AND e.job_id = ${jobId}`;
  const ofCommit =
    commitNumber === undefined ? sql`` : sql`AND e.commit_id = ${idOfCommit(workspaceId, { number: commitNumber })}`;
  return many(eventRow)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId} AND e.number > ${afterId} ${ofJob} ${ofCommit} ORDER BY e.number LIMIT ${limit}`;
};

const isLoggedIn = (workspaceId: string): Sql => sql`e.workspace_id = ${workspaceId} AND ${isLogged}`;

export const newestEventsQuery = (workspaceId: string, limit: number): Query<LoggedEvent[]> =>
  many(eventRow)`${selectLogged} WHERE ${isLoggedIn(workspaceId)} ORDER BY e.number DESC LIMIT ${limit}`;

/** Newest first. */
export const eventPageQueries = (workspaceId: string, window: Window) => {
  const [from, number] = [sql`FROM job_events e`, sql`e.number`];
  return pageQueries({ row: eventRow, select: selectLogged, from, number, where: isLoggedIn(workspaceId) }, window);
};

/** SQL: the id of a commit's newest push. */
const newestPushIn = (workspaceId: string, commitId: Sql): Sql => sql`(SELECT id FROM pushes
  WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} ORDER BY number DESC LIMIT 1)`;

/** What a reader wants of the rows of an archive. */
export interface ArchivedFilter {
  /** Without what the log leaves out. */
  isLog?: boolean;
  /** Of this commit, by its number. */
  ofCommit?: number;
  /** Of this commit's newest push. */
  newestPushOf?: number;
}

/** Events of which an archive has these rows, as the table would give them; oldest first. */
export const archivedEventsQuery = (
  workspaceId: string,
  rows: readonly StoredEvent[],
  { isLog = false, ofCommit, newestPushOf }: ArchivedFilter = {},
): Query<LoggedEvent[]> => {
  const idOf = (number: number): Sql => idOfCommit(workspaceId, { number });
  return many(eventRow)`${selectFrom(rowsOf(workspaceId, rows))} WHERE ${isLog ? isLogged : sql`true`}
    ${ofCommit === undefined ? sql`` : sql`AND e.commit_id = ${idOf(ofCommit)}`}
    ${newestPushOf === undefined ? sql`` : sql`AND e.push_id = ${newestPushIn(workspaceId, idOf(newestPushOf))}`}
    ORDER BY e.number`;
};

/** The events of a commit's newest push, oldest first, with how far its jobs have got. */
export const newestPushEventsQuery = (
  workspaceId: string,
  commitNumber: number,
  limit: number,
): Query<LoggedEvent[]> => {
  const commitId = idOfCommit(workspaceId, { number: commitNumber });
  return many(eventRow)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId} AND e.commit_id = ${commitId}
        AND e.push_id = ${newestPushIn(workspaceId, commitId)}
      ORDER BY e.number LIMIT ${limit}`;
};

const valuesOf = (at: At, event: NewEvent, actor: Actor, traceId: string) => ({
  workspaceId: at.workspaceId,
  number: sql`(SELECT COALESCE(MAX(number), 0) + 1 FROM job_events WHERE workspace_id = ${at.workspaceId})`,
  type: event.type,
  commitId: event.commitId ?? null,
  pushId: event.pushId ?? null,
  jobId: event.jobId ?? null,
  attempt: event.attempt ?? null,
  actorKind: actor.kind,
  actorId: actor.id,
  data: event.data ?? {},
  traceId,
  createdAt: at.now,
  tokenId: actor.kind === "token" ? actor.token.id : null,
});

const added = ({ workspaceId }: At) => effectful({ kind: "notify_followers", workspaceId });

export const insertEvent = (at: At, event: NewEvent, actor: Actor, traceId: string): Effectful =>
  added(at)`INSERT INTO job_events ${row(valuesOf(at, event, actor, traceId))}`;

/** The same with a number that leaves `gap` numbers out, which were given to events that are lost. */
export const insertEventAfterGap = (at: At, event: NewEvent, actor: Actor, traceId: string, gap: number): Effectful => {
  const number = sql`(SELECT COALESCE(MAX(number), 0) + ${gap} FROM job_events WHERE workspace_id = ${at.workspaceId})`;
  return added(at)`INSERT INTO job_events ${row({ ...valuesOf(at, event, actor, traceId), number })}`;
};

/** The same where the job has fewer than `max` of the type: what a target repeats for ever fills no table. */
export const insertEventUpTo = (
  at: At,
  event: NewEvent & { jobId: string },
  actor: Actor,
  traceId: string,
  max: number,
): Effectful => {
  const isRare = sql`(SELECT COUNT(*) FROM job_events
    WHERE workspace_id = ${at.workspaceId} AND job_id = ${event.jobId} AND type = ${event.type}) < ${max}`;
  return added(at)`INSERT INTO job_events ${row(valuesOf(at, event, actor, traceId), isRare)}`;
};

/** The trace of what happened last to a commit. */
export const lastTraceQuery = (workspaceId: string, key: CommitKey): Query<string | null> =>
  one(readTraceId)`SELECT trace_id FROM job_events
    WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
    ORDER BY number DESC LIMIT 1`;

/** The id of the workspace's newest event, 0 when there is none: up to which event what was read with it is true. */
export const lastEventQuery = (workspaceId: string): Query<number> =>
  only(readId)`SELECT COALESCE(MAX(number), 0) AS id FROM job_events WHERE workspace_id = ${workspaceId}`;

/**
 * Fails the batch when one of the staged changes has another content than when event `sinceId` was the
 * newest. Somebody has edited it, or its author has committed what it stands on.
 */
export const assertUnedited = (
  workspaceId: string,
  changes: readonly { id: string; createdBy: string }[],
  sinceId: number,
): Sql =>
  assertCount(0)`job_events
    WHERE workspace_id = ${workspaceId} AND number > ${sinceId}
      AND (type = 'change.edited' AND data ->> '$.changeId' ${among(changes.map(({ id }) => id))}
        OR type = 'commit.created' AND actor_id ${among(changes.map(({ createdBy }) => createdBy))})`;
