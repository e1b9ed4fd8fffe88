import * as z from "zod/mini";
import { time } from "../domain/time.ts";
import { idOfCommit } from "./commits/commits.ts";
import { type Batch, type Effectful, type Query, column, effectful, many, one, only } from "./database.ts";
import { rowOf } from "./row.ts";
import { type At, type Sql, row, sql } from "./sql.ts";

const readWorkspaceId = column("workspace_id", z.string());

export const cardKinds = [
  "commit",
  "push",
  "push_plan",
  "push_outcome",
  "change",
  "change_edited",
  "home",
  "welcome",
  "outage",
  "policy",
  "webhook",
  "alert",
  "digest",
] as const;
export type CardKind = (typeof cardKinds)[number];

/** A message of ours in Slack that shows state. */
const cardSchema = z.object({
  workspaceId: z.string(),
  id: z.string(),
  kind: z.enum(cardKinds),
  /**
   * A commit's id for `commit`, a push's for `push` and `push_plan`, a job's for `push_outcome`, a change's for
   * `change` and `change_edited`, a person's for `home` and `welcome`, an outage's for `outage`, a webhook's for
   * `webhook`, a notice's of the event for `policy`, a notice's for `alert`, the last day for `digest`.
   */
  subjectId: z.string(),
  /** Whose cards are read together; null for one that belongs to no commit. */
  commitId: z.nullable(z.string()),
  attempt: z.int(),
  /** A person's id stands for their direct messages with us until Slack has said which channel that is. */
  channelId: z.string(),
  /** `ts` of the message under which it is a reply; null for a message of its own, or while that is not posted. */
  threadTs: z.nullable(z.string()),
  hasParent: z.boolean(),
  ts: z.nullable(z.string()),
  desiredVersion: z.int(),
  shownVersion: z.int(),
  /** How often Slack has refused it in a row, for reasons that may pass. */
  failures: z.int(),
});
export type Card = z.infer<typeof cardSchema>;

/** SQL: the commit of a card `c`. */
const commitIdOfCard = (() => {
  const of = (table: string) =>
    `(SELECT commit_id FROM ${table} WHERE workspace_id = c.workspace_id AND id = c.subject_id)`;
  return `CASE c.kind WHEN 'commit' THEN c.subject_id WHEN 'push' THEN ${of("pushes")}
    WHEN 'push_plan' THEN ${of("pushes")} WHEN 'push_outcome' THEN ${of("jobs")}
    WHEN 'change' THEN ${of("staged_changes")} END`;
})();

const cardFrom = {
  threadTs: "COALESCE(p.ts, c.thread_ts)",
  hasParent: "c.parent_card_id IS NOT NULL",
  commitId: commitIdOfCard,
};

const cardRow = rowOf(cardSchema, { table: "cards", of: "c", from: cardFrom });

/**
 * Cards that are out of date and may be written now, of those that Slack shows or has yet to: replies wait until their
 * parent is posted. Homes are out of date after every change, so they come last: many of them hold up no message.
 */
export const staleCardsQuery = ({ workspaceId, now }: At, which: "shown" | "new", limit: number): Query<Card[]> =>
  many(cardRow)`SELECT ${cardRow.columns} FROM cards c
    LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
    WHERE c.workspace_id = ${workspaceId} AND c.shown_version < c.desired_version AND c.retired_reason IS NULL
      AND (c.retry_at IS NULL OR c.retry_at <= ${now})
      AND (c.ts IS NOT NULL) = ${which === "shown"} AND (c.parent_card_id IS NULL OR p.ts IS NOT NULL)
    ORDER BY c.kind = 'home', c.created_at, c.rowid LIMIT ${limit}`;

const foundSchema = z.extend(cardSchema, {
  retryAt: z.nullable(time),
  /** It is a reply, and its parent is not posted. */
  isEarly: z.boolean(),
});
type FoundCard = z.infer<typeof foundSchema>;

const foundRow = rowOf(foundSchema, {
  table: "cards",
  of: "c",
  from: { ...cardFrom, isEarly: "c.parent_card_id IS NOT NULL AND p.ts IS NULL" },
});

