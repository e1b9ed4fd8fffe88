import * as z from "zod/mini";
import { type Database, type Effectful, type Query, column, effectful, many, one } from "./database.ts";

const readWorkspaceId = column("workspace_id", z.string());

export const cardKinds = [
  "commit",
  "push",
  "push_plan",
  "push_outcome",
  "change",
  "home",
  "welcome",
  "outage",
  "webhook",
] as const;
export type CardKind = (typeof cardKinds)[number];

/** A message of ours in Slack that shows state. */
export interface Card {
  workspaceId: string;
  id: string;
  kind: CardKind;
  /** A commit's id for `commit`, a push's for `push` and `push_plan`, a job's for `push_outcome`, a change's for `change`, a person's for `home` and `welcome`, an outage's for `outage`, a webhook's for `webhook`. */
  subjectId: string;
  attempt: number;
  /** A person's id stands for their direct messages with us until Slack has said which channel that is. */
  channelId: string;
  /** `ts` of the message under which it is a reply; null for a message of its own, or while that is not posted. */
  threadTs: string | null;
  hasParent: boolean;
  ts: string | null;
  desiredVersion: number;
  shownVersion: number;
}

const cardRow = z.object({
  workspace_id: z.string(),
  id: z.string(),
  kind: z.enum(cardKinds),
  subject_id: z.string(),
  attempt: z.int(),
  channel_id: z.string(),
  parent_card_id: z.nullable(z.string()),
  parent_ts: z.nullable(z.string()),
  ts: z.nullable(z.string()),
  desired_version: z.int(),
  shown_version: z.int(),
});

const parseCard = (row: unknown): Card => {
  const parsed = cardRow.parse(row);
  return {
    workspaceId: parsed.workspace_id,
    id: parsed.id,
    kind: parsed.kind,
    subjectId: parsed.subject_id,
    attempt: parsed.attempt,
    channelId: parsed.channel_id,
    threadTs: parsed.parent_ts,
    hasParent: parsed.parent_card_id !== null,
    ts: parsed.ts,
    desiredVersion: parsed.desired_version,
    shownVersion: parsed.shown_version,
  };
};

/**
 * Cards that are out of date and may be written now, of those that Slack shows or has yet to: replies wait until their parent is
 * posted. Homes are out of date after every change, so they come last: many of them hold up no message.
 */
export const staleCardsQuery = (
  db: Database,
  workspaceId: string,
  which: "shown" | "new",
  limit: number,
): Query<Card[]> =>
  many(
    db
      .prepare(
        `SELECT c.workspace_id, c.id, c.kind, c.subject_id, c.attempt, c.channel_id, c.parent_card_id,
           COALESCE(p.ts, c.thread_ts) AS parent_ts, c.ts, c.desired_version, c.shown_version
         FROM cards c
         LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
         WHERE c.workspace_id = ?1 AND c.shown_version < c.desired_version AND c.ended_reason IS NULL
           AND c.ts IS ${which === "shown" ? "NOT NULL" : "NULL"} AND (c.parent_card_id IS NULL OR p.ts IS NOT NULL)
         ORDER BY c.kind = 'home', c.created_at, c.rowid LIMIT ?2`,
      )
      .bind(workspaceId, limit),
    parseCard,
  );

/** Workspaces with a card that is out of date, the longest first, for the sweep by cron. */
export const workspacesWithStaleCardsQuery = (db: Database, limit: number): Query<string[]> =>
  many(
    db
      .prepare(
        `SELECT c.workspace_id FROM cards c
         LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
         WHERE c.shown_version < c.desired_version AND c.ended_reason IS NULL
           AND (c.parent_card_id IS NULL OR p.ts IS NOT NULL)
         GROUP BY c.workspace_id ORDER BY MIN(c.updated_at) LIMIT ?1`,
      )
      .bind(limit),
    readWorkspaceId,
  );

export interface NewCard {
  id: string;
  kind: CardKind;
  subjectId: string;
  attempt?: number;
  channelId: string;
  parentCardId?: string;
  /** `ts` of somebody's message under which it is a reply. */
  threadTs?: string;
}

/** A statement after which Slack does not show what is so. */
export const staleCards = (workspaceId: string, statement: D1PreparedStatement): Effectful =>
  effectful(statement, { kind: "wake_slack_outbox", workspaceId });

/** A card that is to be posted. */
export const insertCard = (db: Database, workspaceId: string, card: NewCard, now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `INSERT INTO cards
         (workspace_id, id, kind, subject_id, attempt, channel_id, parent_card_id, created_at, updated_at, thread_ts)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)`,
      )
      .bind(
        workspaceId,
        card.id,
        card.kind,
        card.subjectId,
        card.attempt ?? 0,
        card.channelId,
        card.parentCardId ?? null,
        now,
        card.threadTs ?? null,
      ),
  );

