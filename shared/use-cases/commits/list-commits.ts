import { closest } from "../../domain/closest.ts";
import { type Commit, appliedEverywhere, appliedStatus } from "../../domain/commits/commit.ts";
import { type Overlap, overlapsOfCommit } from "../../domain/commits/overlaps.ts";
import { type ReviewState, stateNames } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import { type CommitFilter, commitPageQueries } from "../../storage/commits/commits.ts";
import { sharedTouchesQuery } from "../../storage/commits/overlaps.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UseCaseContext } from "../context.ts";
import { type Pages, pageOf } from "../pages.ts";
import { type ReadRefusal, type Session, openSession, permit } from "../session.ts";

export interface ListCommitsInput {
  limit: number;
  /** Only commits with lower numbers; null for the newest. */
  before: number | null;
  /** The state of review or application: `in_review` (or `review`), `approved`, `pending`, `failed`, `applied` … */
  status: string | null;
  author: string | null;
  /** ISO 8601; those made then or later. */
  since: string | null;
}

export interface CommitPage extends Pages {
  session: Session;
  commits: Commit[];
  /** Who else is about to change the rows of each, in the order of the commits. */
  overlaps: Overlap[][];
}

/** Commits, newest first, by page. Dropped and reopened ones are left out unless their status is asked for. */
export const listCommits = async (
  ctx: UseCaseContext,
  { limit, before, status, author, since }: ListCommitsInput,
): Promise<Result<CommitPage, ReadRefusal<"unknown_status">>> => {
  const filter: CommitFilter = { ...standingOf(status), author, since };
  const [session, commits, above, touches] = await openSession(
    ctx,
    ...commitPageQueries(ctx.workspaceId, filter, { before, limit }),
    sharedTouchesQuery(ctx.workspaceId),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const statuses = allowedStatuses(session.targets);
  const typed = filter.status;
  if (typed !== null && !statuses.includes(typed)) {
    return fail({ code: "unknown_status", typed, suggestion: closest(typed, statuses), allowed: statuses });
  }
  const { shown, pages } = pageOf(commits, above, limit, ({ number }) => number);
  const overlaps = shown.map((commit) => overlapsOfCommit(touches, commit));
  return ok({ session, commits: shown, overlaps, ...pages });
};

/** A word of the review, or else a status. */
const standingOf = (typed: string | null): Pick<CommitFilter, "review" | "status"> => {
  const word = typed?.toLowerCase().replaceAll("-", "_") ?? null;
  const review: ReviewState | undefined =
    word === "review" ? "in_review" : stateNames("review").find((state) => state === word);
  return review ? { review, status: null } : { review: null, status: word };
};

const allowedStatuses = (targets: readonly TargetBinding[]): string[] => [
  ...stateNames("review"),
  "review",
  "pending",
  "failed",
  "applied",
  appliedEverywhere,
  ...targets.map(appliedStatus),
];