/** Every card that is out of date, in the order of the index: each is read once. */
export const outdatedCardsQuery = (workspaceId: string, limit: number): Query<FoundCard[]> =>
  many(foundRow)`SELECT ${foundRow.columns} FROM cards c
    LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
    WHERE c.workspace_id = ${workspaceId} AND c.shown_version < c.desired_version AND c.retired_reason IS NULL
    ORDER BY c.created_at, c.rowid LIMIT ${limit}`;

/** What `staleCardsQuery` and `nextCardRetryQuery` find, from all that are out of date. */
export const cardsToWrite = (
  outdated: readonly FoundCard[],
  now: string,
  limit: number,
): { shown: Card[]; unposted: Card[]; retryAt: string | null } => {
  const due = outdated.filter(({ retryAt, isEarly }) => !isEarly && (retryAt === null || retryAt <= now));
  const inOrder = [...due.filter(({ kind }) => kind !== "home"), ...due.filter(({ kind }) => kind === "home")];
  const retries = outdated.flatMap(({ retryAt }) => retryAt ?? []);
  return {
    shown: inOrder.filter(({ ts }) => ts !== null).slice(0, limit),
    unposted: inOrder.filter(({ ts }) => ts === null).slice(0, limit),
    retryAt: retries.toSorted()[0] ?? null,
  };
};

const retrySchema = z.object({ at: z.nullable(time) });

/** When the first of the cards may be tried again that Slack has refused. */
export const nextCardRetryQuery = (workspaceId: string): Query<{ at: string | null }> =>
  only(retrySchema)`SELECT MIN(retry_at) AS at FROM cards
    WHERE workspace_id = ${workspaceId} AND shown_version < desired_version AND retired_reason IS NULL
      AND retry_at IS NOT NULL`;

/** Workspaces with a card that is out of date, the longest first, for the sweep by cron. */
export const workspacesWithStaleCardsQuery = (limit: number): Query<string[]> =>
  many(readWorkspaceId)`SELECT c.workspace_id FROM cards c
    LEFT JOIN cards p ON p.workspace_id = c.workspace_id AND p.id = c.parent_card_id
    WHERE c.shown_version < c.desired_version AND c.retired_reason IS NULL
      AND (c.parent_card_id IS NULL OR p.ts IS NOT NULL)
    GROUP BY c.workspace_id ORDER BY MIN(c.updated_at) LIMIT ${limit}`;

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
export const staleCards = ({ workspaceId }: At) => effectful({ kind: "wake_slack_outbox", workspaceId });

const added = ({ workspaceId, now }: At) => ({ workspaceId, createdAt: now, updatedAt: now });

/** A card that is to be posted. */
export const insertCard = (at: At, card: NewCard): Effectful =>
  staleCards(at)`INSERT INTO cards ${row({ ...card, ...added(at) })}`;

/** The same for a subject that has one card in its workspace, however often it is asked for. */
export const insertCardOnce = (at: At, { id, kind, subjectId, channelId }: NewCard): Effectful =>
  staleCards(at)`INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, created_at, updated_at)
    SELECT ${at.workspaceId}, ${id}, ${kind}, ${subjectId}, ${channelId}, ${at.now}, ${at.now}
    WHERE NOT EXISTS (SELECT 1 FROM cards
      WHERE workspace_id = ${at.workspaceId} AND subject_id = ${subjectId} AND kind = ${kind})`;

/** The reply for a target's outcome, under its push's card. Each (job, attempt) gets one. */
export const insertOutcomeCard = (
  at: At,
  job: { id: string; attempt: number; pushId: string },
  cardId: string,
): Effectful =>
  staleCards(at)`INSERT INTO cards
      (workspace_id, id, kind, subject_id, attempt, channel_id, parent_card_id, created_at, updated_at)
    SELECT ${at.workspaceId}, ${cardId}, 'push_outcome', ${job.id}, ${job.attempt}, p.channel_id, p.id, ${at.now}, ${at.now}
    FROM cards p
    WHERE p.workspace_id = ${at.workspaceId} AND p.subject_id = ${job.pushId} AND p.kind = 'push'
      AND NOT EXISTS (SELECT 1 FROM cards c
        WHERE c.workspace_id = ${at.workspaceId} AND c.kind = 'push_outcome' AND c.subject_id = ${job.id}
          AND c.attempt = ${job.attempt})
    ORDER BY p.retired_reason IS NOT NULL, p.rowid LIMIT 1`;

