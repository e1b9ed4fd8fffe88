import { expect, test } from "vitest";
import { eventsSaying } from "../../../test/support/messages/events.ts";
import type { LoggedEvent } from "../../../shared/domain/events/event.ts";
import { eventMessage } from "../../../shared/messages/en/events.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";
import { datedEventLine } from "./event-lines.ts";

test("the line of an event mentions people and channels, and has its time", () => {
  const event: LoggedEvent = {
    id: 1,
    type: "workspace.settings_set",
    commitId: null,
    pushId: null,
    jobId: null,
    attempt: null,
    actor: { kind: "slack", id: "U0AVERY01" },
    data: { after: { approvalsNeeded: 2, channelId: "C0CARDS" } },
    traceId: "t",
    at: "2026-11-23T08:00:00.000Z",
    commitNumber: null,
    pushNumber: null,
    changeNumber: null,
    deadLetterNumber: null,
    target: null,
    tokenName: null,
  };
  expect(datedEventLine(event)).toBe(
    "<!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>  ·  " +
      "<@U0AVERY01> changed the settings: 2 approvals needed, cards go to <#C0CARDS>",
  );
});

test.each(eventsSaying("<!channel> & <@U0CARLA01>").map((event) => [event.type, event] as const))(
  "the line of %s escapes what people and targets wrote",
  (_, event) => {
    expect(mrkdwn(eventMessage(event))).not.toMatch(/<!|<@U0CARLA01>/);
  },
);
