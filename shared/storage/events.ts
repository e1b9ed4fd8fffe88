import * as z from "zod/mini";
import type { Actor } from "../domain/actor.ts";
import { type Database, type Query, jsonText, many } from "./database.ts";

export const eventTypes = [
  "workspace.settings_set",
  "workspace.disconnected",
  "member.role_set",
  "change.staged",
  "change.edited",
  "change.discarded",
  "commit.created",
  "commit.review_requested",
  "commit.approved",
  "commit.rejected",
  "commit.dropped",
  "commit.reopened",
  "push.started",
  "push.retried",
  "push.cancelled",
  "job.dispatched",
  "job.accepted",
  "job.progress",
  "job.completed",
  "job.failed",
  "job.timeout",
  "job.cancelled",
  "job.searchable",
  "job.verified",
  "target.reindexed",
] as const;
export type EventType = (typeof eventTypes)[number];

export interface Event {
  id: number;
  type: EventType;
  commitId: string | null;
  pushId: string | null;
  jobId: string | null;
  attempt: number | null;
  actor: Actor;
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
  actor_kind: z.enum(["slack", "target", "system"]),
  actor_id: z.string(),
  data: jsonText(z.record(z.string(), z.unknown())),
  trace_id: z.string(),
  created_at: z.string(),
});

/** Events after `afterId`, oldest first. */
export const eventsQuery = (db: Database, workspaceId: string, afterId: number, limit: number): Query<Event[]> =>
  many(
    db
      .prepare(
        `SELECT id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at
         FROM job_events WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
      )
      .bind(workspaceId, afterId, limit),
    (row) => {
      const parsed = eventRow.parse(row);
      return {
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
      };
    },
  );

export const insertEvent = (
  db: Database,
  workspaceId: string,
  event: NewEvent,
  actor: Actor,
  traceId: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO job_events
         (workspace_id, type, commit_id, push_id, job_id, attempt, actor_kind, actor_id, data, trace_id, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`,
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
    );
