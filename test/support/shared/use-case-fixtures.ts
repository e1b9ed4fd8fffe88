/** A workspace in which every use case has something to do, and the use cases: for what must hold for all of them. */
import type { Role } from "../../../shared/domain/workspace/roles.ts";
import type { Result } from "../../../shared/result.ts";
import { cancelPush } from "../../../shared/use-cases/pushes/cancel-push.ts";
import { describeSelf } from "../../../shared/use-cases/workspace/describe-self.ts";
import { eventsSince, showJob, showPush } from "../../../shared/use-cases/pushes/follow-push.ts";
import { createToken } from "../../../shared/use-cases/workspace/create-token.ts";
import { confirmLogin, declineLogin } from "../../../shared/use-cases/workspace/confirm-login.ts";
import { showLogin } from "../../../shared/use-cases/workspace/show-login.ts";
import { newLoginCode } from "../../../shared/login-code.ts";
import { listTokens } from "../../../shared/use-cases/workspace/list-tokens.ts";
import { revokeToken } from "../../../shared/use-cases/workspace/revoke-token.ts";
import { discardDeadLetter, retryDeadLetter } from "../../../shared/use-cases/dead-letters/decide-dead-letter.ts";
import { keepDeadLetter } from "../../../shared/use-cases/dead-letters/keep-dead-letter.ts";
import { listDeadLetters, showDeadLetter } from "../../../shared/use-cases/dead-letters/list-dead-letters.ts";
import { dropCommit, reopenCommit } from "../../../shared/use-cases/commits/close-commit.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { listConflicts } from "../../../shared/use-cases/commits/list-conflicts.ts";
import { resolveConflicts } from "../../../shared/use-cases/commits/resolve-conflicts.ts";
import { createCommit } from "../../../shared/use-cases/commits/create-commit.ts";
import { withdrawApproval } from "../../../shared/use-cases/reviews/withdraw-approval.ts";
import { approveCommit, rejectCommit } from "../../../shared/use-cases/reviews/decide-commit.ts";
import { changeToEdit, editChange } from "../../../shared/use-cases/staging/edit-change.ts";
import { explainPush } from "../../../shared/use-cases/reviews/explain-checks.ts";
import { followEvents } from "../../../shared/use-cases/workspace/follow-events.ts";
import { listCommits } from "../../../shared/use-cases/commits/list-commits.ts";
import { mayFindPeople } from "../../../shared/use-cases/workspace/find-people.ts";
import { listEvents } from "../../../shared/use-cases/workspace/list-events.ts";
import { listRows } from "../../../shared/use-cases/portfolio/list-rows.ts";
import { listRoles } from "../../../shared/use-cases/workspace/list-roles.ts";
import { listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { listWork } from "../../../shared/use-cases/workspace/list-work.ts";
import { listStaged } from "../../../shared/use-cases/staging/list-staged.ts";
import { reindexTargets } from "../../../shared/use-cases/portfolio/reindex-targets.ts";
import { requestReview } from "../../../shared/use-cases/reviews/request-review.ts";
import { retryPush } from "../../../shared/use-cases/pushes/retry-push.ts";
import { searchPortfolio } from "../../../shared/use-cases/portfolio/search-portfolio.ts";
import { setRole } from "../../../shared/use-cases/workspace/set-role.ts";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { showCommit } from "../../../shared/use-cases/commits/show-commit.ts";
import { showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { stagingDesk } from "../../../shared/use-cases/staging/staging-desk.ts";
import { startPush } from "../../../shared/use-cases/pushes/start-push.ts";
import { unstageChanges } from "../../../shared/use-cases/staging/unstage-changes.ts";
import { verifyTargets } from "../../../shared/use-cases/portfolio/verify-targets.ts";
import { createWebhook } from "../../../shared/use-cases/webhooks/create-webhook.ts";
import { deleteWebhook } from "../../../shared/use-cases/webhooks/delete-webhook.ts";
import { listDeliveries, showDelivery } from "../../../shared/use-cases/webhooks/list-deliveries.ts";
import { listWebhooks } from "../../../shared/use-cases/webhooks/list-webhooks.ts";
import { loadWebhook as showWebhook } from "../../../shared/use-cases/webhooks/load-webhook.ts";
import { replayDeliveries, replayDelivery } from "../../../shared/use-cases/webhooks/replay-deliveries.ts";
import { rotateWebhookSecret } from "../../../shared/use-cases/webhooks/rotate-webhook-secret.ts";
import { disableWebhook, enableWebhook } from "../../../shared/use-cases/webhooks/switch-webhook.ts";
import { sendTestEvent } from "../../../shared/use-cases/webhooks/send-test-event.ts";
import { updateWebhook } from "../../../shared/use-cases/webhooks/update-webhook.ts";
import { webhookStatus } from "../../../shared/use-cases/webhooks/webhook-status.ts";
import { newWebhookSecret } from "../../../shared/webhook-secret.ts";
import {
  type Person,
  type World,
  type WorldOptions,
  approvedCommit,
  channelId,
  commit,
  createWorld,
  jobFor,
  people,
  push,
  report,
  stage,
  stageInput,
  valueOf,
} from "./world.ts";

/** A person of the world with each role. */
export const personWith: Record<Role, Person> = {
  viewer: "viewer",
  editor: "author",
  approver: "approver",
  admin: "admin",
};

/**
 * Commit 1 has failed at d1cv, 2 is approved, 3 is in review, 4 is a draft; a fifth change is staged. All by the
 * author. A message about the failed job could not be delivered.
 */
export const createBusyWorld = async (options: WorldOptions = {}): Promise<World> => {
  const world = await createWorld(options);
  await approvedCommit(world);
  await push(world, 1);
  await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "d1cv has no space" } });
  await approvedCommit(world, { row: "go-1", values: { level: "Expert" } });
  await stage(world, { row: "jquery-1", values: { summary: "Long ago" } });
  await commit(world);
  // Somebody changes what commit 3 is about at a target.
  world.d1cv.put("technology", "jquery-1", { ...world.d1cv.row("technology", "jquery-1")?.values, summary: "Old" });
  // It is recorded once: whoever looks again writes nothing.
  valueOf(await listConflicts(world.as("admin"), 3));
  await stage(world, { values: { summary: "Snakes" } });
  await commit(world, "author", true);
  await stage(world, { row: "go-1", values: { summary: "Gophers" } });
  await keepDeadLetter(world.system, {
    id: world.system.newId(),
    queue: "cv-push",
    body: { workspaceId: world.workspaceId, jobId: (await jobFor(world, "d1cv")).id, attempt: 1 },
    cause: "D1_ERROR: overloaded",
    attempts: 11,
  });
  await addWebhooks(world);
  valueOf(await createToken(world.as("author"), { ...tokenInput, secret: `token of ${world.workspaceId}` }));
  return world;
};

