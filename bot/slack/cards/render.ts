/** Reads what a card shows, in one round trip, and renders it. */
import type { HomeView } from "@slack/types";
import type { Push } from "../../../shared/domain/pushes/push.ts";
import type { Role } from "../../../shared/domain/workspace/roles.ts";
import { openSession } from "../../../shared/use-cases/session.ts";
import type { Card } from "../../../shared/storage/cards.ts";
import { changeQuery, changesOfCommitQuery } from "../../../shared/storage/staging/changes.ts";
import { type CommitKey, commitAloneQuery } from "../../../shared/storage/commits/commits.ts";
import { commitTargetsQuery, inOrderOfTargets } from "../../../shared/storage/commits/commit-targets.ts";
import { touchesOfCommitQuery } from "../../../shared/storage/commits/overlaps.ts";
import { contributorsOf } from "../../../shared/domain/commits/contributors.ts";
import { overlapsOfCommit } from "../../../shared/domain/commits/overlaps.ts";
import { approvalsQuery } from "../../../shared/storage/commits/approvals.ts";
import { type Query, type Values, read } from "../../../shared/storage/database.ts";
import { lastTraceQuery, settingsEventQuery } from "../../../shared/storage/events/events.ts";
import { untracedJobsOfCommitQuery } from "../../../shared/storage/pushes/jobs.ts";
import { pushesOfCommitQuery } from "../../../shared/storage/pushes/pushes.ts";
import { outageQuery } from "../../../shared/storage/pushes/target-health.ts";
import { alertOfNoticeQuery } from "../../../shared/storage/operations/alerts.ts";
import { measuredQuery } from "../../../shared/use-cases/operations/read-operations.ts";
import { webhookQuery } from "../../../shared/storage/webhooks/webhooks.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";
import { archivedTrace } from "../../../shared/history/read-history.ts";
import { listActionItems } from "../../../shared/use-cases/workspace/list-action-items.ts";
import { judged } from "../../../shared/use-cases/commits/load-commit.ts";
import { type Message, section } from "../blocks/blocks.ts";
import { refusalText } from "../blocks/mrkdwn.ts";
import { showSetup } from "../../../shared/use-cases/workspace/show-setup.ts";
import { setupReply } from "../workspace/setup-reply.ts";
import { policyNotice } from "../workspace/policy-notice.ts";
import { helpReply } from "../commands.ts";
import { changeCard } from "../staging/change-card.ts";
import { editedCard } from "../staging/edited-card.ts";
import { commitCard, commitCardFallbacks } from "../commits/commit-card.ts";
import { homeView } from "../home/home-card.ts";
import { outageCard } from "../pushes/outage-card.ts";
import { pushCard } from "../pushes/push-card.ts";
import { isBroadcast, pushOutcomeCard } from "../pushes/outcome-card.ts";
import { pushPlanCard, pushPlanFallback } from "../pushes/plan-card.ts";
import type { CommitCardState } from "../commits/card-state.ts";
import { alertCard } from "../operations/alert-card.ts";
import { digestCard } from "../operations/digest-card.ts";
import { webhookNotice } from "../webhooks/webhook-notice.ts";

export interface Rendered {
  shown: { as: "message"; message: Message } | { as: "home"; view: HomeView };
  /** For a Slack that does not take one of the message's blocks. */
  fallbacks: readonly Message[];
  /** Nothing will change any more: worth showing before what still moves. */
  final: boolean;
  /** Who asked for it, and is notified when it cannot be posted; null for a reply. */
  owner: string | null;
  /** A reply that the channel shall see as well, when it is posted. */
  broadcast: boolean;
  /** Of what it shows: of its push, or of what happened last to its commit; null where it shows many things. */
  traceId: string | null;
}

const roleOf = async (ctx: UseCaseContext, userId: string): Promise<Role> => {
  const [{ members }] = await openSession(ctx);
  return members.find((member) => member.userId === userId)?.role ?? "viewer";
};

const usual = { fallbacks: [], final: false, owner: null, broadcast: false, traceId: null } as const;

const rendered = (message: Message, more: Partial<Omit<Rendered, "shown">> = {}): Rendered => ({
  shown: { as: "message", message },
  ...usual,
  ...more,
});

export interface CardContext extends UseCaseContext {
  /** Where the portal is; null where nobody can sign in to it. */
  portal: string | null;
}

/** Null when the subject is not there. */
export const renderCard = async (ctx: CardContext, card: Card): Promise<Rendered | null> => {
  switch (card.kind) {
    case "commit":
      return renderCommit(ctx, card.subjectId);
    case "change":
      return renderChange(ctx, card);
    case "change_edited":
      return renderEdited(ctx, card.subjectId);
    case "home":
      return renderHome(ctx, card.subjectId);
    case "welcome":
      return renderWelcome(ctx, card.subjectId);
    case "outage":
      return renderOutage(ctx, card.subjectId);
    case "policy":
      return renderPolicy(ctx, card.subjectId);
    case "webhook":
      return renderWebhook(ctx, card.subjectId);
    case "alert":
      return renderAlert(ctx, card.subjectId);
    case "digest":
      return renderDigest(ctx, card.subjectId);
    default:
      return renderPush(ctx, card);
  }
};

/** Who has installed the app is led through its setup; others read what there is. */
const renderWelcome = async (ctx: UseCaseContext, readerId: string): Promise<Rendered> => {
  const shown = await showSetup({ ...ctx, actor: { kind: "slack", id: readerId } });
  if (shown.ok && shown.value.installedBy === readerId) return rendered(setupReply(shown.value));
  return rendered(helpReply(await roleOf(ctx, readerId)));
};

const lastEvents = 8;

