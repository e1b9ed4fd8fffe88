import type { KnownBlock, PlainTextElement } from "@slack/types";
import { describe, expect, test } from "vitest";
import {
  bareValue,
  collectValues,
  isEmptyValue,
  isStateful,
  type StateValue,
  type StatefulElement,
} from "./state-values.ts";
import { validate } from "./validation.ts";

const text = (value: string): PlainTextElement => ({ type: "plain_text", text: value, emoji: true });
const option = (value: string) => ({ text: text(value), value });
const [a, b] = [option("a"), option("b")];
const richText = { type: "rich_text" as const, elements: [] };

const input = (element: StatefulElement, optional = false): KnownBlock => ({
  type: "input",
  block_id: "block",
  label: text("Label"),
  optional,
  element,
});
const valueOf = (element: StatefulElement): StateValue | undefined =>
  collectValues([input({ ...element, action_id: "action" })], {})["block"]?.["action"];

describe("state.values", () => {
  const cases: [element: StatefulElement, empty: StateValue, bare: string | string[]][] = [
    [{ type: "plain_text_input" }, { type: "plain_text_input", value: null }, ""],
    [{ type: "email_text_input" }, { type: "email_text_input", value: null }, ""],
    [{ type: "url_text_input" }, { type: "url_text_input", value: null }, ""],
    [{ type: "number_input", is_decimal_allowed: true }, { type: "number_input", value: null }, ""],
    [{ type: "static_select", options: [a] }, { type: "static_select", selected_option: null }, ""],
    [{ type: "external_select" }, { type: "external_select", selected_option: null }, ""],
    [{ type: "radio_buttons", options: [a] }, { type: "radio_buttons", selected_option: null }, ""],
    [{ type: "checkboxes", options: [a] }, { type: "checkboxes", selected_options: [] }, []],
    [{ type: "multi_static_select", options: [a] }, { type: "multi_static_select", selected_options: [] }, []],
    [{ type: "multi_external_select" }, { type: "multi_external_select", selected_options: [] }, []],
    [{ type: "users_select" }, { type: "users_select", selected_user: null }, ""],
    [{ type: "multi_users_select" }, { type: "multi_users_select", selected_users: [] }, []],
    [{ type: "conversations_select" }, { type: "conversations_select", selected_conversation: null }, ""],
    [{ type: "multi_conversations_select" }, { type: "multi_conversations_select", selected_conversations: [] }, []],
    [{ type: "channels_select" }, { type: "channels_select", selected_channel: null }, ""],
    [{ type: "multi_channels_select" }, { type: "multi_channels_select", selected_channels: [] }, []],
    [{ type: "datepicker" }, { type: "datepicker", selected_date: null }, ""],
    [{ type: "timepicker" }, { type: "timepicker", selected_time: null }, ""],
    [{ type: "datetimepicker" }, { type: "datetimepicker", selected_date_time: null }, ""],
    [{ type: "rich_text_input" }, { type: "rich_text_input", rich_text_value: null }, ""],
  ];
  test.each(cases.map(([element, empty, bare]) => [element.type, element, empty, bare] as const))(
    "an untouched %s is empty in Slack's shape",
    (_, element, empty, bare) => {
      expect(valueOf(element)).toEqual(empty);
      expect(bareValue(empty)).toEqual(bare);
      expect(isEmptyValue(empty)).toBe(true);
    },
  );

  const filled: [element: StatefulElement, value: StateValue, bare: string | string[]][] = [
    [{ type: "plain_text_input", initial_value: "x" }, { type: "plain_text_input", value: "x" }, "x"],
    [
      { type: "number_input", is_decimal_allowed: false, initial_value: "0" },
      { type: "number_input", value: "0" },
      "0",
    ],
    [{ type: "static_select", options: [a, b], initial_option: b }, { type: "static_select", selected_option: b }, "b"],
    [{ type: "radio_buttons", options: [a, b], initial_option: a }, { type: "radio_buttons", selected_option: a }, "a"],
    [
      { type: "checkboxes", options: [a, b], initial_options: [a, b] },
      { type: "checkboxes", selected_options: [a, b] },
      ["a", "b"],
    ],
    [
      { type: "multi_users_select", initial_users: ["U1"] },
      { type: "multi_users_select", selected_users: ["U1"] },
      ["U1"],
    ],
    [
      { type: "conversations_select", initial_conversation: "C1" },
      { type: "conversations_select", selected_conversation: "C1" },
      "C1",
    ],
    [
      { type: "datepicker", initial_date: "2026-11-23" },
      { type: "datepicker", selected_date: "2026-11-23" },
      "2026-11-23",
    ],
    [
      { type: "datetimepicker", initial_date_time: 1700000000 },
      { type: "datetimepicker", selected_date_time: 1700000000 },
      "1700000000",
    ],
    [
      { type: "rich_text_input", initial_value: richText },
      { type: "rich_text_input", rich_text_value: richText },
      JSON.stringify(richText),
    ],
  ];
  test.each(filled.map(([element, value, bare]) => [element.type, element, value, bare] as const))(
    "a %s element starts with its initial value",
    (_, element, value, bare) => {
      expect(valueOf(element)).toEqual(value);
      expect(bareValue(value)).toEqual(bare);
    },
  );

  test("the state of a view has elements of sections and actions, without buttons", () => {
    const values = collectValues(
      [
        {
          type: "section",
          block_id: "s",
          text: text("t"),
          accessory: { type: "static_select", action_id: "x", options: [a] },
        },
        {
          type: "actions",
          block_id: "a",
          elements: [
            { type: "button", action_id: "y", text: text("y") },
            { type: "datepicker", action_id: "z" },
          ],
        },
        {
          type: "section",
          block_id: "i",
          text: text("t"),
          accessory: { type: "image", image_url: "https://example.com/x.png", alt_text: "x" },
        },
      ],
      {},
    );
    expect(values).toEqual({
      s: { x: { type: "static_select", selected_option: null } },
      a: { z: { type: "datepicker", selected_date: null } },
    });
    expect(isStateful({ type: "button" })).toBe(false);
  });

  test("the state of a view keeps input while block, action and type stay", () => {
    const typed = { block: { action: { type: "plain_text_input" as const, value: "typed" } } };
    const element = { type: "plain_text_input" as const, action_id: "action", initial_value: "new" };
    expect(collectValues([input(element)], typed)["block"]).toEqual({
      action: { type: "plain_text_input", value: "typed" },
    });
    expect(collectValues([input({ ...element, action_id: "other" })], typed)["block"]).toEqual({
      other: { type: "plain_text_input", value: "new" },
    });
    expect(collectValues([input({ type: "datepicker", action_id: "action" })], typed)["block"]).toEqual({
      action: { type: "datepicker", selected_date: null },
    });
  });
});

