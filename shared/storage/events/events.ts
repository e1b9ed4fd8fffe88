import * as z from "zod/mini";
import type { Actor } from "../../domain/workspace/actor.ts";
import type { EventType } from "../../domain/events/event-types.ts";
import { type LoggedEvent, loggedEventSchema } from "../../domain/events/event.ts";
import { type CommitKey, idOfCommit } from "../commits/commits.ts";
import { type Database, type Effectful, type Query, column, effectful, many, one } from "../database.ts";
import { rowOf } from "../row.ts";
import { among, fragment, row, sql } from "../sql.ts";

const readId = column("id", z.int());
const readTraceId = column("trace_id", z.string());
const readNewestId = column("id", z.nullable(z.int()));

export interface NewEvent {
  type: EventType;
  commitId?: string;
  pushId?: string;
  jobId?: string;
  attempt?: number;
  data?: Record<string, unknown>;
}

/** Left out of the log: how far a job has got, and reports of that which came too late. */
const isLogged = fragment`e.type <> 'job.progress'
  AND (e.type <> 'webhook.ignored' OR e.data ->> '$.reported' IN ('completed', 'failed'))`;

const eventRow = rowOf(loggedEventSchema, {
  of: "e",
  from: {
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

const selectLogged = fragment`SELECT ${eventRow.columns} FROM job_events e
  LEFT JOIN commits co ON co.workspace_id = e.workspace_id AND co.id = e.commit_id
  LEFT JOIN pushes p ON p.workspace_id = e.workspace_id AND p.id = e.push_id
  LEFT JOIN staged_changes ch ON ch.workspace_id = e.workspace_id AND ch.id = e.data ->> '$.changeId'
  LEFT JOIN dead_letters l ON l.workspace_id = e.workspace_id AND l.id = e.data ->> '$.deadLetterId'
  LEFT JOIN jobs j ON j.workspace_id = e.workspace_id AND j.id = e.job_id
  LEFT JOIN api_tokens t ON t.workspace_id = e.workspace_id AND t.id = e.token_id`;

/** Which events: of one job, or of one commit by its number; of the workspace when neither is given. */
export interface EventFilter {
  jobId?: string;
  commitNumber?: number;
}

/** The event of a webhook's delivery. */
export const eventOfDeliveryQuery = (
  db: Database,
  workspaceId: string,
  deliveryId: string,
): Query<LoggedEvent | null> =>
  one(
    sql(db)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId}
        AND e.id = (SELECT event_id FROM webhook_deliveries
          WHERE workspace_id = ${workspaceId} AND id = ${deliveryId})`,
    eventRow.parse,
  );

/** Every event after `afterId`, oldest first: nothing is left out. */
export const eventsAfterQuery = (
  db: Database,
  workspaceId: string,
  afterId: number,
  limit: number,
  { jobId, commitNumber }: EventFilter = {},
): Query<LoggedEvent[]> => {
  const ofJob = jobId === undefined ? fragment`` : fragment`AND e.job_id = ${jobId}`;
  const ofCommit =
    commitNumber === undefined
      ? fragment``
      : fragment`AND e.commit_id = ${idOfCommit(workspaceId, { number: commitNumber })}`;
  return many(
    sql(db)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId} AND e.id > ${afterId} ${ofJob} ${ofCommit} ORDER BY e.id LIMIT ${limit}`,
    eventRow.parse,
  );
};

/** Events before an id, or the newest; newest first. */
export const eventsBeforeQuery = (
  db: Database,
  workspaceId: string,
  beforeId: number | null,
  limit: number,
): Query<LoggedEvent[]> =>
  many(
    sql(db)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId} AND e.id < ${beforeId ?? Number.MAX_SAFE_INTEGER} AND ${isLogged}
      ORDER BY e.id DESC LIMIT ${limit}`,
    eventRow.parse,
  );

/** The events of a commit's newest push, oldest first, with how far its jobs have got. */
export const newestPushEventsQuery = (
  db: Database,
  workspaceId: string,
  commitNumber: number,
  limit: number,
): Query<LoggedEvent[]> => {
  const commitId = idOfCommit(workspaceId, { number: commitNumber });
  return many(
    sql(db)`${selectLogged}
      WHERE e.workspace_id = ${workspaceId} AND e.commit_id = ${commitId}
        AND e.push_id = (SELECT id FROM pushes
          WHERE workspace_id = ${workspaceId} AND commit_id = ${commitId} ORDER BY number DESC LIMIT 1)
      ORDER BY e.id LIMIT ${limit}`,
    eventRow.parse,
  );
};

/** The ids of the `limit` events from an id on upwards, lowest first: the page above the one below `fromId`. */
export const eventIdsFromQuery = (db: Database, workspaceId: string, fromId: number, limit: number): Query<number[]> =>
  many(
    sql(db)`SELECT e.id FROM job_events e
      WHERE e.workspace_id = ${workspaceId} AND e.id >= ${fromId} AND ${isLogged} ORDER BY e.id LIMIT ${limit}`,
    readId,
  );

const valuesOf = (workspaceId: string, event: NewEvent, actor: Actor, traceId: string, now: string) => ({
  workspaceId,
  type: event.type,
  commitId: event.commitId ?? null,
  pushId: event.pushId ?? null,
  jobId: event.jobId ?? null,
  attempt: event.attempt ?? null,
  actorKind: actor.kind,
  actorId: actor.id,
  data: event.data ?? {},
  traceId,
  createdAt: now,
  tokenId: actor.kind === "token" ? actor.token.id : null,
});

export const insertEvent = (
  db: Database,
  workspaceId: string,
  event: NewEvent,
  actor: Actor,
  traceId: string,
  now: string,
): Effectful =>
  effectful(sql(db)`INSERT INTO job_events ${row(valuesOf(workspaceId, event, actor, traceId, now))}`, {
    kind: "notify_followers",
    workspaceId,
  });

/** The same where the job has fewer than `max` of the type: what a target repeats for ever fills no table. */
export const insertEventUpTo = (
  db: Database,
  workspaceId: string,
  event: NewEvent & { jobId: string },
  actor: Actor,
  traceId: string,
  now: string,
  max: number,
): Effectful =>
  effectful(
    sql(db)`INSERT INTO job_events ${row(
      valuesOf(workspaceId, event, actor, traceId, now),
      fragment`(SELECT COUNT(*) FROM job_events
      WHERE workspace_id = ${workspaceId} AND job_id = ${event.jobId} AND type = ${event.type}) < ${max}`,
    )}`,
    { kind: "notify_followers", workspaceId },
  );

/** The trace of what happened last to a commit. */
export const lastTraceQuery = (db: Database, workspaceId: string, key: CommitKey): Query<string | null> =>
  one(
    sql(db)`SELECT trace_id FROM job_events
      WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, key)}
      ORDER BY id DESC LIMIT 1`,
    readTraceId,
  );

/** The id of the workspace's newest event, 0 when there is none: up to which event what was read with it is true. */
export const lastEventQuery = (db: Database, workspaceId: string): Query<number> => ({
  statement: sql(db)`SELECT MAX(id) AS id FROM job_events WHERE workspace_id = ${workspaceId}`,
  parse: ([row]) => readNewestId(row) ?? 0,
});

/**
 * A guard of its own: fails the batch when one of the staged changes has another content than when event `sinceId` was
 * the newest. Somebody has edited it, or its author has committed what it stands on.
 */
export const assertUnedited = (
  db: Database,
  workspaceId: string,
  changes: readonly { id: string; createdBy: string }[],
  sinceId: number,
): D1PreparedStatement =>
  sql(db)`INSERT INTO assertion (actual, expected) SELECT COUNT(*), 0 FROM job_events
    WHERE workspace_id = ${workspaceId} AND id > ${sinceId}
      AND (type = 'change.edited' AND data ->> '$.changeId' ${among(changes.map(({ id }) => id))}
        OR type = 'commit.created' AND actor_id ${among(changes.map(({ createdBy }) => createdBy))})`;