const renderHome = async (ctx: UseCaseContext, readerId: string): Promise<Rendered> => {
  const asReader: UseCaseContext = { ...ctx, actor: { kind: "slack", id: readerId } };
  const listed = await listActionItems(asReader, { events: lastEvents });
  const view: HomeView = listed.ok
    ? homeView({ ...listed.value, readerId, nowMs: ctx.nowMs() })
    : { type: "home", blocks: [section(refusalText(listed.reason))] };
  return { shown: { as: "home", view }, ...usual };
};

const renderOutage = async ({ db, workspaceId }: UseCaseContext, outageId: string): Promise<Rendered> => {
  const [health] = await read(db, outageQuery(workspaceId, outageId));
  return rendered(outageCard(health), { final: health?.state !== "open" });
};

const renderAlert = async ({ db }: UseCaseContext, noticeId: string): Promise<Rendered> => {
  const [alert] = await read(db, alertOfNoticeQuery(noticeId));
  return rendered(alertCard(alert), { final: alert?.clearedAt !== null });
};

const renderDigest = async ({ db }: UseCaseContext, lastDay: string): Promise<Rendered> => {
  const [counts] = await read(db, measuredQuery(Date.parse(lastDay)));
  return rendered(digestCard(lastDay, counts), { final: true });
};

const renderWebhook = async ({ db, workspaceId }: UseCaseContext, id: string): Promise<Rendered> => {
  const [webhook] = await read(db, webhookQuery(workspaceId, { id }));
  return rendered(webhookNotice(webhook), { final: true });
};

const renderCommit = async (ctx: UseCaseContext, commitId: string): Promise<Rendered | null> => {
  const [state] = await commitState(ctx, { id: commitId });
  if (!state) return null;
  const { review, createdBy } = state.commit;
  return rendered(commitCard(state), {
    fallbacks: commitCardFallbacks(state),
    final: review !== "in_review",
    owner: createdBy,
    traceId: state.traceId,
  });
};

const renderPush = async (ctx: CardContext, card: Card): Promise<Rendered | null> => {
  const { workspaceId } = ctx;
  const { kind, subjectId } = card;
  const [commit] = await commitState(ctx, { id: card.commitId ?? "" });
  if (!commit) return null;
  const job = commit.jobs.find(({ id }) => id === subjectId);
  const push = commit.pushes.find(({ id }) => id === (job?.pushId ?? subjectId));
  if (!push) return null;
  const state = { ...commit, push, nowMs: ctx.nowMs(), portal: ctx.portal, workspaceId };
  const final = push.state !== "running";
  const { traceId } = push;
  if (job)
    return rendered(pushOutcomeCard(state, job, card.attempt), {
      final: true,
      traceId,
      broadcast: isBroadcast(job, card.attempt),
    });
  if (kind === "push") return rendered(pushCard(state), { final, traceId, owner: push.requestedBy });
  return rendered(pushPlanCard(state), { fallbacks: [pushPlanFallback(state)], final, traceId });
};

const renderChange = async (ctx: UseCaseContext, { subjectId, commitId }: Card): Promise<Rendered | null> => {
  const { workspaceId } = ctx;
  // By the commit's id, as every card of it: those of a round are read once.
  const [commit, change] = await commitState(ctx, { id: commitId ?? "" }, changeQuery(workspaceId, subjectId));
  if (!change) return null;
  return rendered(changeCard({ change, commit: commit?.commit ?? null, targets: commit?.targets ?? [] }), {
    owner: change.createdBy,
    traceId: commit?.traceId ?? null,
  });
};

const renderPolicy = async ({ db, workspaceId }: UseCaseContext, noticeId: string): Promise<Rendered | null> => {
  const [event] = await read(db, settingsEventQuery(workspaceId, noticeId));
  return event && rendered(policyNotice(event), { final: true });
};

const renderEdited = async ({ db, workspaceId }: UseCaseContext, changeId: string): Promise<Rendered | null> => {
  const [change] = await read(db, changeQuery(workspaceId, changeId));
  return change && rendered(editedCard(change), { final: change.state !== "staged" });
};

type TracedState = CommitCardState & { traceId: string | null; pushes: Push[] };

/** The commit as its cards show it, null when there is none, and what the own queries found. */
const commitState = async <const Queries extends readonly Query<unknown>[]>(
  ctx: UseCaseContext,
  key: CommitKey,
  ...queries: Queries
): Promise<[TracedState | null, ...Values<Queries>]> => {
  const { workspaceId } = ctx;
  const [session, alone, content, reached, approvals, untraced, pushes, traceId, touches, ...own] = await openSession(
    ctx,
    commitAloneQuery(workspaceId, key),
    changesOfCommitQuery(workspaceId, key),
    commitTargetsQuery(workspaceId, key),
    approvalsQuery(workspaceId, key),
    untracedJobsOfCommitQuery(workspaceId, key),
    pushesOfCommitQuery(workspaceId, key),
    lastTraceQuery(workspaceId, key),
    touchesOfCommitQuery(workspaceId, key),
    ...queries,
  );
  const found = own as Values<Queries>;
  if (!alone) return [null, ...found];
  const { changes, inputs } = content;
  const commit = { ...alone, contributors: contributorsOf(alone, inputs) };
  const overlaps = overlapsOfCommit(touches, commit);
  const targets = inOrderOfTargets(reached, session.targets);
  const jobs = untraced.map((job) => ({ ...job, traceId: pushes.find(({ id }) => id === job.pushId)?.traceId ?? "" }));
  const details = judged({ commit, changes, targets, approvals, jobs, overlaps }, session);
  const trace = traceId ?? (await archivedTrace(ctx, commit.id));
  return [{ ...details, mode: session.workspace.mode, traceId: trace, pushes }, ...found];
};
