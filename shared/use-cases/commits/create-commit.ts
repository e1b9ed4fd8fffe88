import type { Change } from "../../domain/staging/change.ts";
import { sha256Hex } from "../../digest.ts";
import { type Content, canonicalJson, contentOf } from "../../domain/commits/commit-hash.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import { type Overlap, type Touch, overlapsOfCommit } from "../../domain/commits/overlaps.ts";
import { contributorsOf } from "../../domain/commits/contributors.ts";
import { editByOthers } from "../../domain/staging/edited.ts";
import { contradictionIn } from "../../domain/staging/net-effect.ts";
import type { CancelledRow } from "../../domain/staging/net-operations.ts";
import { isSameRow, onTopOf } from "../../domain/staging/on-top-of.ts";
import { takeWritten } from "../../domain/unseen.ts";
import { type Result, fail, ok } from "../../result.ts";
import { insertCard, invalidateCards } from "../../storage/cards.ts";
import { commitStaged, rebaseStaged, resolveStaged, stagedQuery } from "../../storage/staging/changes.ts";
import { insertCommit } from "../../storage/commits/commits.ts";
import { invalidateOverlapping, touchesOfCommitAfter } from "../../storage/commits/overlaps.ts";
import { appliedSinceStagedQuery } from "../../storage/commits/history.ts";
import type { AppliedChange } from "../../domain/commits/history.ts";
import { driftAfter } from "../../domain/commits/drift.ts";
import { insertCommitTargets, setDrift } from "../../storage/commits/commit-targets.ts";
import { takeNumber, takenNumber } from "../../storage/counters.ts";
import type { Draft } from "../../storage/from-batch.ts";
import { assertUnedited, lastEventQuery } from "../../storage/events/events.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { resolveRows } from "../staging/resolve-rows.ts";
import { type Session, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";
import { driftedEvent } from "./record-drift.ts";
import { reviewersOf, cardPlaces } from "./reviewers.ts";

export interface CreateCommitInput {
  message: string;
  /** A draft is not sent to review. */
  draft: boolean;
  /** Where its card goes, unless the workspace has a channel for cards; null: to everybody who may approve it. */
  channelId: string | null;
  /** Numbers of the changes that go in; null for all of one's own. */
  only: readonly number[] | null;
  /** `seen` of the refusal `edited_by_others`: they have read what others have edited in their changes. */
  acceptEdits?: string | null;
}

export interface Created {
  commit: Commit;
  changeCount: number;
  /** How many rows they change, taken together. */
  rowCount: number;
  /** Rows of which nothing is left to change. */
  cancelled: CancelledRow[];
  targets: string[];
  /** Channel of the card; null for a draft, and where there is none. */
  channelId: string | null;
  /** Who may approve it. */
  reviewers: string[];
  /** What is open and touches its rows, its own changes among it; earlier versions have saved none. */
  touches?: Touch[];
}

/** Who else is about to change its rows. */
export const overlapsOfCreated = ({ commit, touches = [] }: Created): Overlap[] => overlapsOfCommit(touches, commit);

export type CreateCommitReason = WriteRefusal<
  | "message_required"
  | "message_too_long"
  | "text_not_allowed"
  | "nothing_staged"
  | "change_not_found"
  | "not_author"
  | "edited_by_others"
  | "missing_dependency"
  | "contradicting_changes"
  | "empty_commit"
  | "row_not_found"
  | "row_unreadable"
  | "row_unresolved"
>;

export const maxMessageLength = 500;

/** Groups the acting person's staged changes, or some, into a commit, and asks for review unless it is a draft. */
export const createCommit = repeatable(
  async (ctx: UseCaseContext, input: CreateCommitInput): Promise<Result<Created, CreateCommitReason>> => {
    const [session, staged, lastEvent, applied] = await openSession(
      ctx,
      stagedQuery(ctx.workspaceId),
      lastEventQuery(ctx.workspaceId),
      appliedSinceStagedQuery(ctx.workspaceId, ctx.actor.id),
    );
    const allowed = permit(session, "commit");
    if (!allowed.ok) return allowed;

    const checked = await checkContent(ctx, session, staged, input);
    if (!checked.ok) return checked;
    const { message, changes, rest, resolved, content } = checked.value;
    const { hash, summary, targets, ...effect } = content;

    const at = atNow(ctx);
    const { workspaceId } = ctx;
    const drifts = driftsAfter(changes, targets, applied);
    const commit = {
      id: ctx.newId(),
      number: takenNumber(workspaceId, "commit"),
      message,
      summary,
      hash,
      review: input.draft ? "draft" : "in_review",
      status: "pending",
      createdBy: ctx.actor.id,
      contributors: contributorsOf({ createdBy: ctx.actor.id }, changes),
      createdAt: at.now,
      appliedBy: null,
      errorTarget: null,
      errorMessage: null,
      drifted: drifts.map(({ target }) => target),
    } satisfies Draft<Commit>;
    const channelId = input.draft ? null : (session.workspace.channelId ?? input.channelId);
    const reviewers = reviewersOf(session, commit.contributors);
    const places = input.draft ? [] : cardPlaces(ctx, channelId, reviewers);
    const ids = changes.map(({ id }) => id);
    const rebased = rebasedOn(changes, rest);
    return commitBatch<Created>(
      ctx,
      {
        commit,
        changeCount: changes.length,
        ...effect,
        targets,
        channelId,
        reviewers,
        touches: touchesOfCommitAfter(workspaceId, commit.id),
      },
      [
        assertUnedited(workspaceId, changes, lastEvent),
        takeNumber(workspaceId, "commit"),
        insertCommit(workspaceId, commit),
        ...resolved.map((change) => resolveStaged(at, change)),
        commitStaged(at, commit.id, ids),
        ...(rebased.length > 0 ? [rebaseStaged(at, rebased)] : []),
        insertCommitTargets(at, commit.id, targets),
        ...drifts.map(({ target, drift }) => setDrift(at, commit, target, drift)),
        invalidateCards(at, ids),
        invalidateOverlapping(at, [commit.id]),
        ...insertCommitCards(ctx, commit.id, places),
      ],
      {
        type: "commit.created",
        commitId: commit.id,
        data: { message, summary, changes: ids.length, targets },
      },
      ...(drifts.length > 0 ? [driftedEvent(commit, drifts)] : []),
      ...(input.draft ? [] : [{ type: "commit.review_requested" as const, commitId: commit.id }]),
    );
  },
);

const insertCommitCards = (ctx: UseCaseContext, subjectId: string, places: readonly string[]) =>
  places.map((channelId) => insertCard(atNow(ctx), { id: ctx.newId(), kind: "commit", subjectId, channelId }));

/** What other commits have applied between staging and now. */
const driftsAfter = (changes: readonly Change[], targets: readonly string[], applied: readonly AppliedChange[]) =>
  targets.flatMap((target) => {
    const drift = driftAfter(target, changes, applied, null);
    return drift ? [{ target, drift }] : [];
  });

/** A confirmation is of these edits: one that was made meanwhile is asked about again. */
const checkEdits = async (
  changes: readonly Change[],
  accepted: string | null,
): Promise<Result<null, CreateCommitReason>> => {
  const edits = changes.flatMap((change) => editByOthers(change) ?? []);
  if (edits.length === 0) return ok(null);
  const seen = (await sha256Hex(canonicalJson(edits))).slice(0, 10);
  return accepted === seen ? ok(null) : fail({ code: "edited_by_others", edits, seen });
};

interface Checked extends Chosen {
  message: string;
  /** Those of the changes whose row was found only now. */
  resolved: Change[];
  content: Content;
}

/** What goes in, each change with its row, if together they make a commit. */
const checkContent = async (
  ctx: UseCaseContext,
  session: Session,
  staged: readonly Change[],
  input: CreateCommitInput,
): Promise<Result<Checked, CreateCommitReason>> => {
  const taken = takeWritten("message", input.message);
  if (!taken.ok) return taken;
  const message = taken.value;
  if (message === "") return fail({ code: "message_required" });
  if (message.length > maxMessageLength) {
    return fail({ code: "message_too_long", length: message.length, maxLength: maxMessageLength });
  }
  const chosen = choose(ctx, staged, input.only);
  if (!chosen.ok) return chosen;
  const seen = await checkEdits(chosen.value.changes, input.acceptEdits ?? null);
  if (!seen.ok) return seen;
  const found = await resolveRows(ctx, session.targets, chosen.value.changes, staged.filter(isOwn(ctx)));
  if (!found.ok) return found;
  const changes = found.value;
  const contradiction = contradictionIn(changes);
  if (contradiction) return fail({ code: "contradicting_changes", ...contradiction });
  const targetNames = session.targets.map(({ name }) => name);
  const content = await contentOf(changes, targetNames);
  if (content.targets.length === 0) {
    return fail({ code: "empty_commit", numbers: changes.map(({ number }) => number) });
  }
  const resolved = changes.filter((change) => !chosen.value.changes.includes(change));
  return ok({ message, changes, rest: chosen.value.rest, resolved, content });
};

interface Chosen {
  changes: Change[];
  /** What the person leaves staged. */
  rest: Change[];
}

const choose = (
  ctx: UseCaseContext,
  staged: readonly Change[],
  only: readonly number[] | null,
): Result<Chosen, CreateCommitReason> => {
  const own = staged.filter(isOwn(ctx));
  const missing = (only ?? []).filter((number) => !staged.some((change) => change.number === number));
  if (missing.length > 0) return fail({ code: "change_not_found", numbers: missing });
  const foreign = staged.find(({ number, createdBy }) => only?.includes(number) && createdBy !== ctx.actor.id);
  if (foreign) return fail({ code: "not_author", number: foreign.number, author: foreign.createdBy });

  const goesIn = ({ number }: Change): boolean => only?.includes(number) ?? true;
  const changes = own.filter(goesIn);
  const rest = own.filter((change) => !goesIn(change));
  if (changes.length === 0) return fail({ code: "nothing_staged" });
  for (const change of changes) {
    const creation = rest.find((other) => other.action === "CREATE" && isSameRow(other, change));
    if (creation) return fail({ code: "missing_dependency", number: change.number, on: creation.number });
  }
  return ok({ changes, rest });
};

const isOwn =
  (ctx: UseCaseContext) =>
  ({ createdBy }: Change): boolean =>
    createdBy === ctx.actor.id;

/** Changes that stay staged were made on top of those that go: from now on these are what their author saw. */
const rebasedOn = (changes: readonly Change[], rest: readonly Change[]): Pick<Change, "id" | "base">[] =>
  rest.flatMap((change) => {
    const before = changes.filter((other) => isSameRow(other, change) && other.number < change.number);
    return before.length === 0 ? [] : [{ id: change.id, base: onTopOf(change, before) }];
  });
