import { expect, test } from "vitest";
import { type ButtonValue, buttonActions, decodeButton, encodeButton } from "./codec.ts";

const values: ButtonValue[] = [
  { number: 1 },
  { number: 999_999_999 },
  { number: 42, seenHash: "a".repeat(64) },
  { number: 42, target: "all" },
  { number: 42, target: "ai-agent" },
  { number: 42, seenHash: "", target: "with:colon" },
  { number: 42, seenHash: '"quoted"', target: "" },
];

test.each(buttonActions.flatMap((action) => values.map((button) => [action, button] as const)))(
  "the button %s %j is encoded within Slack's limits and decoded unchanged",
  (action, button) => {
    const { action_id, value } = encodeButton(action, button);
    expect(decodeButton(action_id, value)).toEqual({ action, button });
    expect(action_id.length).toBeLessThanOrEqual(255);
    expect(value.length).toBeLessThanOrEqual(2000);
  },
);

test("the buttons of one card have different action ids", () => {
  const ids = ["all", "d1cv", "ai-agent"].map((target) => encodeButton("commit.push", { number: 1, target }).action_id);
  expect(new Set(ids).size).toBe(3);
});

test.each([
  ["commit.approve", undefined],
  ["commit.approve", ""],
  ["commit.approve", "null"],
  ["commit.approve", "[]"],
  ["commit.approve", "{}"],
  ["commit.approve", '{"n":0}'],
  ["commit.approve", '{"n":-1}'],
  ["commit.approve", '{"n":1.5}'],
  ["commit.approve", '{"n":"1"}'],
  ["commit.approve", '{"n":1,"h":5}'],
  ["commit.approve", '{"n":1,"t":"d1cv"}'],
  ["commit.push:d1cv", '{"n":1,"t":"ai-agent"}'],
  ["commit.push:d1cv", '{"n":1}'],
  ["commit.destroy", '{"n":1}'],
  ["", '{"n":1}'],
  ["constructor", '{"n":1}'],
  ["Commit.Approve", '{"n":1}'],
])("the button %s with %s is decoded as unknown", (actionId, value) => {
  expect(decodeButton(actionId, value)).toBeNull();
});