/** The reply for a target's outcome, under its push's card. Each (job, attempt) gets one. */
export const insertOutcomeCard = (
  db: Database,
  job: { workspaceId: string; id: string; attempt: number; pushId: string },
  cardId: string,
  now: string,
): Effectful =>
  staleCards(
    job.workspaceId,
    db
      .prepare(
        `INSERT INTO cards (workspace_id, id, kind, subject_id, attempt, channel_id, parent_card_id, created_at, updated_at)
       SELECT ?1, ?2, 'push_outcome', ?3, ?4, p.channel_id, p.id, ?5, ?5
       FROM cards p
       WHERE p.workspace_id = ?1 AND p.subject_id = ?6 AND p.kind = 'push'
         AND NOT EXISTS (SELECT 1 FROM cards c
           WHERE c.workspace_id = ?1 AND c.kind = 'push_outcome' AND c.subject_id = ?3 AND c.attempt = ?4)
       ORDER BY p.ended_reason IS NOT NULL, p.rowid LIMIT 1`,
      )
      .bind(job.workspaceId, cardId, job.id, job.attempt, now, job.pushId),
  );

/** The one notice that a target does not answer: where cards go, or else where the push is told that has met it. */
export const insertOutageCard = (
  db: Database,
  job: { workspaceId: string; pushId: string },
  card: { id: string; outageId: string },
  now: string,
): Effectful =>
  staleCards(
    job.workspaceId,
    db
      .prepare(
        `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, created_at, updated_at)
       SELECT ?1, ?2, 'outage', ?3, COALESCE(w.channel_id, p.channel_id), ?4, ?4
       FROM pushes p JOIN workspaces w ON w.workspace_id = p.workspace_id
       WHERE p.workspace_id = ?1 AND p.id = ?5`,
      )
      .bind(job.workspaceId, card.id, card.outageId, now, job.pushId),
  );

export interface FoundMessage {
  /** For a new card, should one be needed. */
  id: string;
  kind: CardKind;
  subjectId: string;
  channelId: string;
  ts: string;
}

/**
 * A message of ours that no card knows: Slack has posted it, but its answer is lost or still on its way. The subject's
 * card that waits for its ts takes it; otherwise it becomes a card of its own. Either way it is rewritten with the others.
 */
export const reconcileMessageStatements = (
  db: Database,
  workspaceId: string,
  { id, kind, subjectId, channelId, ts }: FoundMessage,
  now: string,
): Effectful[] => [
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET ts = ?5, updated_at = ?6
       WHERE workspace_id = ?1 AND id = (SELECT id FROM cards
           WHERE workspace_id = ?1 AND kind = ?2 AND subject_id = ?3 AND channel_id = ?4 AND ts IS NULL
             AND ended_reason IS NULL ORDER BY created_at LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM cards WHERE workspace_id = ?1 AND channel_id = ?4 AND ts = ?5)`,
      )
      .bind(workspaceId, kind, subjectId, channelId, ts, now),
  ),
  staleCards(
    workspaceId,
    db
      .prepare(
        `INSERT INTO cards (workspace_id, id, kind, subject_id, attempt, channel_id, ts, created_at, updated_at)
       SELECT ?1, ?7, ?2, ?3, 0, ?4, ?5, ?6, ?6
       WHERE NOT EXISTS (SELECT 1 FROM cards WHERE workspace_id = ?1 AND channel_id = ?4 AND ts = ?5)`,
      )
      .bind(workspaceId, kind, subjectId, channelId, ts, now, id),
  ),
];

/** Wants all cards of these subjects rewritten; a commit's changes have cards that say where it stands. */
export const invalidateCards = (db: Database, workspaceId: string, subjectIds: string[], now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET desired_version = desired_version + 1, updated_at = ?3
       WHERE workspace_id = ?1 AND ended_reason IS NULL
         AND subject_id IN (SELECT value FROM json_each(?2)
           UNION SELECT c.id FROM json_each(?2) JOIN staged_changes c ON c.workspace_id = ?1 AND c.commit_id = json_each.value)`,
      )
      .bind(workspaceId, JSON.stringify(subjectIds), now),
  );

/** The cards of a commit's earlier pushes: what they offer, and what never left, depends on what becomes of the commit. */
export const invalidatePushesOfCommit = (db: Database, workspaceId: string, commitId: string, now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET desired_version = desired_version + 1, updated_at = ?3
       WHERE workspace_id = ?1 AND ended_reason IS NULL
         AND subject_id IN (SELECT id FROM pushes WHERE workspace_id = ?1 AND commit_id = ?2
           UNION SELECT j.id FROM pushes p JOIN jobs j ON j.workspace_id = ?1 AND j.push_id = p.id
             WHERE p.workspace_id = ?1 AND p.commit_id = ?2)`,
      )
      .bind(workspaceId, commitId, now),
  );

/** Wants every Home that somebody has opened published again. */
export const invalidateHomes = (db: Database, workspaceId: string, now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET desired_version = desired_version + 1, updated_at = ?2
       WHERE workspace_id = ?1 AND kind = 'home' AND ended_reason IS NULL`,
      )
      .bind(workspaceId, now),
  );