describe("the inputs of a modal", () => {
  const errorOf = (element: StatefulElement, value: string | null, optional = false): string | undefined => {
    const block = input({ ...element, action_id: "action" }, optional);
    const typed = { block: { action: { type: element.type, value } as StateValue } };
    return validate([block], collectValues([block], typed))["block"];
  };
  const number: StatefulElement = { type: "number_input", is_decimal_allowed: false, min_value: "0", max_value: "60" };

  test.each<[string, StatefulElement, string | null, boolean, string | undefined]>([
    ["a missing required value", { type: "plain_text_input" }, null, false, "Please complete this required field."],
    ["a missing optional value", { type: "plain_text_input" }, null, true, undefined],
    ["a number that is none", number, "many", false, "Please enter a number."],
    ["a fraction where whole numbers are asked for", number, "1.5", false, "Please enter a whole number."],
    ["a number below", number, "-1", false, "Please enter 0 or more."],
    ["a number above", number, "61", false, "Please enter 60 or less."],
    ["a good number", number, "60", false, undefined],
    ["a bad email address", { type: "email_text_input" }, "nobody", false, "Please enter a valid email address."],
    ["a bad URL", { type: "url_text_input" }, "example", false, "Please enter a valid URL."],
    ["a short text", { type: "plain_text_input", min_length: 3 }, "ab", false, "Please enter at least 3 characters."],
    ["a long text", { type: "plain_text_input", max_length: 3 }, "abcd", false, "Please enter at most 3 characters."],
  ])("the local Slack checks an input of a modal: %s", (_, element, value, optional, expected) => {
    expect(errorOf(element, value, optional)).toBe(expected);
  });
});
