/** `cv log` says of every event what the log of the portal says: the same message, with the same names. */
import { describe, expect, test } from "vitest";
import type { ApiEvent } from "../../shared/contract/event.ts";
import { eventTypes } from "../../shared/domain/events/event-types.ts";
import { eventMessage } from "../../shared/messages/en/events.ts";
import { plainText } from "../../shared/messages/plain-text.ts";
import { bareEvent, eventsSaying } from "../../test/support/messages/events.ts";
import { moment } from "./lines.ts";
import { shellOf } from "./testing/shell.ts";

const nameOf = (id: string): string => `Name of ${id}`;

/** As the portal shows it: who is who is found out while the message is rendered. */
const inPortal = (event: ApiEvent): string => plainText(eventMessage(event), { nameOf, moment });

const logOf = async (events: readonly ApiEvent[], ...options: string[]): Promise<string[]> => {
  const { cv, server } = shellOf();
  server.replies.set("GET /activity", { events, next: null });
  server.replies.set("GET /people", () => ({
    people: (new URLSearchParams(server.requests.at(-1)?.path.split("?")[1]).get("ids") ?? "")
      .split(",")
      .map((userId) => ({ userId, name: nameOf(userId) })),
  }));
  const { code, out, err } = await cv("log", ...options);
  expect([code, err]).toEqual([0, ""]);
  return out.trimEnd().split("\n");
};

/** With people where people stand, one of them by a token. */
const withPeople = (event: ApiEvent): ApiEvent => ({
  ...event,
  actor: { kind: "token", id: "U0AVERY01", token: "CI" },
  data: { ...event.data, userId: "U0PRIYA01", reviewers: ["U0PRIYA01", "U0PAUL001"], owner: "U0CARLA01" },
});

const full = eventsSaying("some text");
const all = [...eventTypes.map(bareEvent), ...full.map(withPeople)];

describe("cv log", () => {
  test.each(eventTypes)("the line of cv log about %s is that of the portal's log", async (type) => {
    const events = all.filter((event) => event.type === type);
    expect(events.length).toBeGreaterThan(0);
    expect(await logOf(events)).toEqual(events.map((event) => `${moment(event.at)}  ${inPortal(event)}`));
  });

  test("cv log --follow is ready for Ctrl-C before it prints anything", async () => {
    const { cv, server, unguarded } = shellOf({ interrupted: AbortSignal.abort() });
    server.replies.set("GET /activity", { events: [bareEvent("change.staged")], next: null });
    const { code, out } = await cv("log", "--follow");
    expect({ code, lines: out.split("\n").length - 1, unguarded }).toEqual({
      code: 130,
      lines: 1,
      unguarded: { printed: "" },
    });
  });
});
