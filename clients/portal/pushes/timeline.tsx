import { Fragment, type ReactNode } from "react";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ApiPush } from "../../../shared/contract/resources.ts";
import { timelineOf } from "../../../shared/domain/pushes/timeline.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import { waitedMessage } from "../../../shared/messages/en/timeline.ts";
import { offset } from "../../../shared/messages/en/times.ts";
import { useHistory } from "../data/queries.ts";
import { Load } from "../components/load.tsx";
import { Section } from "../components/section.tsx";
import { MessageText } from "../components/message-text.tsx";
import { eventTone } from "../messages/event-tone.ts";
import { fullTime } from "../messages/times.ts";

/** The events of a push with their times and the waits between them. */
export const Timeline = ({ push }: { push: ApiPush }): ReactNode => {
  const history = useHistory(push.commit);
  return (
    <Section title="Timeline">
      <Load query={history} what="timeline">
        {(events) => (
          <ol className="timeline" data-testid="timeline">
            {timelineOf(push.createdAt, ofPush(push, events)).map(({ event, afterMs, waited }) => (
              <Fragment key={event.id}>
                {waited && (
                  <li className="gap fine">
                    <MessageText message={waitedMessage(waited)} />
                  </li>
                )}
                <li className={eventTone(event)}>
                  <time className="fine" dateTime={event.at} title={fullTime(event.at)}>
                    {offset(afterMs)}
                  </time>
                  <span>
                    <MessageText message={eventMessage(event)} />
                  </span>
                </li>
              </Fragment>
            ))}
          </ol>
        )}
      </Load>
    </Section>
  );
};

const ofPush = ({ number }: ApiPush, events: readonly ApiEvent[]): ApiEvent[] =>
  events.filter((event) => event.push === number);
