import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import { useActivity } from "../data/queries.ts";
import { List } from "../components/list.tsx";
import { Section } from "../components/section.tsx";
import { Time } from "../components/time.tsx";
import { MessageText } from "../components/message-text.tsx";
import { eventTone } from "../messages/event-tone.ts";

const maxShown = 30;

/** Steps between machines are shown in the timeline of the push. */
const inBetween = new Set(["job.dispatched", "job.accepted", "job.progress", "job.searchable", "webhook.ignored"]);

export const Activity = (): ReactNode => {
  const events = useActivity().filter(({ type }) => !inBetween.has(type));
  return (
    <Section as="aside" title="Recent activity">
      <List as="ol" className="events" items={events.slice(0, maxShown)} empty="Nothing has happened yet.">
        {(event) => <EventLine key={event.id} event={event} />}
      </List>
    </Section>
  );
};

const EventLine = ({ event }: { event: ApiEvent }): ReactNode => {
  const text = <MessageText message={eventMessage(event)} />;
  const place = placeOf(event);
  return (
    <li className={eventTone(event)}>
      {place === null ? text : <Link href={place}>{text}</Link>} <Time at={event.at} />
    </li>
  );
};

const placeOf = ({ push, commit }: ApiEvent): string | null =>
  push !== null ? `/pushes/${push}` : commit !== null ? `/commits/${commit}` : null;