/** The one notice that a target does not answer: where cards go, or else where the push is shown that has met it. */
export const insertOutageCard = (
  at: At,
  { pushId }: { pushId: string },
  card: { id: string; outageId: string },
): Effectful =>
  staleCards(at)`INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, created_at, updated_at)
    SELECT ${at.workspaceId}, ${card.id}, 'outage', ${card.outageId}, COALESCE(w.channel_id, p.channel_id),
      ${at.now}, ${at.now}
    FROM pushes p JOIN workspaces w ON w.workspace_id = p.workspace_id
    WHERE p.workspace_id = ${at.workspaceId} AND p.id = ${pushId}`;

/** SQL: the message belongs to a card already. */
const hasCard = (workspaceId: string, channelId: string, ts: string): Sql =>
  sql`EXISTS (SELECT 1 FROM cards
    WHERE workspace_id = ${workspaceId} AND channel_id = ${channelId} AND ts = ${ts})`;

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
 * card that waits for its ts takes it; otherwise it becomes a card of its own. A card that was given up has its message
 * after all. Either way it is rewritten with the others.
 */
export const reconcileMessageStatements = (at: At, { id, kind, subjectId, channelId, ts }: FoundMessage): Batch => [
  staleCards(at)`UPDATE cards SET ts = ${ts}, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND id = (SELECT id FROM cards
        WHERE workspace_id = ${at.workspaceId} AND kind = ${kind} AND subject_id = ${subjectId}
          AND channel_id = ${channelId} AND ts IS NULL AND retired_reason IS NULL ORDER BY created_at LIMIT 1)
      AND NOT ${hasCard(at.workspaceId, channelId, ts)}`,
  staleCards(at)`INSERT INTO cards (workspace_id, id, kind, subject_id, attempt, channel_id, ts, created_at, updated_at)
    SELECT ${at.workspaceId}, ${id}, ${kind}, ${subjectId}, 0, ${channelId}, ${ts}, ${at.now}, ${at.now}
    WHERE NOT ${hasCard(at.workspaceId, channelId, ts)}`,
  staleCards(at)`UPDATE cards SET retired_reason = NULL, desired_version = desired_version + 1, failures = 0,
      retry_at = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND channel_id = ${channelId} AND ts = ${ts}
      AND retired_reason IS NOT NULL`,
];

/** Wants the cards rewritten that the condition finds. */
export const invalidate = (at: At, which: Sql): Effectful =>
  staleCards(at)`UPDATE cards SET desired_version = desired_version + 1, retry_at = NULL, updated_at = ${at.now}
    WHERE workspace_id = ${at.workspaceId} AND retired_reason IS NULL AND ${which}`;

/**
 * The same of one subject, for what happens often: each entry of the index is read once. A list that is a parameter is
 * read twice beside it.
 */
export const invalidateCardsOf = (at: At, subjectId: string): Effectful =>
  invalidate(at, sql`subject_id = ${subjectId}`);

/** The cards of a commit's changes: they say where it stands at each target. */
const invalidateChangesOf = (at: At, commitId: string): Effectful =>
  invalidate(
    at,
    sql`subject_id IN (SELECT id FROM staged_changes
      WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId})`,
  );

/** Marks the cards of a commit and of its changes as out of date. */
export const invalidateCommitCards = (at: At, commitId: string): Effectful[] => [
  invalidateCardsOf(at, commitId),
  invalidateChangesOf(at, commitId),
];

/** Wants all cards of these subjects rewritten; a commit's changes have cards that say where it stands. */
export const invalidateCards = (at: At, subjectIds: string[]): Effectful =>
  invalidate(
    at,
    sql`subject_id IN (SELECT value FROM json_each(${subjectIds})
      UNION ALL SELECT c.id FROM json_each(${subjectIds})
        CROSS JOIN staged_changes c ON c.workspace_id = ${at.workspaceId} AND c.commit_id = json_each.value)`,
  );

