import { describe, expect, test } from "vitest";
import type { ClientState, Message, OpenView, Person } from "../../client-protocol.ts";
import { applyEvent } from "./events.ts";

const person = (id: string): Person => ({
  id,
  name: id,
  real_name: id,
  title: "",
  is_bot: false,
  tz: "UTC",
  tz_offset: 0,
  color: "#000",
});
const message = (ts: string, more: Partial<Message> = {}): Message => ({
  channel: "C1",
  ts,
  thread_ts: null,
  user: "U1",
  text: ts,
  blocks: [],
  edited_ts: null,
  reply_count: 0,
  ephemeral_for: null,
  deleted: false,
  ...more,
});
const view = (id: string, user = "U1"): OpenView => ({
  id,
  user,
  hash: "1",
  errors: {},
  view: { type: "modal", title: { type: "plain_text", text: id }, blocks: [] },
});
const start: ClientState = {
  team: { id: "T1", domain: "t", name: "t" },
  installed: true,
  workspaces: [],
  me: person("U1"),
  people: [person("U1")],
  channels: [],
  messages: [message("1.000001"), message("3.000001")],
  views: [],
  sequence: 10,
};
const texts = (state: ClientState): string[] => state.messages.map((each) => each.text);

describe("an event of the local Slack", () => {
  test("the local Slack puts messages in the order of their timestamps, once", () => {
    const late = applyEvent(start, { type: "message", message: message("2.000001"), sequence: 11, at: 0 });
    expect(texts(late)).toEqual(["1.000001", "2.000001", "3.000001"]);
    expect(
      texts(applyEvent(late, { type: "message", message: message("2.000001"), sequence: 12, at: 0 })),
    ).toHaveLength(3);
  });

  test("the local Slack ignores an event that its state already includes", () => {
    expect(applyEvent(start, { type: "message", message: message("4.000001"), sequence: 10, at: 0 })).toBe(start);
  });

  test("the local Slack replaces a changed message and removes a deleted one", () => {
    const changed = applyEvent(start, {
      type: "message_changed",
      message: message("1.000001", { text: "new" }),
      sequence: 11,
      at: 0,
    });
    expect(texts(changed)).toEqual(["new", "3.000001"]);
    expect(
      texts(applyEvent(changed, { type: "message_deleted", channel: "C1", ts: "1.000001", sequence: 12, at: 0 })),
    ).toEqual(["3.000001"]);
  });

  test("the local Slack hides other people's ephemeral messages and modals", () => {
    const other = applyEvent(start, {
      type: "message",
      message: message("4.000001", { ephemeral_for: "U2" }),
      sequence: 11,
      at: 0,
    });
    expect(texts(other)).toHaveLength(2);
    expect(applyEvent(start, { type: "view_opened", view: view("V1", "U2"), sequence: 11, at: 0 }).views).toEqual([]);
  });

  test("the local Slack stacks, updates and closes modals", () => {
    const first = applyEvent(start, { type: "view_opened", view: view("V1"), sequence: 11, at: 0 });
    const second = applyEvent(first, { type: "view_opened", view: view("V2"), sequence: 12, at: 0 });
    expect(second.views.map((each) => each.id)).toEqual(["V1", "V2"]);
    const updated = applyEvent(second, {
      type: "view_updated",
      view: { ...view("V1"), hash: "2" },
      sequence: 13,
      at: 0,
    });
    expect(updated.views.map((each) => each.hash)).toEqual(["2", "1"]);
    expect(
      applyEvent(updated, { type: "view_closed", viewId: "V2", user: "U1", sequence: 14, at: 0 }).views.map(
        (each) => each.id,
      ),
    ).toEqual(["V1"]);
  });

  test("the local Slack shows the person's own Home and the active faults", () => {
    const home = { ...view("V9"), view: { type: "home" as const, blocks: [] } };
    expect(applyEvent(start, { type: "home_published", view: home, sequence: 11, at: 0 }).home?.id).toBe("V9");
    const others = applyEvent(start, { type: "home_published", view: { ...home, user: "U2" }, sequence: 11, at: 0 });
    expect(others.home).toBeUndefined();
    const faulty = applyEvent(start, { type: "faults_changed", faults: ["d1cv.down"], sequence: 11, at: 0 });
    expect(faulty.faults).toEqual(["d1cv.down"]);
  });
});
