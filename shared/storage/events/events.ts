import * as z from "zod/mini";
import { type Actor, actorKinds } from "../../domain/workspace/actor.ts";
import { type EventType, eventTypes } from "../../domain/events/event-types.ts";
import { type CommitKey, idOfCommit, keyValue } from "../commits/commits.ts";
import { type Database, type Effectful, type Query, column, effectful, jsonText, many, one } from "../database.ts";

const readId = column("id", z.int());
const readTraceId = column("trace_id", z.string());
const readNewestId = column("id", z.nullable(z.int()));

export interface Event {
  id: number;
  type: EventType;
  commitId: string | null;
  pushId: string | null;
  jobId: string | null;
  attempt: number | null;
  actor: Pick<Actor, "kind" | "id">;
  data: Record<string, unknown>;
  traceId: string;
  at: string;
}

export interface NewEvent {
  type: EventType;
  commitId?: string;
  pushId?: string;
  jobId?: string;
  attempt?: number;
  data?: Record<string, unknown>;
}

const eventRow = z.object({
  id: z.int(),
  type: z.enum(eventTypes),
  commit_id: z.nullable(z.string()),
  push_id: z.nullable(z.string()),
  job_id: z.nullable(z.string()),
  attempt: z.nullable(z.int()),
  actor_kind: z.enum(actorKinds),
  actor_id: z.string(),
  data: jsonText(z.record(z.string(), z.unknown())),
  trace_id: z.string(),
  created_at: z.string(),
});

const eventOf = (parsed: z.infer<typeof eventRow>): Event => ({
  id: parsed.id,
  type: parsed.type,
  commitId: parsed.commit_id,
  pushId: parsed.push_id,
  jobId: parsed.job_id,
  attempt: parsed.attempt,
  actor: { kind: parsed.actor_kind, id: parsed.actor_id },
  data: parsed.data,
  traceId: parsed.trace_id,
  at: parsed.created_at,
});

/** An event with the numbers by which people know what it is about. */
export interface LoggedEvent extends Event {
  commitNumber: number | null;
  pushNumber: number | null;
  changeNumber: number | null;
  deadLetterNumber: number | null;
  /** Of its job. */
  target: string | null;
  /** Of the token with which its actor came. */
  tokenName: string | null;
}

const loggedRow = z.extend(eventRow, {
  commit_number: z.nullable(z.int()),
  push_number: z.nullable(z.int()),
  change_number: z.nullable(z.int()),
  dead_letter_number: z.nullable(z.int()),
  target: z.nullable(z.string()),
  token_name: z.nullable(z.string()),
});

/** Left out of the log: how far a job has got, and reports of that which came too late. */
const isLogged = (event: string): string =>
  `${event}type <> 'job.progress'
     AND (${event}type <> 'webhook.ignored' OR ${event}data ->> '$.reported' IN ('completed', 'failed'))`;

const selectLogged = `SELECT e.id, e.type, e.commit_id, e.push_id, e.job_id, e.attempt, e.actor_kind, e.actor_id, e.data, e.trace_id,
    e.created_at, co.number AS commit_number, p.number AS push_number, ch.number AS change_number,
    l.number AS dead_letter_number, j.target, t.name AS token_name
  FROM job_events e
  LEFT JOIN commits co ON co.workspace_id = e.workspace_id AND co.id = e.commit_id
  LEFT JOIN pushes p ON p.workspace_id = e.workspace_id AND p.id = e.push_id
  LEFT JOIN staged_changes ch ON ch.workspace_id = e.workspace_id AND ch.id = e.data ->> '$.changeId'
  LEFT JOIN dead_letters l ON l.workspace_id = e.workspace_id AND l.id = e.data ->> '$.deadLetterId'
  LEFT JOIN jobs j ON j.workspace_id = e.workspace_id AND j.id = e.job_id
  LEFT JOIN api_tokens t ON t.workspace_id = e.workspace_id AND t.id = e.token_id`;

const parseLogged = (row: unknown): LoggedEvent => {
  const parsed = loggedRow.parse(row);
  return {
    ...eventOf(parsed),
    commitNumber: parsed.commit_number,
    pushNumber: parsed.push_number,
    changeNumber: parsed.change_number,
    deadLetterNumber: parsed.dead_letter_number,
    target: parsed.target,
    tokenName: parsed.token_name,
  };
};

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
    db
      .prepare(
        `${selectLogged}
         WHERE e.workspace_id = ?1
           AND e.id = (SELECT event_id FROM webhook_deliveries WHERE workspace_id = ?1 AND id = ?2)`,
      )
      .bind(workspaceId, deliveryId),
    parseLogged,
  );