/** SQL: the ids of jobs and of their pushes. Each push has a job, so that a look at the jobs finds both. */
const pushesAndJobs = sql`SELECT value FROM jobs, json_each(json_array(jobs.id, push_id))`;

/** The cards of a commit's earlier pushes: what they offer depends on what becomes of the commit. */
export const invalidatePushesOfCommit = (at: At, commitId: string): Effectful =>
  invalidate(
    at,
    sql`subject_id IN (${pushesAndJobs} WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId})`,
  );

/**
 * Wants the cards rewritten of the other pushes of the commit: what one of them applies, no other has to; and once
 * nothing is on its way, approvals count that were judged anew meanwhile.
 */
export const invalidateOtherPushes = (at: At, { commitId, pushId }: { commitId: string; pushId: string }): Effectful =>
  invalidate(
    at,
    sql`subject_id IN (${pushesAndJobs}
      WHERE workspace_id = ${at.workspaceId} AND commit_id = ${commitId} AND push_id <> ${pushId})`,
  );

/** Wants the cards rewritten of all pushes that wait for the target. */
export const invalidateBlockedCards = (at: At, target: string): Effectful => {
  const blocked = sql`FROM jobs
    WHERE workspace_id = ${at.workspaceId} AND target = ${target} AND waiting_since IS NOT NULL`;
  return invalidate(at, sql`subject_id IN (SELECT push_id ${blocked} UNION ALL SELECT commit_id ${blocked})`);
};

/** Wants every Home that somebody has opened published again. */
export const invalidateHomes = (at: At): Effectful => invalidate(at, sql`kind = 'home'`);

/** Marks the message that leads through the setup as out of date. */
export const invalidateSetupCard = (at: At): Effectful =>
  invalidate(
    at,
    sql`kind = 'welcome' AND subject_id = (SELECT installed_by FROM workspaces WHERE workspace_id = ${at.workspaceId})`,
  );

/** Somebody has opened their Home: from now on it is published with every change. */
export const upsertHomeCard = (at: At, home: { id: string; userId: string }): Effectful =>
  staleCards(at)`INSERT INTO cards ${row({
    id: home.id,
    kind: "home",
    subjectId: home.userId,
    channelId: home.userId,
    ts: "home",
    ...added(at),
  })}
    ON CONFLICT (workspace_id, channel_id, ts) WHERE ts IS NOT NULL DO UPDATE
      SET desired_version = desired_version + 1, retired_reason = NULL, updated_at = ${at.now}`;

/** Wants the cards of all commits that wait for review rewritten: who may approve them has changed. */
export const invalidateReviewCards = (at: At): Effectful =>
  invalidate(
    at,
    sql`subject_id IN (SELECT id FROM commits WHERE workspace_id = ${at.workspaceId} AND review = 'in_review')`,
  );

/** Greets somebody in their direct messages with us, once ever. */
export const insertWelcomeCard = (at: At, welcome: { id: string; userId: string }): Effectful =>
  staleCards(at)`INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, created_at, updated_at)
    SELECT ${at.workspaceId}, ${welcome.id}, 'welcome', ${welcome.userId}, ${welcome.userId}, ${at.now}, ${at.now}
    WHERE NOT EXISTS (SELECT 1 FROM cards
      WHERE workspace_id = ${at.workspaceId} AND subject_id = ${welcome.userId} AND kind = 'welcome')`;

/** Where a card stands with Slack. */
const shownSchema = z.object({
  /** When Slack last took it; null while it has not. */
  shownAt: z.nullable(time),
  /** Slack shows the last state. */
  isCurrent: z.boolean(),
  retiredReason: z.nullable(z.string()),
});
export type ShownCard = z.infer<typeof shownSchema>;

const shownRow = rowOf(shownSchema, { from: { isCurrent: "shown_version >= desired_version" } });

