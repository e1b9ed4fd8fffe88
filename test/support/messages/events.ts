/** Events with nothing more than a type, and with everything that one may say. */
import type { ApiEvent } from "../../../shared/contract/event.ts";
import { type EventType, eventTypes } from "../../../shared/domain/events/event-types.ts";

export const bareEvent = (type: EventType): ApiEvent => ({
  id: 1,
  type,
  at: "2031-03-03T09:00:00.000Z",
  actor: { kind: "slack", id: "U0AVERY01", token: null },
  commit: null,
  push: null,
  change: null,
  deadLetter: null,
  jobId: null,
  target: null,
  attempt: null,
  data: {},
  traceId: "ab".repeat(16),
});

export const eventWith = (given: Partial<ApiEvent> & Pick<ApiEvent, "type">): ApiEvent => ({
  ...bareEvent(given.type),
  commit: 2,
  push: 4,
  change: 3,
  deadLetter: 5,
  target: "d1cv",
  attempt: 1,
  ...given,
});

/** Every event with `text` wherever it holds somebody's words. */
export const eventsSaying = (text: string): ApiEvent[] =>
  eventTypes.flatMap((type) =>
    [{}, { reason: "gone" }, { reason: "failing" }, { because: "settings" }, { synced: false }].map((more) =>
      eventWith({
        type,
        actor: { kind: "target", id: text, token: null },
        target: text,
        attempt: 2,
        data: {
          because: text,
          cause: text,
          error: { message: text },
          host: text,
          mode: text,
          name: text,
          number: 1,
          percent: 40,
          queue: text,
          reason: text,
          reported: text,
          result: { inserted: 1, updated: 2, deleted: 3 },
          reviewers: [text, text],
          role: text,
          scopes: [text],
          stage: text,
          summary: text,
          message: text,
          targets: [text],
          to: text,
          userId: text,
          after: { mode: text, approvalsNeeded: 2, channelId: text },
          ...more,
        },
      }),
    ),
  );