/** Webhook 1 has a delivery that has failed, number unknown, and 2 is disabled. */
const addWebhooks = async (world: World): Promise<void> => {
  const input = { url: "https://hooks.example.com/cv", description: "", events: ["workspace.*"], profile: "fast" };
  for (const secret of [newWebhookSecret(), newWebhookSecret()]) {
    valueOf(await createWebhook(world.as("admin"), { ...input, secret }));
  }
  valueOf(await setSettings(world.as("admin"), { channelId: "C0OTHER" }));
  valueOf(await setSettings(world.as("admin"), { channelId: null }));
  valueOf(await disableWebhook(world.as("admin"), 2));
  await world.run("UPDATE webhook_deliveries SET state = 'failed' WHERE workspace_id = ?1", world.workspaceId);
};

/** Whoever has no token of their own, as a viewer, gets one. */
const ownToken = async ({ db, workspaceId, actor }: UseCaseContext): Promise<number> => {
  await db
    .prepare(
      `INSERT OR IGNORE INTO api_tokens (workspace_id, id, number, name, hash, scopes, user_id, created_at, expires_at)
       VALUES (?1, ?2, 77, 'Own', ?1 || ?2, '["read"]', ?2, '2026-11-01T00:00:00.000Z', '2036-11-01T00:00:00.000Z')`,
    )
    .bind(workspaceId, actor.id)
    .run();
  return 77;
};

/** A device asks to act for somebody. */
const newLogin = async ({ db, newId, nowMs }: UseCaseContext): Promise<string> => {
  const code = newLoginCode();
  await db
    .prepare("INSERT INTO logins (code, hash, device, created_at, expires_at) VALUES (?1, ?2, 'laptop', ?3, ?4)")
    .bind(code, newId(), new Date(nowMs()).toISOString(), new Date(nowMs() + 60_000).toISOString())
    .run();
  return code;
};

const failedDelivery = async (ctx: UseCaseContext): Promise<number> => {
  const row = await ctx.db
    .prepare("SELECT number FROM webhook_deliveries WHERE workspace_id = ?1 ORDER BY number LIMIT 1")
    .bind(ctx.workspaceId)
    .first<{ number: number }>();
  return row?.number ?? 0;
};

export const tokenInput = { name: "CI", scopes: ["read", "stage"], days: 90 };

export const anyCommits = { limit: 20, before: null, status: null, author: null, since: null };

