import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { healthOf } from "../domain/pushes/target-health.ts";
import type { Batch } from "./database.ts";
import { Sql, prepare, sql } from "./sql.ts";
import { sqlOf, statementsOf } from "./write.ts";
import * as apiReplies from "./api-replies.ts";
import * as approvals from "./commits/approvals.ts";
import * as cards from "./cards.ts";
import * as changesOfTarget from "./commits/changes-of-target.ts";
import * as changes from "./staging/changes.ts";
import * as commitTargets from "./commits/commit-targets.ts";
import * as commits from "./commits/commits.ts";
import * as overlaps from "./commits/overlaps.ts";
import * as history from "./commits/history.ts";
import * as counters from "./counters.ts";
import * as deadLetters from "./dead-letters/dead-letters.ts";
import * as deliveries from "./webhooks/deliveries.ts";
import * as deliveryCounts from "./webhooks/delivery-counts.ts";
import * as archives from "./events/archives.ts";
import * as events from "./events/events.ts";
import * as blockedJobs from "./pushes/blocked-jobs.ts";
import * as idempotencyRecords from "./idempotency-records.ts";
import * as jobWrites from "./pushes/job-writes.ts";
import * as jobs from "./pushes/jobs.ts";
import * as live from "./events/live.ts";
import * as operatorPasses from "./operations/operator-passes.ts";
import * as signIns from "./workspace/sign-ins.ts";
import * as directory from "./directory.ts";
import * as logins from "./workspace/logins.ts";
import * as backups from "./operations/backups.ts";
import * as operationAlerts from "./operations/alerts.ts";
import * as operationCounts from "./operations/counts.ts";
import * as operationSignals from "./operations/signals.ts";
import * as outbox from "./outbox.ts";
import * as people from "./workspace/people.ts";
import * as personalData from "./workspace/personal-data.ts";
import * as reconciled from "./pushes/reconciled.ts";
import * as pushes from "./pushes/pushes.ts";
import * as refusalCounts from "./refusal-counts.ts";
import * as stuckRows from "./pushes/stuck-rows.ts";
import * as targetHealth from "./pushes/target-health.ts";
import * as targets from "./pushes/targets.ts";
import * as tokens from "./workspace/tokens.ts";
import * as installations from "./workspace/installations.ts";
import * as webhooks from "./webhooks/webhooks.ts";
import * as workspaces from "./workspace/workspaces.ts";

test("every table has a workspace_id, except those without tenant data", async () => {
  const { results } = await env.DB.prepare(
    `SELECT m.name FROM sqlite_schema m
     WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' AND m.name NOT GLOB '_cf_*' AND m.name <> 'd1_migrations'
       AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'workspace_id') ORDER BY m.name`,
  ).all();
  expect(results.map(({ name }) => name)).toEqual([
    "alerts",
    "assertion",
    "backups",
    "databases",
    "install_states",
    "logins",
    "operation_counts",
    "operation_cursor",
    "operator_passes",
    "restores",
    "sign_in_attempts",
    "state_edges",
  ]);
});

test("no table allows a NULL for its workspace", async () => {
  const { results } = await env.DB.prepare(
    `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id'
     WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*' AND c."notnull" = 0 AND c.pk = 0`,
  ).all();
  expect(results).toEqual([]);
});

