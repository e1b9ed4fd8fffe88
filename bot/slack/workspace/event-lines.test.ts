import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../shared/domain/events/event-types.ts";
import type { LoggedEvent } from "../../../shared/storage/events/events.ts";
import { eventLine } from "./event-lines.ts";

const event = (type: LoggedEvent["type"], more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  id: 1,
  type,
  commitId: "c",
  pushId: "p",
  jobId: "j",
  attempt: 1,
  actor: { kind: "slack", id: "U0AVERY01" },
  data: {},
  traceId: "t",
  at: "2026-11-23T08:00:00.000Z",
  commitNumber: 2,
  pushNumber: 4,
  changeNumber: 3,
  deadLetterNumber: 4,
  target: "d1cv",
  tokenName: null,
  ...more,
});

describe("an event's line", () => {
  test.each(eventTypes)("of %s has words of its own, also when the event says nothing more", (type) => {
    const line = eventLine(event(type));
    expect(line.length).toBeGreaterThan(10);
    expect(line).not.toMatch(/undefined|null|\[object/);
    expect(eventTypes.filter((other) => eventLine(event(other)) === line)).toEqual([type]);
  });

  test.each<[LoggedEvent, string]>([
    [
      event("change.staged", { data: { summary: "Python: experience_years 5 → 8" } }),
      "<@U0AVERY01> staged change 3: Python: experience_years 5 → 8",
    ],
    [
      event("job.completed", {
        actor: { kind: "target", id: "d1cv" },
        data: { target: "d1cv", result: { updated: 2 } },
      }),
      "d1cv applied commit *#2*: 2 changed",
    ],
    [event("commit.approved", { data: { because: "settings" } }), "Commit *#2* was approved when <@U0AVERY01> changed"],
    [
      event("commit.review_requested", { data: { reviewers: ["U0BLAKE01"] } }),
      "<@U0AVERY01> asked <@U0BLAKE01> for review of commit *#2*",
    ],
    [
      event("member.role_set", { data: { userId: "U0BLAKE01", role: "editor", before: "viewer" } }),
      "<@U0AVERY01> made <@U0BLAKE01> an editor, was viewer",
    ],
    [
      event("workspace.settings_set", { data: { after: { approvalsNeeded: 2, channelId: "C0CARDS" } } }),
      "<@U0AVERY01> changed the settings: 2 approvals needed, cards go to <#C0CARDS>",
    ],
  ])("reads %#", (given, expected) => {
    expect(eventLine(given)).toContain(expected);
  });

  test("takes the power from what people and targets wrote", () => {
    const wicked = "<!channel> & <@U0CARLA01>";
    for (const type of eventTypes) {
      const data = {
        summary: wicked,
        message: wicked,
        reason: wicked,
        because: wicked,
        target: wicked,
        targets: [wicked],
        reviewers: [wicked],
        userId: wicked,
        role: wicked,
        error: { message: wicked },
        after: { mode: wicked, channelId: wicked },
      };
      expect(eventLine(event(type, { data, actor: { kind: "target", id: wicked } }))).not.toMatch(/<!|<@U0CARLA01>/);
    }
  });
});
