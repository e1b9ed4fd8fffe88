import { describe, expect, test } from "vitest";
import { bareEvent, eventWith, eventsSaying } from "../../../test/support/messages/events.ts";
import type { ApiEvent } from "../../contract/event.ts";
import { eventTypes } from "../../domain/events/event-types.ts";
import { plainText } from "../plain-text.ts";
import { eventMessage } from "./events.ts";

const shown = (event: ApiEvent): string =>
  plainText(eventMessage(event), { nameOf: (id) => (id === "U0AVERY01" ? "Avery" : id) });

describe("an event's message", () => {
  test.each(eventTypes)("the message of %s is its own, also when the event has no data", (type) => {
    const text = shown(bareEvent(type));
    expect(text.length).toBeGreaterThan(10);
    expect(text).not.toMatch(/undefined|null|\[object| {2}/);
    expect(eventTypes.filter((other) => shown(bareEvent(other)) === text)).toEqual([type]);
  });

  test.each(eventsSaying("some text").map((event) => [event.type, event] as const))(
    "the message of %s is one phrase",
    (_, event) => {
      expect(shown(event)).not.toMatch(/undefined|null|\[object| {2}|\.$|\.\./);
    },
  );

  test.each<[Partial<ApiEvent> & Pick<ApiEvent, "type">, string]>([
    [
      { type: "change.staged", data: { summary: "Python: experience_years 5 → 8" } },
      "Avery staged change 3: Python: experience_years 5 → 8",
    ],
    [{ type: "commit.rejected", data: { reason: "Too bold" } }, "Avery rejected commit #2: Too bold"],
    [{ type: "job.completed", data: { result: { inserted: 0, updated: 2 } } }, "d1cv applied commit #2: 2 changed"],
    [{ type: "job.progress", data: { stage: "writing", percent: 39.6 } }, "d1cv is applying commit #2: writing, 40 %"],
    [{ type: "job.dispatched", attempt: 2 }, "Commit #2 was sent to d1cv (attempt 2)"],
    [
      { type: "commit.approved", data: { because: "settings" } },
      "Commit #2 had enough approvals when Avery changed the settings",
    ],
    [
      { type: "commit.review_requested", data: { reviewers: ["U0PRIYA01", "U0PAUL001"] } },
      "Avery requested a review from U0PRIYA01 and U0PAUL001 of commit #2",
    ],
    [
      { type: "member.role_set", data: { userId: "U0PRIYA01", role: "editor", before: "viewer" } },
      "Avery made U0PRIYA01 an editor, was viewer",
    ],
    [
      { type: "workspace.settings_set", data: { after: { approvalsNeeded: 2, channelId: "C0CARDS" } } },
      "Avery changed the settings: 2 approvals needed, cards go to C0CARDS",
    ],
    [
      { type: "push.started", actor: { kind: "token", id: "U0AVERY01", token: "CI" }, data: { targets: ["d1cv"] } },
      "Avery (token CI) started push #4 of commit #2 to d1cv",
    ],
  ])("the message of %o says who, what and how", (given, expected) => {
    expect(shown(eventWith(given))).toBe(expected);
  });
});
