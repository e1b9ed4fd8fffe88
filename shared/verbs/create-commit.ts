import { commitHash } from "../domain/commit-hash.ts";
import type { Commit } from "../domain/commit.ts";
import { targetsOf } from "../domain/net-effect.ts";
import { type Result, fail, ok } from "../result.ts";
import { insertCard } from "../storage/cards.ts";
import { commitStaged, stagedQuery } from "../storage/changes.ts";
import { insertCommit } from "../storage/commits.ts";
import { insertCommitTargets } from "../storage/commit-targets.ts";
import { takeNumber } from "../storage/counters.ts";
import { expectChanges } from "../storage/database.ts";
import { type VerbContext, nowOf } from "./context.ts";
import { returnedNumber } from "./returned.ts";
import { type Forbidden, type NotWritten, commitBatch, openSession, permit } from "./session.ts";

export interface CreateCommitInput {
  message: string;
  /** A draft is not sent to review. */
  draft: boolean;
  /** Where its card goes, unless the workspace has a channel for cards. */
  channelId: string;
}

export interface Created {
  commit: Commit;
  changeCount: number;
  targets: string[];
  /** Channel of the card; null for a draft. */
  channelId: string | null;
  /** Who may approve it. */
  reviewers: string[];
}

export type CreateCommitReason =
  | Forbidden
  | NotWritten
  | { code: "message_needed" }
  | { code: "message_too_long"; length: number; maxLength: number }
  | { code: "nothing_staged" }
  | { code: "cancels_out"; numbers: number[] };

export const maxMessageLength = 500;

/** Groups the acting person's staged changes into a commit, and asks for review at once unless it is a draft. */
export const createCommit = async (
  ctx: VerbContext,
  input: CreateCommitInput,
): Promise<Result<Created, CreateCommitReason>> => {
  const [session, staged] = await openSession(ctx, stagedQuery(ctx.db, ctx.workspaceId));
  const allowed = permit(session, "commit");
  if (!allowed.ok) return allowed;

  const message = input.message.trim();
  if (message === "") return fail({ code: "message_needed" });
  if (message.length > maxMessageLength) {
    return fail({ code: "message_too_long", length: message.length, maxLength: maxMessageLength });
  }
  const changes = staged.filter(({ createdBy }) => createdBy === ctx.actor.id);
  if (changes.length === 0) return fail({ code: "nothing_staged" });
  const targetNames = session.targets.map(({ name }) => name);
  const targets = targetsOf(changes, targetNames);
  if (targets.length === 0) return fail({ code: "cancels_out", numbers: changes.map(({ number }) => number) });

  const now = nowOf(ctx);
  const commit: Commit = {
    id: ctx.newId(),
    number: 0,
    message,
    hash: await commitHash(changes, targetNames),
    review: input.draft ? "draft" : "in_review",
    status: "pending",
    createdBy: ctx.actor.id,
    createdAt: now,
    appliedBy: null,
    errorTarget: null,
    errorMessage: null,
  };
  const channelId = input.draft ? null : (session.workspace.channelId ?? input.channelId);
  const ids = changes.map(({ id }) => id);
  const { db, workspaceId } = ctx;
  const written = await commitBatch(
    ctx,
    [
      takeNumber(db, workspaceId, "commit"),
      insertCommit(db, workspaceId, commit),
      commitStaged(db, workspaceId, commit.id, ids, now),
      expectChanges(db, ids.length),
      insertCommitTargets(db, workspaceId, commit.id, targets, now),
      ...(channelId
        ? [insertCard(db, workspaceId, { id: ctx.newId(), kind: "commit", subjectId: commit.id, channelId }, now)]
        : []),
    ],
    { type: "commit.created", commitId: commit.id, data: { message, changes: ids.length, targets } },
    ...(channelId ? [{ type: "commit.review_requested" as const, commitId: commit.id }] : []),
  );
  if (!written.ok) return written;
  return ok({
    commit: { ...commit, number: returnedNumber(written.value[1]) },
    changeCount: changes.length,
    targets,
    channelId,
    reviewers: reviewersOf(session, commit.createdBy),
  });
};

/** Those who may approve a commit of `author`. */
export const reviewersOf = (
  session: { members: { userId: string; role: string }[]; workspace: { mode: string } },
  author: string,
): string[] =>
  session.members
    .filter(({ role }) => role === "approver" || role === "admin")
    .map(({ userId }) => userId)
    .filter((userId) => session.workspace.mode === "solo" || userId !== author);
