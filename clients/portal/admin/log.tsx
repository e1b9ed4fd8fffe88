import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import { Button } from "../components/button.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { MessageText } from "../components/message-text.tsx";
import { useLog } from "../data/queries.ts";
import { fullTime } from "../messages/times.ts";

const placeOf = ({ push, commit }: ApiEvent): string | null =>
  push !== null ? `/pushes/${push}` : commit !== null ? `/commits/${commit}` : null;

/** Everything that happened, with who did it, with what, and by which trace whoever runs CV Ops finds it. */
export const Log = (): ReactNode => {
  const query = useLog();
  return (
    <>
      <p className="fine">Everything that happened, newest first. Nobody can change or delete an entry.</p>
      <Load query={query} what="the log">
        {({ pages }) => (
          <List
            as="ol"
            className="rows"
            testId="log"
            items={pages.flatMap(({ events }) => events)}
            empty="Nothing has happened yet."
          >
            {(event) => <Entry key={event.id} event={event} />}
          </List>
        )}
      </Load>
      {query.hasNextPage && (
        <p className="more">
          <Button aria-disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {query.isFetchingNextPage ? "Loading…" : "Older entries"}
          </Button>
        </p>
      )}
    </>
  );
};

const Entry = ({ event }: { event: ApiEvent }): ReactNode => {
  const { id, type, at, actor, traceId } = event;
  const place = placeOf(event);
  const text = <MessageText message={eventMessage(event)} />;
  return (
    <li className="row">
      <div className="row-main">
        <p>{place === null ? text : <Link href={place}>{text}</Link>}</p>
        <p className="fine">
          <time dateTime={at}>{fullTime(at)}</time> · {type} · entry {id}
          {actor.token !== null && ` · with the token ${actor.token}`} · trace {traceId}
        </p>
      </div>
    </li>
  );
};
