import { describe, expect, test } from "vitest";
import type { Exchange } from "../../client-protocol.ts";
import { withExchange } from "../session/exchanges.ts";
import { ackWords, gistOf, kindsOf, prettyJson } from "./exchange-words.ts";

const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  id: 1,
  at: 0,
  direction: "to_bot",
  kind: "slash_command",
  payload: {},
  status: 200,
  body: "",
  ackMs: 12,
  error: null,
  retry: 0,
  ...more,
});

describe("an acknowledgement", () => {
  test.each([
    [{ ackMs: 12 }, "ack 12 ms", "good"],
    [{ ackMs: 2_500 }, "ack 2500 ms, close to 3 s", "near"],
    [{ ackMs: 3_001 }, "ack 3001 ms, too late", "late"],
    [{ ackMs: 3_000, status: null, error: "operation_timeout" }, "no ack within 3 s", "late"],
    [{ ackMs: 5, status: null, error: "dispatch_failed" }, "not reached", "failed"],
    [{ ackMs: 5, status: 500, error: "dispatch_failed" }, "ack 5 ms, dispatch_failed", "failed"],
    [{ direction: "from_bot", kind: "chat.update" }, "200", "good"],
    [{ direction: "from_bot", status: 429, error: "ratelimited" }, "429 ratelimited", "failed"],
  ] as const)("an acknowledgement of %j reads %s", (more, text, level) => {
    expect(ackWords(exchange(more))).toEqual({ text, level });
  });
});

describe("the gist", () => {
  test.each([
    ["slash_command", { command: "/cv", text: "staged" }, "/cv staged"],
    ["block_actions", { actions: [{ action_id: "a", text: { text: "Approve" } }] }, "Approve"],
    ["block_actions", { actions: [{ action_id: "pick" }] }, "pick"],
    ["view_submission", { view: { title: { text: "Stage a change" } } }, "Stage a change"],
    ["event_callback", { event: { type: "app_home_opened" } }, "app_home_opened"],
    ["message_action", { callback_id: "stage_message" }, "stage_message"],
    ["chat.postMessage", { text: "hello" }, "hello"],
    ["views.publish", { user_id: "U1" }, "U1"],
    ["block_actions", null, ""],
  ])("the gist of %s with %j is %s", (kind, payload, gist) => {
    expect(gistOf(exchange({ kind, payload }))).toBe(gist);
  });
});

test("the kinds of exchanges are listed once, with Slack's requests first", () => {
  const kinds = kindsOf([
    exchange({ direction: "from_bot", kind: "chat.update" }),
    exchange({ kind: "slash_command" }),
    exchange({ kind: "block_actions" }),
    exchange({ kind: "slash_command" }),
  ]);
  expect(kinds.map(({ kind }) => kind)).toEqual(["block_actions", "slash_command", "chat.update"]);
});

test("a payload of JSON is indented, and other text is left alone", () => {
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyJson("ok")).toBe("ok");
  expect(prettyJson({ a: [] })).toBe('{\n  "a": []\n}');
});

test("a repeated exchange replaces the earlier one, and the newest stand first", () => {
  const first = withExchange([exchange({ id: 1 })], exchange({ id: 2 }));
  expect(first.map(({ id }) => id)).toEqual([2, 1]);
  const again = withExchange(first, exchange({ id: 1, error: "late" }));
  expect(again.map(({ id, error }) => [id, error])).toEqual([
    [2, null],
    [1, "late"],
  ]);
});
