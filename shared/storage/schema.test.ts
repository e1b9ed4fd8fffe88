import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { healthOf } from "../domain/pushes/target-health.ts";
import type { Database } from "./database.ts";
import { type Statement, preparedOf } from "./write.ts";
import * as apiReplies from "./api-replies.ts";
import * as approvals from "./commits/approvals.ts";
import * as cards from "./cards.ts";
import * as changes from "./staging/changes.ts";
import * as commitTargets from "./commits/commit-targets.ts";
import * as commits from "./commits/commits.ts";
import * as counters from "./counters.ts";
import * as deadLetters from "./dead-letters/dead-letters.ts";
import * as deliveries from "./webhooks/deliveries.ts";
import * as deliveryCounts from "./webhooks/delivery-counts.ts";
import * as events from "./events/events.ts";
import * as blockedJobs from "./pushes/blocked-jobs.ts";
import * as idempotencyRecords from "./idempotency-records.ts";
import * as jobWrites from "./pushes/job-writes.ts";
import * as jobs from "./pushes/jobs.ts";
import * as live from "./events/live.ts";
import * as outbox from "./outbox.ts";
import * as people from "./workspace/people.ts";
import * as pushes from "./pushes/pushes.ts";
import * as stuckRows from "./pushes/stuck-rows.ts";
import * as targetHealth from "./pushes/target-health.ts";
import * as targets from "./pushes/targets.ts";
import * as tokens from "./workspace/tokens.ts";
import * as webhooks from "./webhooks/webhooks.ts";
import * as workspaces from "./workspace/workspaces.ts";

test("every table has a workspace_id, except the two without tenant data", async () => {
  const { results } = await env.DB.prepare(
    `SELECT m.name FROM sqlite_schema m
     WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' AND m.name NOT GLOB '_cf_*' AND m.name <> 'd1_migrations'
       AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'workspace_id') ORDER BY m.name`,
  ).all();
  expect(results.map(({ name }) => name)).toEqual(["assertion", "state_edges"]);
});

test("no table allows a NULL for its workspace", async () => {
  const { results } = await env.DB.prepare(
    `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id'
     WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*' AND c."notnull" = 0 AND c.pk = 0`,
  ).all();
  expect(results).toEqual([]);
});

