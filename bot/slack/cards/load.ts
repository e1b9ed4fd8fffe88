/** Reads what a card shows and renders it: two round trips at most, none of them while a person waits. */
import { openSession } from "../../../shared/verbs/session.ts";
import type { Card } from "../../../shared/storage/cards.ts";
import { changesOfCommitQuery } from "../../../shared/storage/changes.ts";
import { commitQuery } from "../../../shared/storage/commits.ts";
import { commitTargetsQuery } from "../../../shared/storage/commit-targets.ts";
import { approvalsQuery } from "../../../shared/storage/approvals.ts";
import { read } from "../../../shared/storage/database.ts";
import { jobQuery, jobsOfCommitQuery } from "../../../shared/storage/jobs.ts";
import { pushQuery } from "../../../shared/storage/pushes.ts";
import type { VerbContext } from "../../../shared/verbs/context.ts";
import { reviewersOf } from "../../../shared/verbs/create-commit.ts";
import type { Message } from "./blocks.ts";
import { commitCard } from "./commit.ts";
import { pushCard } from "./push.ts";
import { pushOutcomeCard } from "./push-outcome.ts";
import { pushPlanCard, pushPlanFallback } from "./push-plan.ts";
import type { CommitCardState } from "./state.ts";

export interface Rendered {
  message: Message;
  /** For a Slack that does not take one of the message's blocks. */
  fallback: Message | null;
  /** Nothing will change any more: worth showing before what still moves. */
  final: boolean;
  /** Who asked for it, and is told when it cannot be posted; null for a reply. */
  owner: string | null;
}

/** Null when the subject is not there. */
export const renderCard = async (ctx: VerbContext, card: Card): Promise<Rendered | null> => {
  if (card.kind === "commit") {
    const state = await commitState(ctx, card.subjectId);
    if (!state) return null;
    const { review, createdBy } = state.commit;
    return { message: commitCard(state), fallback: null, final: review !== "in_review", owner: createdBy };
  }
  const { db, workspaceId } = ctx;
  const jobId = card.kind === "push_outcome" ? card.subjectId : null;
  const [job] = jobId ? await read(db, jobQuery(db, workspaceId, jobId)) : [null];
  const [push] = await read(db, pushQuery(db, workspaceId, job?.pushId ?? card.subjectId));
  const commit = push ? await commitState(ctx, push.commitId) : null;
  if (!push || !commit) return null;
  const state = { ...commit, push };
  const final = push.state !== "running";
  if (job) return { message: pushOutcomeCard(state, job, card.attempt), fallback: null, final: true, owner: null };
  if (card.kind === "push") return { message: pushCard(state), fallback: null, final, owner: push.requestedBy };
  return { message: pushPlanCard(state), fallback: pushPlanFallback(state), final, owner: null };
};

const commitState = async (ctx: VerbContext, commitId: string): Promise<CommitCardState | null> => {
  const { db, workspaceId } = ctx;
  const key = { id: commitId };
  const [session, commit, changes, targets, approvals, jobs] = await openSession(
    ctx,
    commitQuery(db, workspaceId, key),
    changesOfCommitQuery(db, workspaceId, key),
    commitTargetsQuery(db, workspaceId, key),
    approvalsQuery(db, workspaceId, key),
    jobsOfCommitQuery(db, workspaceId, key),
  );
  if (!commit) return null;
  const { mode, approvalsNeeded } = session.workspace;
  const reviewers = reviewersOf(session, commit.createdBy);
  return { commit, changes, targets, approvals, jobs, mode, approvalsNeeded, reviewers };
};