/** The message in the channel of a commit's newest push. */
export const newestPushCardQuery = (workspaceId: string, commitNumber: number): Query<ShownCard | null> =>
  one(shownRow)`SELECT ${shownRow.columns} FROM cards
    WHERE workspace_id = ${workspaceId} AND kind = 'push' AND subject_id = (SELECT id FROM pushes
      WHERE workspace_id = ${workspaceId} AND commit_id = ${idOfCommit(workspaceId, { number: commitNumber })}
      ORDER BY number DESC LIMIT 1)
    ORDER BY retired_reason IS NOT NULL, rowid LIMIT 1`;

const lastPostSchema = z.object({ refused: z.nullable(z.string()) });
export type LastPost = z.infer<typeof lastPostSchema>;
const lastPostRow = rowOf(lastPostSchema);

/** What became of the last new card in a channel: Slack's code, or null where Slack took it. Null: there was none. */
export const lastPostQuery = (workspaceId: string, channelId: string): Query<LastPost | null> =>
  one(lastPostRow)`SELECT refused FROM (
      SELECT * FROM (SELECT NULL AS refused, shown_at AS at FROM cards
        WHERE workspace_id = ${workspaceId} AND channel_id = ${channelId} AND ts IS NOT NULL ORDER BY ts DESC LIMIT 1)
      UNION ALL
      SELECT * FROM (SELECT retired_reason, updated_at FROM cards
        WHERE workspace_id = ${workspaceId} AND channel_id = ${channelId} AND ts IS NULL AND retired_reason IS NOT NULL
        ORDER BY updated_at DESC LIMIT 1))
    ORDER BY at DESC LIMIT 1`;

/**
 * Slack shows this version now, as the message `ts` of the channel. Where that is certain only after the card has been
 * posted once more, the message becomes a card of its own, so that it is rewritten with the other.
 */
export const cardShownStatements = (
  card: Pick<Card, "workspaceId" | "id" | "desiredVersion"> & Partial<Pick<Card, "ts">>,
  at: { channelId: string; ts: string; newCardId: string },
  now: string,
): Sql[] => [
  sql`UPDATE cards SET ts = ${at.ts}, shown_version = MAX(shown_version, ${card.desiredVersion}), shown_at = ${now},
      updated_at = ${now}, channel_id = ${at.channelId}, failures = 0, retry_at = NULL
    WHERE workspace_id = ${card.workspaceId} AND id = ${card.id} AND (ts IS NULL OR ts = ${at.ts})`,
  // A message that was rewritten is the card's own, for good.
  ...(card.ts === at.ts ? [] : [insertOtherMessage(card, at, now)]),
];

/** Nothing is read where the statement before has found the card. */
const insertOtherMessage = (
  card: Pick<Card, "workspaceId" | "id">,
  at: { channelId: string; ts: string; newCardId: string },
  now: string,
): Sql =>
  sql`INSERT INTO cards
      (workspace_id, id, kind, subject_id, attempt, channel_id, parent_card_id, thread_ts, ts, created_at, updated_at)
    SELECT workspace_id, ${at.newCardId}, kind, subject_id, attempt, ${at.channelId}, parent_card_id, thread_ts,
      ${at.ts}, created_at, ${now}
    FROM (SELECT 1 WHERE changes() = 0)
    CROSS JOIN cards ON workspace_id = ${card.workspaceId} AND id = ${card.id} AND ts <> ${at.ts}
    WHERE NOT ${hasCard(card.workspaceId, at.channelId, at.ts)}`;

/** Slack has not taken the card, and may take it later. */
export const retryCard = (card: Pick<Card, "workspaceId" | "id" | "failures">, retryAt: string): Sql =>
  sql`UPDATE cards SET failures = ${card.failures + 1}, retry_at = ${retryAt}
    WHERE workspace_id = ${card.workspaceId} AND id = ${card.id}`;

/** Slack will not take the card any more: its message is gone, its channel archived. */
export const retireCard = (card: Pick<Card, "workspaceId" | "id">, reason: string, now: string): Sql =>
  sql`UPDATE cards SET retired_reason = ${reason}, updated_at = ${now}
    WHERE workspace_id = ${card.workspaceId} AND id = ${card.id}`;