/** Answers each statement's plan instead of running it. */
const planner: Database = {
  prepare: (sql) => env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`),
  batch: () => Promise.reject(new Error("plans run one by one")),
};
const w = "T1";
const now = "2026-11-23T08:00:00.000Z";
const key = { id: "commit-1" };
const numbered = { number: 1 };
const job = {
  workspaceId: w,
  id: "job-1",
  target: "d1cv",
  attempt: 1,
  pushId: "push-1",
  state: "pending" as const,
  deadlineAt: now,
};
const tried = { ...job, tries: 0 };
const commit = { id: "commit-1", message: "m", hash: "h", review: "draft" as const, createdBy: "U", createdAt: now };
const anyCommit = { review: null, status: null, author: null, since: null };
const settings = { mode: "team" as const, approvalsNeeded: 1, channelId: null };
const operations = { inserts: [], updates: [], deletes: [] };
const result = { inserted: 0, updated: 0, deleted: 0, d1Count: 0, vectorCount: null, synced: null };
const approval = {
  id: "a",
  commitId: "c",
  commitHash: "h",
  decision: "approved" as const,
  reason: null,
  decidedBy: "U",
  decidedAt: now,
};
const binding = {
  workspaceId: w,
  name: "d1cv",
  alias: null,
  position: 0,
  portfolioId: "p",
  binding: null,
  url: null,
  credentials: "d1cv",
};
const card = {
  workspaceId: w,
  id: "card-1",
  desiredVersion: 1,
  kind: "push" as const,
  subjectId: "push-1",
  attempt: 0,
  channelId: "C",
  ts: "1.1",
};
const deadLetter = {
  workspaceId: w,
  id: "m",
  queue: "q",
  body: "",
  cause: "",
  attempts: 1,
  jobId: null,
  traceId: null,
};
const change = {
  id: "x",
  targets: [],
  entityType: "technology" as const,
  action: "UPDATE" as const,
  entityId: "e",
  payload: {},
  base: {},
  summary: "",
  permalink: null,
  sourceAuthor: null,
  createdBy: "U",
  createdAt: now,
};

const webhook = {
  id: "wh",
  url: "https://hooks.example.com/",
  description: "",
  events: ["*"],
  profile: "fast" as const,
  createdBy: "U",
};
const delivery = { id: "msg_wh_1", attempts: 0 };
const ofWebhook = { webhookId: "wh", state: null };
const attemptEnd = { status: 500, error: "e", durationMs: 1 };
const since = { recent: now, day: now };
const range = { since: now, until: now };

/** Each function of shared/storage, and its statement with arguments of the right kind. */
const statements: Record<string, Statement | Statement[]> = {
  staleCardsQuery: (["shown", "new"] as const).map((which) => cards.staleCardsQuery(planner, w, which, 10)),
  workspacesWithStaleCardsQuery: cards.workspacesWithStaleCardsQuery(planner, 10),
  insertCard: cards.insertCard(planner, w, card, now),
  insertOutcomeCard: cards.insertOutcomeCard(planner, job, "card-2", now),
  reconcileMessageStatements: cards.reconcileMessageStatements(planner, w, card, now),
  invalidateCards: cards.invalidateCards(planner, w, ["a", "b"], now),
  invalidatePushesOfCommit: cards.invalidatePushesOfCommit(planner, w, "commit-1", now),
  invalidateReviewCards: cards.invalidateReviewCards(planner, w, now),
  cardShownStatements: cards.cardShownStatements(planner, card, { channelId: "C", ts: "1.1", newCardId: "new" }, now),
  newestPushCardQuery: cards.newestPushCardQuery(planner, w, 1),
  invalidateHomes: cards.invalidateHomes(planner, w, now),
  upsertHomeCard: cards.upsertHomeCard(planner, w, { id: "card-3", userId: "U" }, now),
  insertOutageCard: cards.insertOutageCard(planner, job, { id: "card-5", outageId: "o" }, now),
  insertWelcomeCard: cards.insertWelcomeCard(planner, w, { id: "card-4", userId: "U" }, now),
  retireCard: cards.retireCard(planner, card, "gone", now),
  stagedQuery: changes.stagedQuery(planner, w),
  everStagedQuery: changes.everStagedQuery(planner, w),
  changeQuery: changes.changeQuery(planner, w, "x"),
  changesOfCommitQuery: [key, numbered].map((by) => changes.changesOfCommitQuery(planner, w, by)),
  insertChange: changes.insertChange(planner, w, change),
  committedChangeQuery: changes.committedChangeQuery(planner, w, 1),
  updateStaged: changes.updateStaged(planner, w, change, {}, now),
  rebaseStaged: changes.rebaseStaged(planner, w, [change], now),
  discardStaged: changes.discardStaged(planner, w, ["a"], now),
  commitStaged: changes.commitStaged(planner, w, "c", ["a"], now),
  discardCommitted: changes.discardCommitted(planner, w, "c", now),
  restageCommitted: changes.restageCommitted(planner, w, "c", now),
  commitQuery: [key, numbered].map((by) => commits.commitQuery(planner, w, by)),
  openCommitsQuery: commits.openCommitsQuery(planner, w, 100),
  approvalsOfOpenCommitsQuery: approvals.approvalsOfOpenCommitsQuery(planner, w),
  targetsOfOpenCommitsQuery: commitTargets.targetsOfOpenCommitsQuery(planner, w),
  commitsBeforeQuery: [null, 7].map((before) => commits.commitsBeforeQuery(planner, w, anyCommit, before, 20)),
  commitNumbersFromQuery: commits.commitNumbersFromQuery(planner, w, anyCommit, 1, 20),
  commitTargetsQuery: [key, numbered].map((by) => commitTargets.commitTargetsQuery(planner, w, by)),
  approvalsQuery: [key, numbered].map((by) => approvals.approvalsQuery(planner, w, by)),
  insertCommit: commits.insertCommit(planner, w, commit),
  insertCommitTargets: commitTargets.insertCommitTargets(planner, w, "c", ["d1cv"], now),
  moveReview: commits.moveReview(planner, w, commit, "in_review", now),
  assertInReview: approvals.assertInReview(planner, w, commit),
  assertApproved: commits.assertApproved(planner, w, commit),
  commitsWithApprovalsQuery: approvals.commitsWithApprovalsQuery(planner, w, 1),
  assertNoneApproved: approvals.assertNoneApproved(planner, w),
  approveWhenEnough: approvals.approveWhenEnough(planner, w, commit, 1, now),
  insertApproval: approvals.insertApproval(planner, w, approval),
  moveCommitTarget: commitTargets.moveCommitTarget(planner, w, "c", "d1cv", "applied", null, now),
  assertNoneApplied: commitTargets.assertNoneApplied(planner, w, "c", ["d1cv"]),
  projectCommitStatus: commitTargets.projectCommitStatus(planner, w, "c", now),
  setAppliedBy: commits.setAppliedBy(planner, w, "c", "U"),
  takeNumber: counters.takeNumber(planner, w, "change"),
  insertDeadLetter: deadLetters.insertDeadLetter(planner, deadLetter, now),
  deadLettersBeforeQuery: deadLetters.deadLettersBeforeQuery(planner, w, { before: 7, all: false, limit: 20 }),
  deadLetterNumbersFromQuery: deadLetters.deadLetterNumbersFromQuery(planner, w, { from: 7, all: true, limit: 20 }),
  deadLetterQuery: deadLetters.deadLetterQuery(planner, w, 7),
  countKeptQuery: deadLetters.countKeptQuery(planner, w),
  ownerQuery: deadLetters.ownerQuery(planner, { jobId: "job-1", portfolioId: "p" }),
  sameDeadLetterQuery: deadLetters.sameDeadLetterQuery(planner, w, "q", "{}"),
  decideDeadLetter: deadLetters.decideDeadLetter(planner, deadLetter, "retried", { by: "U", at: now, reason: null }),
  countDeadLetter: deadLetters.countDeadLetter(planner, deadLetter, deadLetter, now),
  returnDeadLetter: deadLetters.returnDeadLetter(planner, deadLetter, deadLetter, now),
  resolveDeadLetter: deadLetters.resolveDeadLetter(planner, deadLetter),
  eventsAfterQuery: [{}, { jobId: "j" }, { commitNumber: 7 }].map((filter) =>
    events.eventsAfterQuery(planner, w, 0, 100, filter),
  ),
  eventsBeforeQuery: [null, 7].map((before) => events.eventsBeforeQuery(planner, w, before, 20)),
  lastEventQuery: events.lastEventQuery(planner, w),
  assertUnedited: events.assertUnedited(planner, w, [change], 7),
  newestPushEventsQuery: events.newestPushEventsQuery(planner, w, 1, 500),
  lastTraceQuery: events.lastTraceQuery(planner, w, { pushId: "push-1" }),
  eventIdsFromQuery: events.eventIdsFromQuery(planner, w, 7, 20),
  insertEvent: events.insertEvent(planner, w, { type: "change.staged" }, { kind: "system", id: "x" }, "t", now),
  insertEventUpTo: events.insertEventUpTo(
    planner,
    w,
    { type: "webhook.ignored", jobId: "j" },
    { kind: "system", id: "x" },
    "t",
    now,
    20,
  ),
  unknownJobsQuery: live.unknownJobsQuery(planner, w, ["j"]),
  unknownCommitsQuery: live.unknownCommitsQuery(planner, w, [7]),
  revokedTokensQuery: live.revokedTokensQuery(planner, w, ["t"]),
  insertIdempotencyRecord: idempotencyRecords.insertIdempotencyRecord(planner, w, "k", now),
  saveResult: idempotencyRecords.saveResult(planner, w, "k", {
    number: counters.takenNumber(w, "push"),
    review: approvals.reviewAfter(w, "c"),
    missing: approvals.missingAfter(w, "c", 1),
    replayed: deliveries.replayedCount(w, "wh", { at: now, until: now }),
  }),
  idempotencyRecordQuery: idempotencyRecords.idempotencyRecordQuery(planner, w, "k"),
  recordedPartsQuery: idempotencyRecords.recordedPartsQuery(planner, w, "k"),
  pruneIdempotencyRecords: idempotencyRecords.pruneIdempotencyRecords(planner, now),
  jobQuery: jobs.jobQuery(planner, w, "job-1"),
  jobsBesideQuery: jobs.jobsBesideQuery(planner, "job-1"),
  jobsOfCommitQuery: [key, numbered].map((by) => jobs.jobsOfCommitQuery(planner, w, by)),
  overdueWorkspacesQuery: jobs.overdueWorkspacesQuery(planner, now, 10),
  overdueJobsQuery: [null, w].map((workspaceId) => jobs.overdueJobsQuery(planner, now, 10, workspaceId)),
  insertJob: jobWrites.insertJob(
    planner,
    w,
    { id: "j", pushId: "p", commitId: "c", target: "d1cv", position: 0, operations, dispatch: null },
    now,
  ),
  dispatchJob: jobWrites.dispatchJob(planner, job, now, now),
  postponeJob: jobWrites.postponeJob(planner, job, now, now),
  countTry: jobWrites.countTry(planner, tried, now, now),
  postponeTry: jobWrites.postponeTry(planner, tried, now),
  expectTries: jobWrites.expectTries(planner, job, 1),
  holdUpJob: blockedJobs.holdUpJob(planner, job, now, now),
  postponeBlocked: blockedJobs.postponeBlocked(planner, job, now),
  invalidateBlockedCards: cards.invalidateBlockedCards(planner, job, now),
  releaseBlocked: blockedJobs.releaseBlocked(planner, job, now, 200),
  giveDeadlines: stuckRows.giveDeadlines(planner, now, 10),
  stuckPushesQuery: stuckRows.stuckPushesQuery(planner, now, 10),
  stuckTargetsQuery: stuckRows.stuckTargetsQuery(planner, now, 10),
  backlogQuery: stuckRows.backlogQuery(planner, w, { messages: now, cards: now }),
  healthOfJobQuery: targetHealth.healthOfJobQuery(planner, "job-1"),
  targetsDownQuery: targetHealth.targetsDownQuery(planner, w),
  outageQuery: targetHealth.outageQuery(planner, w, "o"),
  saveHealth: targetHealth.saveHealth(planner, w, healthOf("d1cv"), now),
  forgetFailures: targetHealth.forgetFailures(planner, w, "d1cv", now),
  closeHealth: targetHealth.closeHealth(planner, w, "d1cv", now),
  extendProbe: targetHealth.extendProbe(planner, job, now),
  acceptJob: jobWrites.acceptJob(planner, job, now, now),
  progressJob: jobWrites.progressJob(planner, job, { stage: "s", percent: 1 }, now, now),
  completeJob: jobWrites.completeJob(planner, job, result, now),
  stopJob: jobWrites.stopJob(planner, job, "failed", { code: "c", message: "m" }, now, null),
  retryJob: jobWrites.retryJob(planner, job, operations, now, now),
  cancelUnsentJob: jobWrites.cancelUnsentJob(planner, job, now),
  cancelWaitingJobs: jobWrites.cancelWaitingJobs(planner, w, "c", now),
  cancelWaitingForTarget: jobWrites.cancelWaitingForTarget(
    planner,
    { workspaceId: w, commitId: "c", target: "d1cv" },
    now,
  ),
  recordSearchable: jobWrites.recordSearchable(planner, job, now),
  recordVerified: jobWrites.recordVerified(planner, job, { synced: true, d1Count: 1, vectorCount: 1 }, now),
  expectSettled: jobWrites.expectSettled(planner, w, "push-1", 0),
  assertNoRunningJob: jobWrites.assertNoRunningJob(planner, w, "c"),
  jobsUnderWayQuery: jobs.jobsUnderWayQuery(planner, w),
  nextDeadlineQuery: jobs.nextDeadlineQuery(planner, w),
  outboxQuery: outbox.outboxQuery(planner, 100),
  deliveriesWaitQuery: outbox.deliveriesWaitQuery(planner, w),
  insertMessage: outbox.insertMessage(planner, { workspaceId: w, id: "o", queue: "cv-index" }, {}, now),
  insertPushMessage: outbox.insertPushMessage(planner, "o", { workspaceId: w, jobId: "j", attempt: 1 }, now),
  deleteOutbox: outbox.deleteOutbox(planner, [{ workspaceId: w, id: "o" }]),
  countOutboxAttempt: outbox.countOutboxAttempt(planner, [{ workspaceId: w, id: "o" }]),
  claimKey: apiReplies.claimKey(planner, w, "k", "f", now),
  claimQuery: apiReplies.claimQuery(planner, w, "k"),
  saveReply: apiReplies.saveReply(planner, w, "k", { status: 200, body: {} }),
  pruneReplies: apiReplies.pruneReplies(planner, now),
  connectedQuery: people.connectedQuery(planner, "avery@example.com", w, 50),
  upsertAddress: people.upsertAddress(planner, w, "avery@example.com", { userId: "U", checkedAt: now }),
  peopleQuery: people.peopleQuery(planner, w, ["U"], now),
  upsertPerson: people.upsertPerson(planner, w, { userId: "U", name: "Avery" }, now),
  tokenByHashQuery: tokens.tokenByHashQuery(planner, "h"),
  tokensQuery: [null, "U"].map((userId) => tokens.tokensQuery(planner, w, { userId, endedAfter: now, limit: 50 })),
  tokenQuery: tokens.tokenQuery(planner, w, 1),
  insertToken: tokens.insertToken(planner, w, {
    id: "t",
    name: "CI",
    scopes: ["read"],
    userId: "U",
    createdAt: now,
    expiresAt: now,
    hash: "h",
  }),
  revokeTokenRow: tokens.revokeTokenRow(planner, w, "t", "U", now),
  noteTokenUse: tokens.noteTokenUse(planner, w, "t", now, now),
  pushByNumberQuery: pushes.pushByNumberQuery(planner, w, 1),
  jobsOfPushQuery: jobs.jobsOfPushQuery(planner, w, 1),
  pushOfJobQuery: pushes.pushOfJobQuery(planner, w, "job-1"),
  pushQuery: pushes.pushQuery(planner, w, "p"),
  pushesOfCommitQuery: [key, numbered].map((by) => pushes.pushesOfCommitQuery(planner, w, by)),
  insertPush: pushes.insertPush(planner, w, {
    id: "p",
    commitId: "c",
    scope: "all",
    requestedBy: "U",
    channelId: "C",
    traceId: "t",
    createdAt: now,
  }),
  movePush: pushes.movePush(planner, w, "p", "completed", now),
  targetsQuery: targets.targetsQuery(planner, w),
  insertTarget: targets.insertTarget(planner, binding, now),
  originOfJobQuery: targets.originOfJobQuery(planner, "j"),
  eventOfDeliveryQuery: events.eventOfDeliveryQuery(planner, w, "msg_wh_1"),
  webhooksQuery: webhooks.webhooksQuery(planner, w),
  webhookQuery: [key, numbered].map((by) => webhooks.webhookQuery(planner, w, by)),
  assertActive: webhooks.assertActive(planner, w, "wh"),
  insertWebhook: webhooks.insertWebhook(planner, w, webhook, "s", now),
  updateWebhook: webhooks.updateWebhook(planner, w, webhook, now),
  disableWebhook: webhooks.disableWebhook(planner, w, "wh", "gone", now),
  enableWebhook: webhooks.enableWebhook(planner, w, "wh", now),
  rotateWebhookSecret: webhooks.rotateWebhookSecret(planner, w, "wh", { secret: "s", oldUntil: now }, now),
  forgetOldSecrets: webhooks.forgetOldSecrets(planner, now),
  deleteWebhook: webhooks.deleteWebhook(planner, w, "wh"),
  countWebhookFailure: webhooks.countWebhookFailure(planner, w, "wh", "e", now),
  forgetWebhookFailures: webhooks.forgetWebhookFailures(planner, w, "wh"),
  deliveriesBeforeQuery: deliveries.deliveriesBeforeQuery(planner, w, ofWebhook, 7, 20),
  deliveryNumbersFromQuery: deliveries.deliveryNumbersFromQuery(planner, w, ofWebhook, 7, 20),
  deliveryQuery: deliveries.deliveryQuery(planner, w, 7),
  deliveryToSendQuery: deliveries.deliveryToSendQuery(planner, w, "msg_wh_1", now),
  claimDelivery: deliveries.claimDelivery(planner, w, delivery, now, now),
  completeDelivery: deliveries.completeDelivery(planner, w, "msg_wh_1", attemptEnd, now),
  recordFailure: deliveries.recordFailure(planner, w, delivery, attemptEnd, now, now),
  failPending: deliveries.failPending(planner, w, "wh", now),
  deleteDeliveries: deliveries.deleteDeliveries(planner, w, "wh"),
  queueDueStatements: Object.values(
    deliveries.queueDueStatements(planner, { before: now, again: now, now, limit: 10 }),
  ),
  replayDelivery: deliveries.replayDelivery(planner, w, 7, now),
  replayFailed: deliveries.replayFailed(planner, w, "wh", range, 10, now),
  insertMissed: deliveries.insertMissed(planner, w, "wh", range, 10, now),
  pruneDeliveries: deliveries.pruneDeliveries(planner, now, 10),
  endedCountsQuery: deliveryCounts.endedCountsQuery(planner, w, since),
  createdCountsQuery: deliveryCounts.createdCountsQuery(planner, w, since),
  pendingCountsQuery: deliveryCounts.pendingCountsQuery(planner, w),
  failedCountsQuery: deliveryCounts.failedCountsQuery(planner, w),
  workspaceIdsQuery: workspaces.workspaceIdsQuery(planner, 100, 7),
  workspaceQuery: workspaces.workspaceQuery(planner, w),
  membersQuery: workspaces.membersQuery(planner, w),
  insertWorkspace: workspaces.insertWorkspace(planner, w, now),
  insertMember: workspaces.insertMember(planner, w, { userId: "U", role: "viewer" }, "x", now),
  upsertMember: workspaces.upsertMember(planner, w, { userId: "U", role: "editor" }, "x", now),
  deleteMember: workspaces.deleteMember(planner, w, "U"),
  assertAdmin: workspaces.assertAdmin(planner, w, "U"),
  assertSomeAdmin: workspaces.assertSomeAdmin(planner, w),
  updateSettings: workspaces.updateSettings(planner, w, settings, settings, now),
  workspaceNameQuery: workspaces.workspaceNameQuery(planner, w),
  setWorkspaceName: workspaces.setWorkspaceName(planner, w, "Noor"),
  setDisconnected: workspaces.setDisconnected(planner, w, now),
  setReconnected: workspaces.setReconnected(planner, w, now),
};

/** These read a whole, small table in the order of an index, oldest first, for cron and the relay. */
const mayScan: Record<string, string[]> = {
  outboxQuery: ["outbox USING INDEX outbox_by_turn"],
  workspaceIdsQuery: ["workspaces", "workspaces USING COVERING INDEX"],
  workspacesWithStaleCardsQuery: ["c USING INDEX cards_stale"],
  ownerQuery: ["workspaces USING COVERING INDEX"],
  // A row for each installation: who signs in is looked for in all of them.
  connectedQuery: ["w"],
};

const notStatements = new Set([
  "idOfCommit",
  "currentNumber",
  "takenNumber",
  "reviewAfter",
  "missingAfter",
  "replayedCount",
  "queueOf",
  "staleCards",
  "watched",
]);

describe("every statement", () => {
  test("every statement of shared/storage is among the fixtures of this file", () => {
    const modules = [
      apiReplies,
      approvals,
      commitTargets,
      jobWrites,
      cards,
      changes,
      commits,
      counters,
      deadLetters,
      deliveries,
      deliveryCounts,
      events,
      blockedJobs,
      idempotencyRecords,
      jobs,
      live,
      outbox,
      people,
      pushes,
      stuckRows,
      targetHealth,
      targets,
      tokens,
      webhooks,
      workspaces,
    ];
    const exported = modules.flatMap((module) =>
      Object.entries(module)
        .filter(([name, value]) => typeof value === "function" && !notStatements.has(name))
        .map(([name]) => name),
    );
    expect(Object.keys(statements).toSorted()).toEqual(exported.toSorted());
  });

  test.each(Object.entries(statements))("the statement %s reads by an index", async (name, statement) => {
    for (const one of [statement].flat()) {
      const { results } = await preparedOf(one).all<{ detail: string }>();
      const scans = results
        .map(({ detail }) => detail)
        .filter((detail) => /^SCAN (?!json_each|CONSTANT|\(subquery|turns$)/.test(detail));
      expect(scans).toEqual((mayScan[name] ?? []).map((scan): unknown => expect.stringContaining(scan)));
    }
  });
});