const w = "T1";
const now = "2026-11-23T08:00:00.000Z";
const at = { workspaceId: w, now };
const key = { id: "commit-1" };
const numbered = { number: 1 };
const newSecret = { plain: "s", sealed: { keyVersion: "1", text: "c" } };
const storedSecrets = {
  workspaceId: w,
  id: "wh",
  secret: "s",
  sealedSecret: null,
  keyVersion: null,
  oldSecret: null,
  sealedOldSecret: null,
  oldKeyVersion: null,
  oldSecretUntil: null,
};
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
const commit = {
  id: "commit-1",
  message: "m",
  summary: null,
  hash: "h",
  review: "draft" as const,
  createdBy: "U",
  createdAt: now,
};
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
  ...targets.unsealed,
};
const installation = {
  workspaceId: w,
  name: "Acme",
  appId: "A1",
  botUserId: "U0BOT",
  scopes: "commands,chat:write",
  organisationId: null,
  isOrgWide: false,
  installedBy: "U",
  installedAt: now,
  sealedTokens: "sealed",
  keyVersion: "1",
  expiresAt: now,
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
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: "U",
  contributors: ["U"],
  unseenEdit: null,
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
const statements: Record<string, Batch> = {
  staleCardsQuery: (["shown", "new"] as const).map((which) => cards.staleCardsQuery(at, which, 10)),
  nextCardRetryQuery: cards.nextCardRetryQuery(w),
  outdatedCardsQuery: cards.outdatedCardsQuery(w, 10),
  invalidateCardsOf: cards.invalidateCardsOf(at, "push-1"),
  invalidateCommitCards: cards.invalidateCommitCards(at, "commit-1"),
  retryCard: cards.retryCard({ ...card, failures: 0 }, now),
  workspacesWithStaleCardsQuery: cards.workspacesWithStaleCardsQuery(10),
  insertCard: cards.insertCard(at, {
    id: "card-1",
    kind: "push",
    subjectId: "push-1",
    channelId: "C",
    attempt: 0,
    threadTs: "1.1",
  }),
  insertCardOnce: cards.insertCardOnce(at, { id: "c", kind: "digest", subjectId: "2026-11-22", channelId: "C" }),
  insertOutcomeCard: cards.insertOutcomeCard(at, job, "card-2"),
  reconcileMessageStatements: cards.reconcileMessageStatements(at, card),
  invalidateCards: cards.invalidateCards(at, ["a", "b"]),
  invalidateOtherPushes: cards.invalidateOtherPushes(at, { commitId: "c", pushId: "p" }),
  invalidatePushesOfCommit: cards.invalidatePushesOfCommit(at, "commit-1"),
  invalidateReviewCards: cards.invalidateReviewCards(at),
  cardShownStatements: cards.cardShownStatements(card, { channelId: "C", ts: "1.1", newCardId: "new" }, now),
  newestPushCardQuery: cards.newestPushCardQuery(w, 1),
  lastPostQuery: cards.lastPostQuery(w, "C"),
  invalidateHomes: cards.invalidateHomes(at),
  upsertHomeCard: cards.upsertHomeCard(at, { id: "card-3", userId: "U" }),
  insertOutageCard: cards.insertOutageCard(at, job, { id: "card-5", outageId: "o" }),
  insertWelcomeCard: cards.insertWelcomeCard(at, { id: "card-4", userId: "U" }),
  retireCard: cards.retireCard(card, "gone", now),
  stagedQuery: changes.stagedQuery(w),
  everStagedQuery: changes.everStagedQuery(w),
  everShownQuery: changes.everShownQuery(w, change),
  changeQuery: changes.changeQuery(w, "x"),
  changesOfCommitQuery: [key, numbered].map((by) => changes.changesOfCommitQuery(w, by)),
  changeCountsQuery: changes.changeCountsQuery(w, ["commit-1"]),
  changesOfCommitsQuery: changes.changesOfCommitsQuery(w, ["commit-1"], 20),
  insertChange: changes.insertChange(w, change),
  committedChangeQuery: changes.committedChangeQuery(w, 1),
  updateStaged: changes.updateStaged(at, change, {}),
  resolveStaged: changes.resolveStaged(at, change),
  rebaseStaged: changes.rebaseStaged(at, [change]),
  discardStaged: changes.discardStaged(at, ["a"]),
  commitStaged: changes.commitStaged(at, "c", ["a"]),
  discardCommitted: changes.discardCommitted(at, "c"),
  joinCommitted: changes.joinCommitted(at, "c", change),
  rewriteCommitted: changes.rewriteCommitted(at, "c", [change]),
  discardFromCommit: changes.discardFromCommit(at, "c", ["c1"]),
  setContent: commits.setContent(
    at,
    { ...commit, review: "approved" },
    { hash: "h2", summary: null, review: "in_review" },
  ),
  leaveTargets: commitTargets.leaveTargets(at, "c", ["d1cv"]),
  restageCommitted: changes.restageCommitted(at, "c"),
  commitQuery: [key, numbered].map((by) => commits.commitQuery(w, by)),
  openCommitsQuery: commits.openCommitsQuery(w, 100),
  commitsPushedSinceQuery: commits.commitsPushedSinceQuery(w, now, 20),
  commitAloneQuery: [key, numbered].map((by) => commits.commitAloneQuery(w, by)),
  commitTextsQuery: commits.commitTextsQuery(w, ["python", "x"]),
  foundCommitsQuery: commits.foundCommitsQuery(w, [1, 2], 10),
  approvalsOfOpenCommitsQuery: approvals.approvalsOfOpenCommitsQuery(w),
  targetsOfCommitsQuery: commitTargets.targetsOfCommitsQuery(w, ["commit-1"]),
  targetsOfOpenCommitsQuery: commitTargets.targetsOfOpenCommitsQuery(w),
  commitPageQueries: [null, 7].map((before) => commits.commitPageQueries(w, anyCommit, { before, limit: 20 })),
  commitTargetsQuery: [key, numbered].map((by) => commitTargets.commitTargetsQuery(w, by)),
  newerChangesQuery: [
    ...[key, numbered].map((by) => history.newerChangesQuery(w, by)),
    history.newerChangesQuery(w, key, "sent"),
  ],
  assertNoneNewer: history.assertNoneNewer(w, "c", ["d1cv"], []),
  touchesOfCommitQuery: [key, numbered].map((by) => overlaps.touchesOfCommitQuery(w, by)),
  sharedTouchesQuery: overlaps.sharedTouchesQuery(w),
  invalidateOverlapping: overlaps.invalidateOverlapping(at, ["a"]),
  invalidateOverlappingCommit: overlaps.invalidateOverlappingCommit(at, "commit-1"),
  invalidate: cards.invalidate(at, sql`kind = 'home'`),
  changesBesideJobQuery: history.changesBesideJobQuery("job-1"),
  targetsBesideJobQuery: history.targetsBesideJobQuery("job-1"),
  appliedSinceStagedQuery: history.appliedSinceStagedQuery(w, "U"),
  changesOfOpenCommitsQuery: history.changesOfOpenCommitsQuery(w),
  setDrift: commitTargets.setDrift(at, commit, "d1cv", null),
  appliedChangesQuery: history.appliedChangesQuery(w),
  approvalsOfCommitsQuery: approvals.approvalsOfCommitsQuery(w, ["commit-1"]),
  approvalsQuery: [key, numbered].map((by) => approvals.approvalsQuery(w, by)),
  insertCommit: commits.insertCommit(w, commit),
  insertCommitTargets: commitTargets.insertCommitTargets(at, "c", ["d1cv"]),
  moveReview: commits.moveReview(at, commit, "in_review"),
  assertInReview: approvals.assertInReview(w, commit),
  assertApproved: approvals.assertApproved(w, commit),
  assertMayApprove: approvals.assertMayApprove(w, commit, "U"),
  projectReview: approvals.projectReview(at, "c"),
  settleReview: approvals.settleReview(at, "c"),
  settleApproved: approvals.settleApproved(at, "commit-1"),
  projectReviews: approvals.projectReviews(at, { approved: 0, returned: 0 }),
  takeApprovalsBack: approvals.takeApprovalsBack(at, "U"),
  takeApprovalBack: approvals.takeApprovalBack(at, commit, "U"),
  insertApproval: approvals.insertApproval(w, approval),
  moveCommitTarget: commitTargets.moveCommitTarget(at, "c", "d1cv", "applied", null),
  assertNoneApplied: commitTargets.assertNoneApplied(w, "c", ["d1cv"]),
  projectCommitStatus: commitTargets.projectCommitStatus(at, "c"),
  setAppliedBy: commits.setAppliedBy(w, "c", "U"),
  takeNumber: counters.takeNumber(w, "change"),
  keepChanges: counters.keepChanges(w, "replayed_failed"),
  insertDeadLetter: deadLetters.insertDeadLetter(at, deadLetter),
  deadLetterPageQueries: [true, false].map((all) =>
    deadLetters.deadLetterPageQueries(w, all, { before: 7, limit: 20 }),
  ),
  deadLetterQuery: deadLetters.deadLetterQuery(w, 7),
  countKeptQuery: deadLetters.countKeptQuery(w),
  ownerQuery: deadLetters.ownerQuery({ jobId: "job-1", portfolioId: "p" }),
  sameDeadLetterQuery: deadLetters.sameDeadLetterQuery(w, "q", "{}"),
  decideDeadLetter: deadLetters.decideDeadLetter(at, "m", "retried", { by: "U", reason: null }),
  countDeadLetter: deadLetters.countDeadLetter(at, "m", deadLetter),
  returnDeadLetter: deadLetters.returnDeadLetter(at, "m", deadLetter),
  resolveDeadLetter: deadLetters.resolveDeadLetter(at, "m"),
  eventsAfterQuery: [{}, { jobId: "j" }, { commitNumber: 7 }].map((filter) =>
    events.eventsAfterQuery(w, 0, 100, filter),
  ),
  newestEventsQuery: events.newestEventsQuery(w, 20),
  eventPageQueries: [null, 7].map((before) => events.eventPageQueries(w, { before, limit: 20 })),
  settingsEventQuery: events.settingsEventQuery(w, "n"),
  lastEventQuery: events.lastEventQuery(w),
  assertUnedited: events.assertUnedited(w, [change], 7),
  archivedEventsQuery: [{}, { isLog: true, ofCommit: 7 }, { newestPushOf: 7 }].map((filter) =>
    events.archivedEventsQuery(w, [], filter),
  ),
  newestPushEventsQuery: events.newestPushEventsQuery(w, 1, 500),
  lastTraceQuery: events.lastTraceQuery(w, { pushId: "push-1" }),
  insertEvent: events.insertEvent(at, { type: "change.staged" }, { kind: "system", id: "x" }, "t"),
  insertEventUpTo: events.insertEventUpTo(
    at,
    { type: "webhook.ignored", jobId: "j" },
    { kind: "system", id: "x" },
    "t",
    20,
  ),
  unknownJobsQuery: live.unknownJobsQuery(w, ["j"]),
  unknownCommitsQuery: live.unknownCommitsQuery(w, [7]),
  unreachablePeopleQuery: live.unreachablePeopleQuery(w, ["U1"]),
  revokedTokensQuery: live.revokedTokensQuery(w, ["t"]),
  insertIdempotencyRecord: idempotencyRecords.insertIdempotencyRecord(at, "k"),
  saveResult: idempotencyRecords.saveResult(w, "k", {
    number: counters.takenNumber(w, "push"),
    review: approvals.reviewAfter(w, "c"),
    missing: approvals.missingAfter(w, "c"),
    touched: overlaps.touchesOfRowAfter(w, change),
    touches: overlaps.touchesOfCommitAfter(w, "c"),
    replayed: deliveries.replayedCount(w),
  }),
  idempotencyRecordQuery: idempotencyRecords.idempotencyRecordQuery(w, "k"),
  recordedPartsQuery: idempotencyRecords.recordedPartsQuery(w, "k"),
  pruneIdempotencyRecords: idempotencyRecords.pruneIdempotencyRecords(now, 10),
  pruneAddresses: people.pruneAddresses(now, 10),
  placementQuery: directory.placementQuery(w, "DB"),
  placeWorkspace: directory.placeWorkspace(at, { first: "DB", names: ["DB", "DB_2"], addedBefore: now }),
  noteOrganisation: directory.noteOrganisation(w, "E1"),
  measureDatabase: directory.measureDatabase("DB", 4096, now),
  sizesQuery: directory.sizesQuery(),
  jobQuery: jobs.jobQuery(w, "job-1"),
  jobIdQuery: jobs.jobIdQuery("job-1"),
  operationsOfJobQuery: jobs.operationsOfJobQuery("job-1"),
  jobsBesideQuery: jobs.jobsBesideQuery("job-1"),
  jobAloneQuery: jobs.jobAloneQuery("job-1"),
  untracedJobsOfCommitQuery: [key, numbered].map((by) => jobs.untracedJobsOfCommitQuery(w, by)),
  jobsOfCommitQuery: [key, numbered].map((by) => jobs.jobsOfCommitQuery(w, by)),
  overdueWorkspacesQuery: jobs.overdueWorkspacesQuery(now, 10),
  overdueJobsQuery: [null, w].map((workspaceId) => jobs.overdueJobsQuery(now, 10, workspaceId)),
  insertJob: jobWrites.insertJob(at, {
    id: "j",
    pushId: "p",
    commitId: "c",
    target: "d1cv",
    position: 0,
    operations,
    dispatch: null,
  }),
  dispatchJob: jobWrites.dispatchJob(at, job, now),
  postponeJob: jobWrites.postponeJob(at, job, now),
  countTry: jobWrites.countTry(at, tried, now),
  postponeTry: jobWrites.postponeTry(at, tried, now),
  assertTries: jobWrites.assertTries(at, job, 1),
  holdUpJob: blockedJobs.holdUpJob(at, job, now),
  postponeBlocked: blockedJobs.postponeBlocked(at, "d1cv", now),
  invalidateBlockedCards: cards.invalidateBlockedCards(at, "d1cv"),
  releaseBlocked: blockedJobs.releaseBlocked(at, "d1cv", 200),
  giveDeadlines: stuckRows.giveDeadlines(now, 10),
  stuckPushesQuery: stuckRows.stuckPushesQuery(now, 10),
  stuckTargetsQuery: stuckRows.stuckTargetsQuery(now, 10),
  backlogQuery: stuckRows.backlogQuery(w, { messages: now, cards: now }),
  healthOfJobQuery: targetHealth.healthOfJobQuery("job-1"),
  targetsDownQuery: targetHealth.targetsDownQuery(w),
  outageQuery: targetHealth.outageQuery(w, "o"),
  saveHealth: targetHealth.saveHealth(at, healthOf("d1cv")),
  forgetFailures: targetHealth.forgetFailures(at, "d1cv"),
  closeHealth: targetHealth.closeHealth(at, "d1cv"),
  extendProbe: targetHealth.extendProbe(w, job, now),
  acceptJob: jobWrites.acceptJob(at, job, now),
  progressJob: jobWrites.progressJob(at, job, { stage: "s", percent: 1 }, now),
  completeJob: jobWrites.completeJob(at, job, result),
  stopJob: jobWrites.stopJob(at, job, "failed", { code: "c", message: "m" }, null),
  retryJob: jobWrites.retryJob(at, job, operations, now),
  setOperations: jobWrites.setOperations(at, { ...job, tries: 1 }, operations),
  cancelUnsentJob: jobWrites.cancelUnsentJob(at, job),
  cancelWaitingJobs: jobWrites.cancelWaitingJobs(at, "c"),
  cancelWaitingForTarget: jobWrites.cancelWaitingForTarget(at, { commitId: "c", target: "d1cv" }),
  recordSearchable: jobWrites.recordSearchable(at, job),
  recordVerified: jobWrites.recordVerified(at, job, { synced: true, d1Count: 1, vectorCount: 1 }),
  assertSettled: jobWrites.assertSettled(w, "push-1", 0),
  assertNoRunningJob: jobWrites.assertNoRunningJob(w, "c"),
  jobsOfCommitsQuery: jobs.jobsOfCommitsQuery(w, ["commit-1"]),
  jobsUnderWayQuery: jobs.jobsUnderWayQuery(w),
  nextDeadlineQuery: jobs.nextDeadlineQuery(w),
  ownMessagesQuery: outbox.ownMessagesQuery(w),
  claimOwnMessages: outbox.claimOwnMessages(w, 0),
  claimMessages: outbox.claimMessages(now, now, 100),
  releaseOutbox: outbox.releaseOutbox([{ workspaceId: w, id: "o" }]),
  insertMessage: outbox.insertMessage(at, "o", "cv-index", {}),
  insertPushMessage: outbox.insertPushMessage(at, "o", { jobId: "j", attempt: 1 }),
  deleteOutbox: outbox.deleteOutbox([{ workspaceId: w, id: "o" }]),
  countOutboxAttempt: outbox.countOutboxAttempt([{ workspaceId: w, id: "o" }]),
  claimKey: apiReplies.claimKey(at, "k", "f"),
  claimQuery: apiReplies.claimQuery(w, "k"),
  saveReply: apiReplies.saveReply(at, "k", "f", { status: 200, body: {} }),
  releaseKey: apiReplies.releaseKey(at, "k"),
  pruneReplies: apiReplies.pruneReplies(now, 10),
  addRefusals: refusalCounts.addRefusals([
    { day: "2026-11-23", workspaceId: w, via: "api", operation: "whoAmI", code: "unauthorized", count: 1 },
  ]),
  pruneRefusalCounts: refusalCounts.pruneRefusalCounts("2026-08-25", 10),
  alertsQuery: operationAlerts.alertsQuery(),
  alertOfNoticeQuery: operationAlerts.alertOfNoticeQuery("n"),
  raiseAlert: operationAlerts.raiseAlert("target_down", 1, "n", now),
  clearAlert: operationAlerts.clearAlert("target_down", 0, now),
  addCounts: operationCounts.addCounts([{ day: "2026-11-23", name: "acks", label: "1", count: 1, sum: 0.7 }]),
  countsInAllQuery: operationCounts.countsInAllQuery(),
  countsOfDaysQuery: operationCounts.countsOfDaysQuery("2026-11-17", "2026-11-24"),
  pruneCounts: operationCounts.pruneCounts("2026-08-25", 10),
  cursorQuery: operationCounts.cursorQuery(),
  countableEventsQuery: operationCounts.countableEventsQuery(7, 500),
  lastIdQuery: operationCounts.lastIdQuery(7, 500),
  moveCursor: operationCounts.moveCursor(7, 8, now),
  archivedBelowQuery: archives.archivedBelowQuery(w),
  archivesQuery: [
    archives.archivesQuery(w, { from: 0, below: 1024 }, "oldest", 3),
    archives.archivesQuery(w, { from: 0, below: 1024, commit: numbered }, "newest", 3),
    archives.archivesQuery(w, { from: 0, below: 1024, commit: { jobId: "j" } }, "oldest", 3),
  ],
  someArchivesQuery: archives.someArchivesQuery(3),
  pendingErasuresQuery: archives.pendingErasuresQuery(w),
  archivableQuery: archives.archivableQuery(now, 20),
  storedEventsQuery: archives.storedEventsQuery(w, 1),
  erasureCountQuery: archives.erasureCountQuery(w),
  recordArchive: archives.recordArchive(at, { position: 1, sha256: "s", events: 0, bytes: 1 }, 0),
  eraseInArchives: archives.eraseInArchives(w, { userId: "U1", pseudonym: "UERASED1" }),
  followingErasuresQuery: archives.followingErasuresQuery(20),
  replaceArchive: archives.replaceArchive(w, { position: 1, sha256: "s" }, { sha256: "t", bytes: 1 }),
  erasureFollowed: [archives.erasureFollowed(w, "UERASED1", 2), archives.erasureFollowed(w, "UERASED1", null)],
  personalRowsQueries: personalData.personalRowsQueries({ workspaceId: w, userId: "U1", limit: 100 }),
  installerQuery: personalData.installerQuery({ workspaceId: w, userId: "U1", limit: 100 }),
  eraseInstaller: personalData.eraseInstaller(w, "U1", "UERASED1"),
  deleteAddressesOf: personalData.deleteAddressesOf(w, "U1"),
  erasePerson: personalData.erasePerson(at, "U1", "UERASED1", "U2"),
  lastCompletedQuery: reconciled.lastCompletedQuery(w, "d1cv", 50),
  storedJobIdsQuery: reconciled.storedJobIdsQuery(["job-1"]),
  notCompletedQuery: reconciled.notCompletedQuery(w, ["job-1"]),
  insertForgottenJob: reconciled.insertForgottenJob(at, {
    jobId: "job-9",
    target: "d1cv",
    commitNumber: 9,
    commitHash: "h",
    appliedAt: now,
  }),
  raiseNumbers: reconciled.raiseNumbers(w, 9),
  insertEventAfterGap: events.insertEventAfterGap(at, { type: "commit.created" }, { kind: "slack", id: "U" }, "t", 9),
  lastBackupQuery: backups.lastBackupQuery(),
  recordBackup: backups.recordBackup({ day: "2026-11-23", problem: null, isOneMoment: true, bytes: 1, rows: 1 }, now),
  movedBetweenQuery: backups.movedBetweenQuery(now, now),
  pruneBackups: backups.pruneBackups("2026-11-23"),
  waitingQuery: operationSignals.waitingQuery(),
  outboxLagsQuery: operationSignals.outboxLagsQuery(),
  targetsDownEverywhereQuery: operationSignals.targetsDownEverywhereQuery(),
  schemaVersionQuery: operationSignals.schemaVersionQuery(),
  connectedQuery: people.connectedQuery("avery@example.com", w, 50),
  upsertAddress: people.upsertAddress(w, "avery@example.com", { userId: "U", checkedAt: now }),
  peopleQuery: people.peopleQuery(w, ["U"], now),
  upsertPerson: people.upsertPerson(at, { userId: "U", name: "Avery" }),
  hasAddressQuery: people.hasAddressQuery(w, "U"),
  forgetAddresses: people.forgetAddresses(at, "U"),
  unconfirmedQuery: people.unconfirmedQuery([w], { now, presentBefore: now, askedBefore: now }, 20),
  confirmPerson: people.confirmPerson(at, { userId: "U", name: "Avery" }),
  notePersonAsked: people.notePersonAsked(at, "U"),
  operatorPassQuery: operatorPasses.operatorPassQuery("h", now),
  pruneOperatorPasses: operatorPasses.pruneOperatorPasses(now),
  insertAttempt: signIns.insertAttempt({ hash: "h", browser: "b", nonce: "n", returnTo: "/app", expiresAt: now }),
  takeAttempt: signIns.takeAttempt("h", "b", now),
  pruneAttempts: signIns.pruneAttempts(now, 10),
  insertSignIn: signIns.insertSignIn({ id: "s", workspaceId: w, userId: "U", createdAt: now, expiresAt: now }, "h"),
  signInQuery: signIns.signInQuery("h", now),
  extendSignIn: signIns.extendSignIn("h", now),
  deleteSignIn: signIns.deleteSignIn("h"),
  deleteSignInsOf: signIns.deleteSignInsOf(w, "U"),
  deleteSignInsIn: signIns.deleteSignInsIn(w),
  isSignedInQuery: signIns.isSignedInQuery(w, "U", now),
  endedSignInsQuery: signIns.endedSignInsQuery(w, ["s"], now),
  pruneSignIns: signIns.pruneSignIns(now, 10),
  insertLogin: logins.insertLogin({
    code: "WDJB-MJHT",
    hash: "h",
    device: "laptop",
    createdAt: now,
    expiresAt: now,
    confirmedAt: null,
    declinedAt: null,
  }),
  loginByHashQuery: logins.loginByHashQuery("h"),
  loginQuery: logins.loginQuery("WDJB-MJHT"),
  confirmLoginRow: logins.confirmLoginRow("WDJB-MJHT", now),
  reopenLoginRow: logins.reopenLoginRow("WDJB-MJHT"),
  declineLoginRow: logins.declineLoginRow("WDJB-MJHT", now),
  pruneLogins: logins.pruneLogins(now, 10),
  tokenByHashQuery: tokens.tokenByHashQuery("h"),
  tokensQuery: [null, "U"].map((userId) => tokens.tokensQuery(w, { userId, endedAfter: now, limit: 50 })),
  tokenQuery: tokens.tokenQuery(w, 1),
  insertToken: tokens.insertToken(w, {
    id: "t",
    name: "CI",
    scopes: ["read"],
    userId: "U",
    createdAt: now,
    expiresAt: now,
    hash: "h",
  }),
  revokeTokensOf: tokens.revokeTokensOf(at, "U", "slack"),
  revokeTokenRow: tokens.revokeTokenRow(at, "t", "U"),
  noteTokenUse: tokens.noteTokenUse(at, "t", now),
  pushByNumberQuery: pushes.pushByNumberQuery(w, 1),
  jobsOfPushQuery: jobs.jobsOfPushQuery(w, 1),
  pushOfJobQuery: pushes.pushOfJobQuery(w, "job-1"),
  pushQuery: pushes.pushQuery(w, "p"),
  pushesOfCommitsQuery: pushes.pushesOfCommitsQuery(w, ["commit-1"]),
  pushesOfCommitQuery: [key, numbered].map((by) => pushes.pushesOfCommitQuery(w, by)),
  insertPush: pushes.insertPush(w, {
    id: "p",
    commitId: "c",
    scope: "all",
    requestedBy: "U",
    channelId: "C",
    traceId: "t",
    createdAt: now,
  }),
  movePush: pushes.movePush(at, "p", "completed"),
  targetsQuery: targets.targetsQuery(w),
  insertTarget: targets.insertTarget(binding, now),
  deleteTarget: targets.deleteTarget(w, "d1cv"),
  updatePosition: targets.updatePosition(at, binding, 1),
  sealCredentials: targets.sealCredentials(now, binding, {
    sealedCredentials: "sealed",
    keyVersion: "1",
    importedDigest: null,
  }),
  targetsOfPortfolioQuery: targets.targetsOfPortfolioQuery({ portfolioId: "p", name: "d1cv", jobId: "j" }),
  unsealedTargetsQuery: targets.unsealedTargetsQuery(100),
  targetsByKeyQuery: targets.targetsByKeyQuery(["1", "2"], 100),
  targetsOfOtherDigestsQuery: targets.targetsOfOtherDigestsQuery(["d"], 100),
  targetsByKeyCountQuery: targets.targetsByKeyCountQuery(),
  installationQuery: [null, "E1"].map((organisationId) => installations.installationQuery(w, organisationId)),
  upsertInstallation: installations.upsertInstallation(installation, now),
  insertInstalledWorkspace: installations.insertInstalledWorkspace(at, {
    name: "Acme",
    installedBy: "U",
    organisationId: null,
  }),
  insertInstallation: installations.insertInstallation({ ...installation, workspaceId: "T0OTHER" }, now),
  installedAmongQuery: installations.installedAmongQuery([w, "T0OTHER"]),
  someInstallationQuery: installations.someInstallationQuery(),
  insertNamedWorkspace: installations.insertNamedWorkspace(at, "U"),
  setUninstalledExcept: installations.setUninstalledExcept([w], now),
  deleteTokens: installations.deleteTokens(at),
  claimRefresh: installations.claimRefresh(installation, now, now),
  replaceTokens: installations.replaceTokens(
    installation,
    { sealedTokens: "other", keyVersion: "1", expiresAt: now },
    now,
  ),
  endingInstallationsQuery: installations.endingInstallationsQuery(now, 20),
  installationsByKeyQuery: installations.installationsByKeyQuery(["1"], 20),
  installationsByKeyCountQuery: installations.installationsByKeyCountQuery(),
  useInstallState: installations.useInstallState("hash", now),
  pruneInstallStates: installations.pruneInstallStates(now),
  insertFirstAdmin: workspaces.insertFirstAdmin(at, "U"),
  changesOfTargetQuery: changesOfTarget.changesOfTargetQuery(w, "d1cv"),
  assertTargetUnused: changesOfTarget.assertTargetUnused(w, "d1cv"),
  dispatchOfJobQuery: targets.dispatchOfJobQuery("j"),
  originOfJobQuery: targets.originOfJobQuery("j"),
  eventOfDeliveryQuery: events.eventOfDeliveryQuery(w, "msg_wh_1"),
  webhooksQuery: webhooks.webhooksQuery(w),
  webhookQuery: [key, numbered].map((by) => webhooks.webhookQuery(w, by)),
  assertActive: webhooks.assertActive(w, "wh"),
  insertWebhook: webhooks.insertWebhook(at, webhook, newSecret),
  updateWebhook: webhooks.updateWebhook(at, webhook),
  disableWebhook: webhooks.disableWebhook(at, "wh", "gone"),
  enableWebhook: webhooks.enableWebhook(at, "wh"),
  rotateWebhookSecret: [null, now].map((oldUntil) => webhooks.rotateWebhookSecret(at, "wh", newSecret, oldUntil)),
  unsealedSecretsQuery: webhooks.unsealedSecretsQuery(10),
  oldSecretsQuery: webhooks.oldSecretsQuery(["1"], 10),
  secretsByKeyQuery: webhooks.secretsByKeyQuery(["1"], 10),
  secretsByKeyCountQueries: [...webhooks.secretsByKeyCountQueries()],
  sealSecrets: webhooks.sealSecrets(storedSecrets, {
    sealedSecret: "c",
    keyVersion: "1",
    sealedOldSecret: null,
    oldKeyVersion: null,
  }),
  forgetOldSecrets: webhooks.forgetOldSecrets(now),
  deleteWebhook: webhooks.deleteWebhook(w, "wh"),
  countWebhookFailure: webhooks.countWebhookFailure(at, "wh", "e"),
  forgetWebhookFailures: webhooks.forgetWebhookFailures(w, "wh"),
  deliveryPageQueries: deliveries.deliveryPageQueries(w, ofWebhook, { before: 7, limit: 20 }),
  deliveryQuery: deliveries.deliveryQuery(w, 7),
  deliveryToSendQuery: deliveries.deliveryToSendQuery(w, "msg_wh_1"),
  claimDelivery: deliveries.claimDelivery(at, delivery, now),
  completeDelivery: deliveries.completeDelivery(at, "msg_wh_1", attemptEnd),
  recordFailure: deliveries.recordFailure(at, delivery, attemptEnd, now),
  recordLateFailure: deliveries.recordLateFailure(at, delivery, attemptEnd),
  failPending: deliveries.failPending(at, "wh"),
  deleteDeliveries: deliveries.deleteDeliveries(w, "wh"),
  queueDueStatements: Object.values(deliveries.queueDueStatements(now, { before: now, again: now, limit: 10 })),
  replayDelivery: deliveries.replayDelivery(at, 7),
  replayFailed: deliveries.replayFailed(at, "wh", range, 10),
  insertMissed: deliveries.insertMissed(at, "wh", range, 10),
  pruneDeliveries: deliveries.pruneDeliveries(now, 10),
  endedCountsQuery: deliveryCounts.endedCountsQuery(w, since),
  createdCountsQuery: deliveryCounts.createdCountsQuery(w, since),
  pendingCountsQuery: deliveryCounts.pendingCountsQuery(w),
  failedCountsQuery: deliveryCounts.failedCountsQuery(w),
  workspaceIdsQuery: workspaces.workspaceIdsQuery(100, 7),
  installedWorkspacesQuery: workspaces.installedWorkspacesQuery(100),
  workspaceQuery: workspaces.workspaceQuery(w),
  membersQuery: workspaces.membersQuery(w),
  insertWorkspace: workspaces.insertWorkspace(at),
  insertMember: workspaces.insertMember(at, { userId: "U", role: "viewer" }, "x"),
  upsertMember: workspaces.upsertMember(at, { userId: "U", role: "editor" }, "x"),
  deleteMember: workspaces.deleteMember(w, "U"),
  assertAdmin: workspaces.assertAdmin(w, "U"),
  assertSomeAdmin: workspaces.assertSomeAdmin(w),
  assertOneApprover: workspaces.assertOneApprover(w),
  assertMode: workspaces.assertMode(w, "team"),
  updateSettings: workspaces.updateSettings(at, settings, settings),
  workspaceNameQuery: workspaces.workspaceNameQuery(w),
  setWorkspaceName: workspaces.setWorkspaceName(w, "Noor"),
  setDisconnected: workspaces.setDisconnected(at),
  setReconnected: workspaces.setReconnected(at),
  invalidateSetupCard: cards.invalidateSetupCard(at),
  setUninstalled: workspaces.setUninstalled(at),
  clearUninstalledOf: workspaces.clearUninstalledOf("E1"),
  organisationQuery: workspaces.organisationQuery(w),
  workspacesSharingQuery: workspaces.workspacesSharingQuery("E1", [w]),
  leaveOrganisation: workspaces.leaveOrganisation(at),
  workspacesOfOrganisationQuery: workspaces.workspacesOfOrganisationQuery("E1", "", 10),
};

/** These read a whole, small table in the order of an index, oldest first, for cron and the relay. */
const mayScan: Record<string, string[]> = {
  // A row for each alert, of which there are eight.
  alertsQuery: ["alerts USING INDEX"],
  alertOfNoticeQuery: ["alerts"],
  // At most a thousand rows, and one row of an index.
  waitingQuery: [
    "outbox USING COVERING INDEX",
    "outbox USING",
    "dead_letters USING COVERING INDEX",
    "webhook_deliveries USING COVERING INDEX webhook_deliveries_due",
  ],
  // A row for each database.
  sizesQuery: ["databases USING INDEX"],
  // At most a thousand rows, by age.
  outboxLagsQuery: ["outbox USING INDEX outbox_by_age"],
  targetsDownEverywhereQuery: ["target_health USING INDEX target_health_down"],
  // The last 400 pushes.
  lastCompletedQuery: ["p"],
  // As many as a secret of 5 KB has named, which lets nobody else have the app.
  setUninstalledExcept: ["workspaces"],
  // The events after the cursor, at most 5,000.
  countableEventsQuery: ["e"],
  // The last one, and the first of at most 400.
  lastBackupQuery: ["backups"],
  // The last thousand events.
  movedBetweenQuery: ["job_events"],
  unconfirmedQuery: ["SCAN h"],
  claimMessages: ["outbox USING INDEX outbox_by_turn"],
  // The first three.
  someArchivesQuery: ["event_archives"],
  // A few rows of each workspace, once an hour.
  archivableQuery: ["w USING COVERING INDEX"],
  // A row for each erasure of the last minutes.
  followingErasuresQuery: ["archive_erasures"],
  workspaceIdsQuery: ["workspaces", "workspaces USING COVERING INDEX"],
  installedWorkspacesQuery: ["workspaces USING INDEX"],
  workspacesWithStaleCardsQuery: ["c USING INDEX cards_stale"],
  ownerQuery: ["workspaces USING COVERING INDEX"],
  // A row for each installation: who signs in is looked for in all of them.
  connectedQuery: ["w"],
};

/** How a plan says that it reads all rows of a workspace: nothing but that stands in its condition. */
const wholeWorkspace = /^SEARCH \S+ USING (?:COVERING )?INDEX (\S+) \(workspace_id=\?\)/;

/** They grow with what a workspace does; the others with its people, targets and webhooks. */
const growing = new Set([
  "api_replies",
  "approvals",
  "cards",
  "commit_targets",
  "commits",
  "dead_letters",
  "idempotency_records",
  "job_events",
  "jobs",
  "outbox",
  "pushes",
  "staged_changes",
  "webhook_deliveries",
]);

/** Indexes of what is going on just now, or of what is rare: they are small in a workspace of any age. */
const holdsWhatIsOpen = new Set([
  "cards_home",
  "cards_stale",
  "commit_targets_failed",
  "commits_open",
  "dead_letters_kept",
  "job_events_accepted",
  "job_events_of_settings",
  "jobs_again",
  "jobs_unfinished",
  "outbox_by_turn",
  "outbox_deliveries",
  "outbox_unclaimed",
  "staged_changes_open",
  "webhook_deliveries_failed",
  "webhook_deliveries_pending",
]);

/** These read a large index in its order, and stop after as many rows as they are asked for. */
const stopsEarly: Record<string, string[]> = {
  everStagedQuery: ["staged_changes_by_state"],
  commitsPushedSinceQuery: ["pushes_by_number"],
  // The highest number.
  lastEventQuery: ["job_events_by_number"],
  // Once, when a person asks for it.
  personalRowsQueries: [
    "commits_by_number",
    "staged_changes_by_state",
    "approvals_once",
    "pushes_by_number",
    "dead_letters_by_number",
    "cards_by_subject",
    "job_events_by_number",
  ],
  erasePerson: [
    "job_events_by_number",
    "commits_by_number",
    "staged_changes_by_state",
    "approvals_once",
    "pushes_by_number",
    "dead_letters_by_number",
    "cards_by_subject",
  ],
  insertEventAfterGap: ["job_events_by_number"],
  // The last 400.
  lastCompletedQuery: ["pushes_by_number"],
  insertEvent: ["job_events_by_number"],
  insertEventUpTo: ["job_events_by_number"],
  newestEventsQuery: ["job_events_by_number"],
};

const notStatements = new Set([
  "idOfCommit",
  "currentNumber",
  "takenNumber",
  "reviewAfter",
  "missingAfter",
  "touchesOfRowAfter",
  "touchesOfCommitAfter",
  "replayedCount",
  "queueOf",
  "staleCards",
  "cardsToWrite",
  "commitsWithWords",
  "inOrderOfTargets",
  "peopleIn",
  "hasInput",
  "watched",
]);

test.each([
  ["of a commit", overlaps.touchesOfCommitQuery(w, numbered)],
  ["of a list", overlaps.sharedTouchesQuery(w)],
])("the overlaps %s are one statement that finds each row by its index", async (_what, { statement }) => {
  const plan = new Sql([`EXPLAIN QUERY PLAN ${statement.text[0]}`, ...statement.text.slice(1)], statement.values);
  const { results } = await prepare(env.DB, plan).all<{ detail: string }>();
  expect(results.map(({ detail }) => detail)).toContain(
    "SEARCH c USING INDEX staged_changes_of_row (workspace_id=? AND entity_type=? AND entity_id=? AND closed_at=?)",
  );
});

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
      history,
      overlaps,
      counters,
      deadLetters,
      deliveries,
      deliveryCounts,
      directory,
      events,
      archives,
      blockedJobs,
      idempotencyRecords,
      jobs,
      live,
      logins,
      signIns,
      operatorPasses,
      backups,
      operationAlerts,
      operationCounts,
      operationSignals,
      outbox,
      people,
      pushes,
      refusalCounts,
      stuckRows,
      personalData,
      reconciled,
      targetHealth,
      targets,
      changesOfTarget,
      installations,
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

  const plansOf = async (batch: Batch): Promise<string[]> => {
    const plans = await Promise.all(
      statementsOf(batch)
        .map(sqlOf)
        .map(({ text, values }) =>
          prepare(env.DB, new Sql([`EXPLAIN QUERY PLAN ${text[0]}`, ...text.slice(1)], values)).all<{
            detail: string;
          }>(),
        ),
    );
    return plans.flatMap(({ results }) => results.map(({ detail }) => detail));
  };

  test.each(Object.entries(statements))("the statement %s reads by an index", async (name, batch) => {
    const scans = (await plansOf(batch)).filter((detail) =>
      /^SCAN (?!json_each|[cd] VIRTUAL|CONSTANT|\(subquery|turns$|beside$|which$)/.test(detail),
    );
    expect(scans).toEqual((mayScan[name] ?? []).map((scan): unknown => expect.stringContaining(scan)));
  });

  test.each(Object.entries(statements))(
    "the statement %s does not read all that a workspace has done",
    async (name, batch) => {
      const plans = await plansOf(batch);
      const whole = plans.flatMap((detail) => wholeWorkspace.exec(detail)?.[1] ?? []);
      const { results } = await env.DB.prepare("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'").all<{
        name: string;
        tbl_name: string;
      }>();
      const tableOf = new Map(results.map((index) => [index.name, index.tbl_name]));
      const grow = whole.filter((index) => growing.has(tableOf.get(index) ?? "") && !holdsWhatIsOpen.has(index));
      expect([...new Set(grow)]).toEqual(stopsEarly[name] ?? []);
    },
  );
});
