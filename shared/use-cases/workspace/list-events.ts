import { type Result, ok } from "../../result.ts";
import { eventPage } from "../../history/read-history.ts";
import { archivedBelowQuery } from "../../storage/events/archives.ts";
import { eventPageQueries } from "../../storage/events/events.ts";
import type { LoggedEvent } from "../../domain/events/event.ts";
import type { UseCaseContext } from "../context.ts";
import { type Pages, pageOf } from "../pages.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface EventPage extends Pages {
  events: LoggedEvent[];
}

/** What has happened, newest first, by page; how far jobs have got in between is left out. */
export const listEvents = async (
  ctx: UseCaseContext,
  { limit, before }: { limit: number; before: number | null },
): Promise<Result<EventPage, Refused>> => {
  const [session, inD1, aboveInD1, archivedBelow] = await openSession(
    ctx,
    ...eventPageQueries(ctx.workspaceId, { before, limit }),
    archivedBelowQuery(ctx.workspaceId),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const found = { events: inD1, above: aboveInD1 };
  const { events, above } = await eventPage(ctx, { before, limit }, found, archivedBelow);
  const { shown, pages } = pageOf(events, above, limit, ({ id }) => id);
  return ok({ events: shown, ...pages });
};
