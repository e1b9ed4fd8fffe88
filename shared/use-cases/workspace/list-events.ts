import { type Result, ok } from "../../result.ts";
import { eventIdsFromQuery, eventsBeforeQuery } from "../../storage/events/events.ts";
import type { LoggedEvent } from "../../domain/events/event.ts";
import type { UseCaseContext } from "../context.ts";
import { type Pages, pagesOf } from "../pages.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface EventPage extends Pages {
  events: LoggedEvent[];
}

/** What has happened, newest first, by page; how far jobs have got in between is left out. */
export const listEvents = async (
  ctx: UseCaseContext,
  { limit, before }: { limit: number; before: number | null },
): Promise<Result<EventPage, Refused>> => {
  const { workspaceId } = ctx;
  const [session, events, above] = await openSession(
    ctx,
    eventsBeforeQuery(workspaceId, before, limit + 1),
    eventIdsFromQuery(workspaceId, before ?? 0, before === null ? 0 : limit + 1),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const pages = pagesOf(
    events.map(({ id }) => id),
    above,
    limit,
  );
  return ok({ events: events.slice(0, limit), ...pages });
};