/** Somebody has opened their Home: from now on it is published with every change. */
export const upsertHomeCard = (
  db: Database,
  workspaceId: string,
  home: { id: string; userId: string },
  now: string,
): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, ts, created_at, updated_at)
       VALUES (?1, ?2, 'home', ?3, ?3, 'home', ?4, ?4)
       ON CONFLICT (workspace_id, channel_id, ts) WHERE ts IS NOT NULL DO UPDATE
         SET desired_version = desired_version + 1, ended_reason = NULL, updated_at = ?4`,
      )
      .bind(workspaceId, home.id, home.userId, now),
  );

/** Wants the cards of all commits that wait for review rewritten: who may approve them has changed. */
export const invalidateReviewCards = (db: Database, workspaceId: string, now: string): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `UPDATE cards SET desired_version = desired_version + 1, updated_at = ?2
       WHERE workspace_id = ?1 AND ended_reason IS NULL
         AND subject_id IN (SELECT id FROM commits WHERE workspace_id = ?1 AND review = 'in_review')`,
      )
      .bind(workspaceId, now),
  );

/** Greets somebody in their direct messages with us, once ever. */
export const insertWelcomeCard = (
  db: Database,
  workspaceId: string,
  welcome: { id: string; userId: string },
  now: string,
): Effectful =>
  staleCards(
    workspaceId,
    db
      .prepare(
        `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, created_at, updated_at)
       SELECT ?1, ?2, 'welcome', ?3, ?3, ?4, ?4
       WHERE NOT EXISTS (SELECT 1 FROM cards WHERE workspace_id = ?1 AND subject_id = ?3 AND kind = 'welcome')`,
      )
      .bind(workspaceId, welcome.id, welcome.userId, now),
  );

/** Where a card stands with Slack. */
export interface ShownCard {
  /** When Slack last took it, ISO 8601; null while it has not. */
  shownAt: string | null;
  /** Slack shows the last state. */
  isCurrent: boolean;
  endedReason: string | null;
}

const shownRow = z.object({
  shown_at: z.nullable(z.string()),
  is_current: z.int(),
  ended_reason: z.nullable(z.string()),
});

/** The message in the channel of a commit's newest push. */
export const newestPushCardQuery = (db: Database, workspaceId: string, commitNumber: number): Query<ShownCard | null> =>
  one(
    db
      .prepare(
        `SELECT shown_at, shown_version >= desired_version AS is_current, ended_reason FROM cards
         WHERE workspace_id = ?1 AND kind = 'push' AND subject_id = (SELECT id FROM pushes
           WHERE workspace_id = ?1 AND commit_id = (SELECT id FROM commits WHERE workspace_id = ?1 AND number = ?2)
           ORDER BY number DESC LIMIT 1)
         ORDER BY ended_reason IS NOT NULL, rowid LIMIT 1`,
      )
      .bind(workspaceId, commitNumber),
    (row) => {
      const parsed = shownRow.parse(row);
      return {
        shownAt: parsed.shown_at,
        isCurrent: parsed.is_current === 1,
        endedReason: parsed.ended_reason,
      };
    },
  );

/**
 * Slack shows this version now, as the message `ts` of the channel. Where that comes to be known only after the card has been
 * posted once more, the message becomes a card of its own, so that it is rewritten with the other.
 */
export const cardShownStatements = (
  db: Database,
  card: Pick<Card, "workspaceId" | "id" | "desiredVersion">,
  at: { channelId: string; ts: string; newCardId: string },
  now: string,
): D1PreparedStatement[] => [
  db
    .prepare(
      `UPDATE cards SET ts = ?3, shown_version = MAX(shown_version, ?4), shown_at = ?5, updated_at = ?5, channel_id = ?6
       WHERE workspace_id = ?1 AND id = ?2 AND (ts IS NULL OR ts = ?3)`,
    )
    .bind(card.workspaceId, card.id, at.ts, card.desiredVersion, now, at.channelId),
  db
    .prepare(
      `INSERT INTO cards (workspace_id, id, kind, subject_id, attempt, channel_id, parent_card_id, thread_ts, ts, created_at, updated_at)
       SELECT workspace_id, ?3, kind, subject_id, attempt, ?4, parent_card_id, thread_ts, ?5, created_at, ?6
       FROM cards WHERE workspace_id = ?1 AND id = ?2 AND ts <> ?5
         AND NOT EXISTS (SELECT 1 FROM cards WHERE workspace_id = ?1 AND channel_id = ?4 AND ts = ?5)`,
    )
    .bind(card.workspaceId, card.id, at.newCardId, at.channelId, at.ts, now),
];

/** Slack will not take the card any more: its message is gone, its channel archived, our token revoked. */
export const endCard = (
  db: Database,
  card: Pick<Card, "workspaceId" | "id">,
  reason: string,
  now: string,
): D1PreparedStatement =>
  db
    .prepare("UPDATE cards SET ended_reason = ?3, updated_at = ?4 WHERE workspace_id = ?1 AND id = ?2")
    .bind(card.workspaceId, card.id, reason, now);