/** Whoever may has approved commit 3 before, once. */
const approvedBefore = ({ db, workspaceId, actor }: UseCaseContext): Promise<unknown> =>
  db
    .prepare(
      `INSERT OR IGNORE INTO approvals SELECT c.workspace_id, 'by ' || m.user_id, c.id, c.hash, 'approved', NULL, m.user_id,
         c.created_at
       FROM commits c JOIN members m ON m.workspace_id = c.workspace_id AND m.user_id = ?2
         AND m.role IN ('approver', 'admin')
       WHERE c.workspace_id = ?1 AND c.number = 3`,
    )
    .bind(workspaceId, actor.id)
    .run();

interface UseCaseFixture {
  name: string;
  /** The least role that may. */
  role: Role;
  reads?: true;
  /** What it shows is shown once: a repeat is answered that it was done. */
  showsOnce?: true;
  run: (ctx: UseCaseContext) => Promise<Result<unknown, { code: string }>>;
}

export const useCaseFixtures: UseCaseFixture[] = [
  { name: "listStaged", role: "viewer", reads: true, run: (ctx) => listStaged(ctx) },
  { name: "listCommits", role: "viewer", reads: true, run: (ctx) => listCommits(ctx, anyCommits) },
  { name: "listEvents", role: "viewer", reads: true, run: (ctx) => listEvents(ctx, { limit: 20, before: null }) },
  {
    name: "followEvents",
    role: "viewer",
    reads: true,
    run: (ctx) => followEvents(ctx, { jobIds: [], commits: [1] }),
  },
  { name: "mayFindPeople", role: "admin", reads: true, run: (ctx) => mayFindPeople(ctx) },
  { name: "listRoles", role: "viewer", reads: true, run: (ctx) => listRoles(ctx) },
  { name: "showSettings", role: "viewer", reads: true, run: (ctx) => showSettings(ctx) },
  { name: "showCommit", role: "viewer", reads: true, run: (ctx) => showCommit(ctx, 1) },
  { name: "listActionItems", role: "viewer", reads: true, run: (ctx) => listActionItems(ctx) },
  { name: "listWork", role: "viewer", reads: true, run: (ctx) => listWork(ctx, { limit: 20, after: 0 }) },
  { name: "stageChange", role: "editor", run: (ctx) => stageChange(ctx, stageInput({ values: { level: "Expert" } })) },
  {
    name: "editChange",
    role: "editor",
    run: (ctx) => editChange(ctx, { number: 5, values: { summary: "Moles" } }),
  },
  {
    name: "changeToEdit",
    role: "editor",
    reads: true,
    run: (ctx) => changeToEdit(ctx, 5),
  },
  { name: "stagingDesk", role: "editor", reads: true, run: (ctx) => stagingDesk(ctx) },
  { name: "unstageChanges", role: "editor", run: (ctx) => unstageChanges(ctx, { numbers: [5] }) },
  {
    name: "createCommit",
    role: "editor",
    run: (ctx) => createCommit(ctx, { message: "m", draft: false, channelId, only: null }),
  },
  { name: "requestReview", role: "editor", run: (ctx) => requestReview(ctx, { number: 4, channelId, reviewers: [] }) },
  { name: "dropCommit", role: "editor", run: (ctx) => dropCommit(ctx, 3) },
  { name: "reopenCommit", role: "editor", run: (ctx) => reopenCommit(ctx, 3) },
  { name: "approveCommit", role: "approver", run: (ctx) => approveCommit(ctx, { number: 3, seenHash: null }) },
  {
    name: "rejectCommit",
    role: "approver",
    run: (ctx) => rejectCommit(ctx, { number: 3, seenHash: null, reason: "no" }),
  },
  {
    name: "withdrawApproval",
    role: "approver",
    run: async (ctx) => {
      await approvedBefore(ctx);
      return withdrawApproval(ctx, 3);
    },
  },
  { name: "startPush", role: "approver", run: (ctx) => startPush(ctx, { number: 2, scope: "all", channelId }) },
  { name: "retryPush", role: "approver", run: (ctx) => retryPush(ctx, { number: 1, target: null }) },
  { name: "cancelPush", role: "approver", run: (ctx) => cancelPush(ctx, { number: 1 }) },
  { name: "listConflicts", role: "viewer", reads: true, run: (ctx) => listConflicts(ctx, 3) },
  {
    name: "resolveConflicts",
    role: "editor",
    run: (ctx) =>
      resolveConflicts(ctx, {
        number: 3,
        choices: [{ row: null, field: null, target: null, take: "mine" }],
        seen: null,
      }),
  },
  { name: "explainPush", role: "viewer", reads: true, run: (ctx) => explainPush(ctx, 2) },
  { name: "listRows", role: "viewer", reads: true, run: (ctx) => listRows(ctx, "technology") },
  {
    name: "searchPortfolio",
    role: "viewer",
    reads: true,
    run: (ctx) => searchPortfolio(ctx, { query: "Python", limit: 5 }),
  },
  { name: "verifyTargets", role: "approver", reads: true, run: (ctx) => verifyTargets(ctx) },
  { name: "reindexTargets", role: "approver", run: (ctx) => reindexTargets(ctx, { target: null }) },
  { name: "setSettings", role: "admin", run: (ctx) => setSettings(ctx, { approvalsNeeded: 2 }) },
  {
    name: "listDeadLetters",
    role: "admin",
    reads: true,
    run: (ctx) => listDeadLetters(ctx, { limit: 20, before: null, all: true }),
  },
  { name: "showDeadLetter", role: "admin", reads: true, run: (ctx) => showDeadLetter(ctx, 1) },
  { name: "retryDeadLetter", role: "admin", run: (ctx) => retryDeadLetter(ctx, 1) },
  { name: "discardDeadLetter", role: "admin", run: (ctx) => discardDeadLetter(ctx, { number: 1, reason: "settled" }) },
  { name: "describeSelf", role: "viewer", reads: true, run: (ctx) => describeSelf(ctx) },
  { name: "showPush", role: "viewer", reads: true, run: (ctx) => showPush(ctx, 1) },
  {
    name: "showJob",
    role: "viewer",
    reads: true,
    run: async (ctx) => {
      const pushed = await showPush(ctx, 1);
      return pushed.ok ? showJob(ctx, pushed.value.jobs[0]?.id ?? "") : pushed;
    },
  },
  {
    name: "eventsSince",
    role: "viewer",
    reads: true,
    run: (ctx) => eventsSince(ctx, { afterId: 0, limit: 100, filter: {} }),
  },
  { name: "listTokens", role: "viewer", reads: true, run: (ctx) => listTokens(ctx) },
  {
    name: "createToken",
    role: "editor",
    showsOnce: true,
    run: (ctx) => createToken(ctx, { ...tokenInput, secret: ctx.newId() }),
  },
  { name: "showLogin", role: "editor", reads: true, run: async (ctx) => showLogin(ctx, await newLogin(ctx)) },
  {
    name: "confirmLogin",
    role: "editor",
    run: async (ctx) => confirmLogin(ctx, { ...tokenInput, code: await newLogin(ctx) }),
  },
  { name: "declineLogin", role: "editor", run: async (ctx) => declineLogin(ctx, await newLogin(ctx)) },
  { name: "revokeToken", role: "viewer", run: async (ctx) => revokeToken(ctx, await ownToken(ctx)) },
  { name: "listWebhooks", role: "admin", reads: true, run: (ctx) => listWebhooks(ctx) },
  { name: "showWebhook", role: "admin", reads: true, run: (ctx) => showWebhook(ctx, 1) },
  { name: "webhookStatus", role: "admin", reads: true, run: (ctx) => webhookStatus(ctx) },
  {
    name: "listDeliveries",
    role: "admin",
    reads: true,
    run: (ctx) => listDeliveries(ctx, { webhook: 1, state: null, limit: 20, before: null }),
  },
  {
    name: "showDelivery",
    role: "admin",
    reads: true,
    run: async (ctx) => showDelivery(ctx, await failedDelivery(ctx)),
  },
  {
    name: "createWebhook",
    role: "admin",
    showsOnce: true,
    run: (ctx) =>
      createWebhook(ctx, {
        url: "https://hooks.example.com/new",
        description: "",
        events: ["*"],
        profile: "standard",
        secret: newWebhookSecret(),
      }),
  },
  { name: "updateWebhook", role: "admin", run: (ctx) => updateWebhook(ctx, { number: 1, events: ["job.*"] }) },
  { name: "disableWebhook", role: "admin", run: (ctx) => disableWebhook(ctx, 1) },
  { name: "enableWebhook", role: "admin", run: (ctx) => enableWebhook(ctx, 2) },
  { name: "sendTestEvent", role: "admin", run: (ctx) => sendTestEvent(ctx, 1) },
  {
    name: "rotateWebhookSecret",
    role: "admin",
    showsOnce: true,
    run: (ctx) => rotateWebhookSecret(ctx, { number: 1, secret: newWebhookSecret(), hours: 24 }),
  },
  {
    name: "replayDelivery",
    role: "admin",
    run: async (ctx) => replayDelivery(ctx, await failedDelivery(ctx)),
  },
  {
    name: "replayDeliveries",
    role: "admin",
    run: (ctx) => replayDeliveries(ctx, { webhook: 1, since: "2026-11-01T00:00:00.000Z", until: null }),
  },
  { name: "deleteWebhook", role: "admin", run: (ctx) => deleteWebhook(ctx, 1) },
  {
    name: "setRole",
    role: "admin",
    run: (ctx) => setRole(ctx, { userIds: [people.viewer], role: "editor" }),
  },
];
