import type { Commit } from "../../domain/commits/commit.ts";
import type { Push } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import { type ShownCard, newestPushCardQuery } from "../../storage/cards.ts";
import { commitQuery } from "../../storage/commits/commits.ts";
import { newestPushEvents } from "../../history/read-history.ts";
import { archivedBelowQuery } from "../../storage/events/archives.ts";
import { newestPushEventsQuery } from "../../storage/events/events.ts";
import type { LoggedEvent } from "../../domain/events/event.ts";
import { pushesOfCommitQuery } from "../../storage/pushes/pushes.ts";
import type { UseCaseContext } from "../context.ts";
import { type ReadRefusal, openSession, permit } from "../session.ts";

export interface PushTrace {
  commit: Commit;
  push: Push;
  /** Oldest first. */
  events: LoggedEvent[];
  /** The push's message in the channel. */
  card: ShownCard | null;
}

export type TraceReason = ReadRefusal<"commit_not_found" | "not_pushed" | "history_unreadable">;

/** A push has about a dozen events; one that is retried for days may have more, of which the first are shown. */
const maxEvents = 500;

/** Everything that happened to a commit's newest push, up to when Slack showed it. */
export const tracePush = async (ctx: UseCaseContext, number: number): Promise<Result<PushTrace, TraceReason>> => {
  const { workspaceId } = ctx;
  const [session, commit, pushes, inD1, archivedBelow, card] = await openSession(
    ctx,
    commitQuery(workspaceId, { number }),
    pushesOfCommitQuery(workspaceId, { number }),
    newestPushEventsQuery(workspaceId, number, maxEvents),
    archivedBelowQuery(workspaceId),
    newestPushCardQuery(workspaceId, number),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  if (!commit) return fail({ code: "commit_not_found", number });
  const [push] = pushes;
  if (!push) return fail({ code: "not_pushed", number });
  const wanted = { commitNumber: number, limit: maxEvents };
  const { events, lost } = await newestPushEvents(ctx, wanted, inD1, archivedBelow);
  const [first] = lost;
  return first ? fail({ code: "history_unreadable", ...first }) : ok({ commit, push, events, card });
};
