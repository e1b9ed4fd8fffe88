/** What has happened: a line an event. */
import { apiEvent } from "../../../shared/contract/event.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { moment } from "../blocks/text.ts";

/** With its time, as a log shows it. */
export const datedEventLine = (event: LoggedEvent): string => `${moment(event.at)}  ·  ${eventLine(event)}`;

/** "<@U1> staged change 3: Python: experience_years 5 → 8" */
export const eventLine = (event: LoggedEvent): string => mrkdwn(eventMessage(apiEvent(event)));
