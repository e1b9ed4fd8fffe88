import { describe, expect, test } from "vitest";
import { type Body, keyOf, userOf } from "./payload.ts";
import { typedIn } from "./typed-input.ts";

const command: Body = { command: "/cv", text: "stage `x` <@U1>", trigger_id: "1.2.abc", user_id: "U1" };
const click = (action: Record<string, unknown>): Body => ({
  type: "block_actions",
  trigger_id: "1.2.abc",
  user: { id: "U1" },
  actions: [{ type: "button", action_id: "x", text: { type: "plain_text", text: "Take <b>ack" }, ...action }],
});
const view = {
  id: "V1",
  hash: "1.1",
  title: { type: "plain_text", text: "Commit" },
  blocks: [
    { type: "section", block_id: "s" },
    { type: "input", block_id: "message", label: { type: "plain_text", text: "What does it do?" } },
    { type: "input", block_id: "changes", label: { type: "plain_text", text: "Changes" } },
    { type: "input", block_id: "empty", label: { type: "plain_text", text: "Draft" } },
  ],
  state: {
    values: {
      message: { message: { type: "plain_text_input", value: "Skill\nupdates" } },
      changes: {
        changes: {
          type: "checkboxes",
          selected_options: [
            { value: "1", text: { type: "plain_text", text: "1  Python" } },
            { value: "2", text: { type: "plain_text", text: "2  Rust" } },
          ],
        },
      },
      empty: { empty: { type: "plain_text_input", value: null } },
    },
  },
};
const form = (metadata: string): Body => ({
  type: "view_submission",
  user: { id: "U1" },
  view: { ...view, private_metadata: metadata },
});
const event = (type: string): Body => ({ type: "event_callback", event_id: "Ev1", event: { type } });

describe("idempotency keys", () => {
  test.each<[string, Body, string | null]>([
    ["a command", command, "1.2.abc"],
    ["a form", form("{}"), "view:V1:1.1"],
    ["a form that was tried before", form('{"tried":"view:V0:0.1"}'), "view:V0:0.1"],
    ["a button that stands for a command", click({ value: "do:unstage 1" }), "1.2.abc"],
    ["a button of a card", click({ action_id: "commit.approve", value: '{"n":1}' }), "1.2.abc"],
    [
      "an entry of a menu",
      click({ type: "overflow", selected_option: { value: "go:why 1", text: { text: "Why?" } } }),
      "1.2.abc",
    ],
    ["a shortcut", { type: "shortcut", trigger_id: "1.2.abc" }, "1.2.abc"],
    ["a message's shortcut", { type: "message_action", trigger_id: "1.2.abc" }, "1.2.abc"],
    ["an app that is uninstalled", event("app_uninstalled"), "event:Ev1"],
    ["a link", click({ url: "https://example.com" }), null],
    [
      "an input of a form that changes",
      click({ type: "static_select", selected_option: { value: "project", text: { text: "project" } } }),
      null,
    ],
    ["typeahead", { type: "block_suggestion", user: { id: "U1" } }, null],
    ["Home that is opened", event("app_home_opened"), null],
    ["a mention", event("app_mention"), null],
  ])("the idempotency key of %s is read from its payload, or none", (_name, body, key) => {
    expect(keyOf(body)).toBe(key);
  });
});

test.each<[string, Body, string | null]>([
  ["a command", command, "U1"],
  ["a click", click({}), "U1"],
  ["an event", event("app_uninstalled"), null],
])("the person to reply to is read from %s", (_name, body, userId) => {
  expect(userOf(body)).toBe(userId);
});

describe("descriptions of requests", () => {
  test.each<[string, Body, string]>([
    ["a command", command, "/cv stage <!date^00000000^{_}|`x`> &lt;@U1&gt;"],
    ["a click", click({}), "your click on *Take &lt;b&gt;ack*"],
    ["a form", form(""), "the form *Commit*"],
    ["a shortcut", { type: "shortcut" }, "what you chose"],
  ])("the text that describes %s is escaped for Slack", (_name, body, what) => {
    expect(typedIn(body).what).toBe(what);
  });

  test("the description of a form has everything that stands in its inputs", () => {
    expect(typedIn(form("")).inputs).toEqual([
      { label: "What does it do?", value: "Skill\nupdates" },
      { label: "Changes", value: "1  Python, 2  Rust" },
    ]);
  });
});