/** Every event after `afterId`, oldest first: nothing is left out. */
export const eventsAfterQuery = (
  db: Database,
  workspaceId: string,
  afterId: number,
  limit: number,
  { jobId, commitNumber }: EventFilter = {},
): Query<LoggedEvent[]> => {
  const ofJob = jobId === undefined ? "" : "AND e.job_id = ?4";
  const ofCommit =
    commitNumber === undefined
      ? ""
      : "AND e.commit_id = (SELECT id FROM commits WHERE workspace_id = ?1 AND number = ?4)";
  const of = jobId ?? commitNumber;
  return many(
    db
      .prepare(`${selectLogged} WHERE e.workspace_id = ?1 AND e.id > ?2 ${ofJob}${ofCommit} ORDER BY e.id LIMIT ?3`)
      .bind(workspaceId, afterId, limit, ...(of === undefined ? [] : [of])),
    parseLogged,
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
    db
      .prepare(
        `${selectLogged} WHERE e.workspace_id = ?1 AND e.id < ?2 AND ${isLogged("e.")} ORDER BY e.id DESC LIMIT ?3`,
      )
      .bind(workspaceId, beforeId ?? Number.MAX_SAFE_INTEGER, limit),
    parseLogged,
  );

/** The events of a commit's newest push, oldest first, with how far its jobs have got. */
export const newestPushEventsQuery = (
  db: Database,
  workspaceId: string,
  commitNumber: number,
  limit: number,
): Query<LoggedEvent[]> =>
  many(
    db
      .prepare(
        `${selectLogged}
         WHERE e.workspace_id = ?1
           AND e.commit_id = (SELECT id FROM commits WHERE workspace_id = ?1 AND number = ?2)
           AND e.push_id = (SELECT id FROM pushes
             WHERE workspace_id = ?1 AND commit_id = (SELECT id FROM commits WHERE workspace_id = ?1 AND number = ?2)
             ORDER BY number DESC LIMIT 1)
         ORDER BY e.id LIMIT ?3`,
      )
      .bind(workspaceId, commitNumber, limit),
    parseLogged,
  );

/** The ids of the `limit` events from an id on upwards, lowest first: the page above the one below `fromId`. */
export const eventIdsFromQuery = (db: Database, workspaceId: string, fromId: number, limit: number): Query<number[]> =>
  many(
    db
      .prepare(
        `SELECT id FROM job_events
         WHERE workspace_id = ?1 AND id >= ?2 AND ${isLogged("")} ORDER BY id LIMIT ?3`,
      )
      .bind(workspaceId, fromId, limit),
    readId,
  );

export const insertEvent = (
  db: Database,
  workspaceId: string,
  event: NewEvent,
  actor: Actor,
  traceId: string,
  now: string,
): Effectful =>
  effectful(
    db
      .prepare(
        `INSERT INTO job_events
         (workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at, token_id)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
      )
      .bind(
        workspaceId,
        event.type,
        event.commitId ?? null,
        event.pushId ?? null,
        event.jobId ?? null,
        event.attempt ?? null,
        actor.kind,
        actor.id,
        JSON.stringify(event.data ?? {}),
        traceId,
        now,
        actor.kind === "token" ? actor.token.id : null,
      ),
    { kind: "notify_followers", workspaceId },
  );

/** The same where the job has fewer than `most` of the type: what a target repeats for ever fills no table. */
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
    db
      .prepare(
        `INSERT INTO job_events
         (workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
       WHERE (SELECT COUNT(*) FROM job_events WHERE workspace_id = ?1 AND job_id = ?5 AND type = ?2) < ?12`,
      )
      .bind(
        workspaceId,
        event.type,
        event.commitId ?? null,
        event.pushId ?? null,
        event.jobId,
        event.attempt ?? null,
        actor.kind,
        actor.id,
        JSON.stringify(event.data ?? {}),
        traceId,
        now,
        max,
      ),
    { kind: "notify_followers", workspaceId },
  );

/** The trace of what happened last to a commit. */
export const lastTraceQuery = (db: Database, workspaceId: string, key: CommitKey): Query<string | null> =>
  one(
    db
      .prepare(
        `SELECT trace_id FROM job_events WHERE workspace_id = ?1 AND commit_id = ${idOfCommit(key)}
         ORDER BY id DESC LIMIT 1`,
      )
      .bind(workspaceId, keyValue(key)),
    readTraceId,
  );

/** The id of the workspace's newest event, 0 when there is none: up to which event what was read with it is true. */
export const lastEventQuery = (db: Database, workspaceId: string): Query<number> => ({
  statement: db.prepare("SELECT MAX(id) AS id FROM job_events WHERE workspace_id = ?1").bind(workspaceId),
  parse: ([row]) => readNewestId(row) ?? 0,
});

/**
 * A guard of its own: fails the batch when one of the staged changes has another content than when event `sinceId` was the
 * newest. Somebody has edited it, or its author has committed what it stands on.
 */
export const assertUnedited = (
  db: Database,
  workspaceId: string,
  changes: readonly { id: string; createdBy: string }[],
  sinceId: number,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO assertion (actual, expected)
       SELECT COUNT(*), 0 FROM job_events
       WHERE workspace_id = ?1 AND id > ?2
         AND (type = 'change.edited' AND data ->> '$.changeId' IN (SELECT value FROM json_each(?3))
           OR type = 'commit.created' AND actor_id IN (SELECT value FROM json_each(?4)))`,
    )
    .bind(
      workspaceId,
      sinceId,
      JSON.stringify(changes.map(({ id }) => id)),
      JSON.stringify([...new Set(changes.map(({ createdBy }) => createdBy))]),
    );
