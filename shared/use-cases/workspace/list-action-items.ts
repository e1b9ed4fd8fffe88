import type { Commit } from "../../domain/commits/commit.ts";
import type { Touch } from "../../domain/commits/overlaps.ts";
import type { Change } from "../../domain/staging/change.ts";
import { type Outlook, outlookOf } from "../../domain/workspace/action-items.ts";
import { type Result, ok } from "../../result.ts";
import { approvalsOfOpenCommitsQuery } from "../../storage/commits/approvals.ts";
import { everStagedQuery, stagedQuery } from "../../storage/staging/changes.ts";
import { sharedTouchesQuery } from "../../storage/commits/overlaps.ts";
import { targetsOfOpenCommitsQuery } from "../../storage/commits/commit-targets.ts";
import { commitsPushedSinceQuery, openCommitsQuery } from "../../storage/commits/commits.ts";
import { countKeptQuery } from "../../storage/dead-letters/dead-letters.ts";
import { newestEventsQuery } from "../../storage/events/events.ts";
import type { LoggedEvent } from "../../domain/events/event.ts";
import { jobsUnderWayQuery } from "../../storage/pushes/jobs.ts";
import type { TargetHealth } from "../../domain/pushes/target-health.ts";
import { targetsDownQuery } from "../../storage/pushes/target-health.ts";
import { type Backlog, backlogQuery } from "../../storage/pushes/stuck-rows.ts";
import { type UseCaseContext, inMs } from "../context.ts";
import { stuckAfterMs } from "../pushes/repair-stuck-rows.ts";
import { type Refused, type Session, openSession, permit } from "../session.ts";
import { minuteMs } from "../../domain/time.ts";

export interface ActionItemList extends Outlook {
  session: Session;
  /** Everybody's, oldest first. */
  staged: Change[];
  /** Nobody has ever staged anything here. */
  isNew: boolean;
  /** Targets that do not answer: pushes to them wait. */
  down: TargetHealth[];
  /** What should have been sent or shown long ago. */
  backlog: Backlog;
  /** What happened last, newest first; as many as were asked for. */
  events: LoggedEvent[];
}

/** With what a list of commits is made from besides. */
export interface OpenWork extends ActionItemList {
  /** Commits of which a push has ended since then, newest first; none unless it was asked for. */
  finished: Commit[];
  /** On rows that several open commits or people touch. */
  touches: Touch[];
}

/** Of the open commits and of those pushed lately: what is beyond them is in the list of commits. */
const maxOpen = 500;
const maxFinished = 20;

/** The relay has tried five times by then. */
const messagesWaitMs = 5 * minuteMs;

/** What is open for the acting person: what they can do now, what is in progress, what waits for others. */
export const listActionItems = async (
  ctx: UseCaseContext,
  { events: eventCount = 0, finishedSince = null }: { events?: number; finishedSince?: string | null } = {},
): Promise<Result<OpenWork, Refused>> => {
  const { workspaceId } = ctx;
  const [
    session,
    staged,
    hasStaged,
    commits,
    approvals,
    targets,
    jobs,
    down,
    events,
    deadLetters,
    touches,
    backlog,
    finished,
  ] = await openSession(
    ctx,
    stagedQuery(workspaceId),
    everStagedQuery(workspaceId),
    openCommitsQuery(workspaceId, maxOpen),
    approvalsOfOpenCommitsQuery(workspaceId),
    targetsOfOpenCommitsQuery(workspaceId),
    jobsUnderWayQuery(workspaceId),
    targetsDownQuery(workspaceId),
    newestEventsQuery(workspaceId, eventCount),
    countKeptQuery(workspaceId),
    sharedTouchesQuery(workspaceId),
    backlogQuery(workspaceId, {
      messages: inMs(ctx, -messagesWaitMs),
      cards: inMs(ctx, -stuckAfterMs),
    }),
    commitsPushedSinceQuery(workspaceId, finishedSince ?? "", finishedSince === null ? 0 : maxFinished),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const { role, members, workspace } = session;
  const { mode, approvalsNeeded } = workspace;
  const readerId = ctx.actor.id;
  const open = {
    readerId,
    role,
    mode,
    approvalsNeeded,
    members,
    staged,
    commits,
    approvals,
    targets,
    touches,
    jobs,
    deadLetters,
    unreadable: session.unreadable,
  };
  return ok({ ...outlookOf(open), session, staged, isNew: !hasStaged, down, backlog, events, finished, touches });
};
