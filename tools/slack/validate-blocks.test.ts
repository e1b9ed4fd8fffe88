import { describe, expect, it } from "vitest";
import { describe as wording, validateMessage, validateView } from "./validate-blocks.ts";

const text = (length: number) => ({ type: "plain_text", text: "x".repeat(length) });
const mrkdwn = (length: number) => ({ type: "mrkdwn", text: "x".repeat(length) });
const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const option = (index: number | string, length = 5) => ({ text: text(length), value: `v${index}` });
const rich = (elements = 1) => ({
  type: "rich_text",
  elements: many(elements, () => ({ type: "rich_text_section", elements: [{ type: "text", text: "x" }] })),
});
const section = (extra: object = { text: mrkdwn(5) }) => ({ type: "section", ...extra });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const button = (extra: object = {}) => ({ type: "button", text: text(5), ...extra });
const input = (element: object, extra: object = {}) => ({ type: "input", label: text(5), element, ...extra });
const accessory = (element: object) => section({ text: mrkdwn(5), accessory: element });
const task = (extra: object = {}) => ({ task_id: "t1", title: "Task", status: "pending", ...extra });
const cell = { type: "raw_text", text: "x" };
const modal = (extra: object = {}) => ({ type: "modal", title: text(5), blocks: [section()], ...extra });
const plainInput = { type: "plain_text_input" };

/** A rule: a payload that keeps it just so, one that breaks it, and where and how Slack says so. */
type Case = [rule: string, good: object, bad: object, pointer: string, message: string];

const blockCases: Case[] = [
  [
    "section text 3000",
    section({ text: mrkdwn(3000) }),
    section({ text: mrkdwn(3001) }),
    "/text/text",
    "must be less than 3001 characters",
  ],
  [
    "section text not empty",
    section({ text: mrkdwn(1) }),
    section({ text: mrkdwn(0) }),
    "/text/text",
    "must be more than 0 characters",
  ],
  ["section needs text or fields", section({ fields: [mrkdwn(1)] }), section({}), "", "must provide text or fields"],
  [
    "section fields 10",
    section({ fields: many(10, () => mrkdwn(1)) }),
    section({ fields: many(11, () => mrkdwn(1)) }),
    "/fields",
    "no more than 10 items allowed",
  ],
  [
    "section field text 2000",
    section({ fields: [mrkdwn(2000)] }),
    section({ fields: [mrkdwn(2001)] }),
    "/fields/0/text",
    "must be less than 2001 characters",
  ],
  [
    "header text 150",
    { type: "header", text: text(150) },
    { type: "header", text: text(151) },
    "/text/text",
    "must be less than 151 characters",
  ],
  [
    "header is plain_text",
    { type: "header", text: text(1) },
    { type: "header", text: mrkdwn(1) },
    "/text/type",
    "must be one of: plain_text",
  ],
  [
    "emoji only in plain_text",
    section({ text: { ...text(1), emoji: true } }),
    section({ text: { ...mrkdwn(1), emoji: true } }),
    "/text",
    "invalid additional property: emoji",
  ],
  [
    "divider has no text",
    { type: "divider" },
    { type: "divider", text: text(1) },
    "",
    "invalid additional property: text",
  ],
  [
    "context elements 10",
    { type: "context", elements: many(10, () => mrkdwn(1)) },
    { type: "context", elements: many(11, () => mrkdwn(1)) },
    "/elements",
    "no more than 10 items allowed",
  ],
  [
    "context takes text and images",
    { type: "context", elements: [{ type: "image", image_url: "https://a.test/b.png", alt_text: "b" }] },
    { type: "context", elements: [button()] },
    "/elements/0/type",
    "unsupported type: button",
  ],
  [
    "actions 25",
    actions(...many(25, (index) => button({ action_id: `a${index}` }))),
    actions(...many(26, (index) => button({ action_id: `a${index}` }))),
    "/elements",
    "no more than 25 items allowed",
  ],
  ["actions 1", actions(button()), actions(), "/elements", "no less than 1 items allowed"],
  [
    "button text 75",
    actions(button({ text: text(75) })),
    actions(button({ text: text(76) })),
    "/elements/0/text/text",
    "must be less than 76 characters",
  ],
  [
    "button value 2000",
    actions(button({ value: "x".repeat(2000) })),
    actions(button({ value: "x".repeat(2001) })),
    "/elements/0/value",
    "must be less than 2001 characters",
  ],
  [
    "button url 3000",
    actions(button({ url: `https://a.test/${"x".repeat(2985)}` })),
    actions(button({ url: `https://a.test/${"x".repeat(2986)}` })),
    "/elements/0/url",
    "must be less than 3001 characters",
  ],
  [
    "button url is an address",
    actions(button({ url: "https://a.test" })),
    actions(button({ url: "a.test" })),
    "/elements/0/url",
    "must be a valid value of its format",
  ],
  [
    "button style",
    actions(button({ style: "danger" })),
    actions(button({ style: "default" })),
    "/elements/0/style",
    "must be one of: primary, danger",
  ],
  [
    "button label 75",
    actions(button({ accessibility_label: "x".repeat(75) })),
    actions(button({ accessibility_label: "x".repeat(76) })),
    "/elements/0/accessibility_label",
    "must be less than 76 characters",
  ],
  [
    "action_id 255",
    actions(button({ action_id: "x".repeat(255) })),
    actions(button({ action_id: "x".repeat(256) })),
    "/elements/0/action_id",
    "must be less than 256 characters",
  ],
  [
    "action_id unique in a block",
    actions(button({ action_id: "a" }), button({ action_id: "b" })),
    actions(button({ action_id: "a" }), button({ action_id: "a" })),
    "/elements/1/action_id",
    "action_id already exists: a",
  ],
  [
    "block_id 255",
    section({ text: mrkdwn(1), block_id: "x".repeat(255) }),
    section({ text: mrkdwn(1), block_id: "x".repeat(256) }),
    "/block_id",
    "must be less than 256 characters",
  ],
  [
    "confirm text 300",
    actions(button({ confirm: { text: text(300) } })),
    actions(button({ confirm: { text: text(301) } })),
    "/elements/0/confirm/text/text",
    "must be less than 301 characters",
  ],
  [
    "confirm title 100",
    actions(button({ confirm: { text: text(1), title: text(100) } })),
    actions(button({ confirm: { text: text(1), title: text(101) } })),
    "/elements/0/confirm/title/text",
    "must be less than 101 characters",
  ],
  [
    "confirm button 30",
    actions(button({ confirm: { text: text(1), confirm: text(30) } })),
    actions(button({ confirm: { text: text(1), confirm: text(31) } })),
    "/elements/0/confirm/confirm/text",
    "must be less than 31 characters",
  ],
  [
    "deny button 30",
    actions(button({ confirm: { text: text(1), deny: text(30) } })),
    actions(button({ confirm: { text: text(1), deny: text(31) } })),
    "/elements/0/confirm/deny/text",
    "must be less than 31 characters",
  ],
  [
    "overflow options 5",
    accessory({ type: "overflow", options: many(5, option) }),
    accessory({ type: "overflow", options: many(6, option) }),
    "/accessory/options",
    "no more than 5 items allowed",
  ],
  [
    "select options 100",
    accessory({ type: "static_select", options: many(100, option) }),
    accessory({ type: "static_select", options: many(101, option) }),
    "/accessory/options",
    "no more than 100 items allowed",
  ],
  [
    "option text 75",
    accessory({ type: "static_select", options: [option(1, 75)] }),
    accessory({ type: "static_select", options: [option(1, 76)] }),
    "/accessory/options/0/text/text",
    "must be less than 76 characters",
  ],
  [
    "option value 75",
    accessory({ type: "static_select", options: [option("x".repeat(74))] }),
    accessory({ type: "static_select", options: [option("x".repeat(75))] }),
    "/accessory/options/0/value",
    "must be less than 76 characters",
  ],
  [
    "option values unique",
    accessory({ type: "static_select", options: [option(1), option(2)] }),
    accessory({ type: "static_select", options: [option(1), option(1)] }),
    "/accessory",
    "option values must be unique",
  ],
  [
    "options or groups",
    accessory({ type: "static_select", option_groups: [{ label: text(1), options: [option(1)] }] }),
    accessory({ type: "static_select" }),
    "/accessory",
    "must provide exactly one of options and option_groups",
  ],
  [
    "option groups 100",
    accessory({
      type: "static_select",
      option_groups: many(100, (index) => ({ label: text(1), options: [option(index)] })),
    }),
    accessory({
      type: "static_select",
      option_groups: many(101, (index) => ({ label: text(1), options: [option(index)] })),
    }),
    "/accessory/option_groups",
    "no more than 100 items allowed",
  ],
  [
    "option group label 75",
    accessory({ type: "static_select", option_groups: [{ label: text(75), options: [option(1)] }] }),
    accessory({ type: "static_select", option_groups: [{ label: text(76), options: [option(1)] }] }),
    "/accessory/option_groups/0/label/text",
    "must be less than 76 characters",
  ],
  [
    "initial option is an option",
    accessory({ type: "static_select", options: [option(1)], initial_option: option(1) }),
    accessory({ type: "static_select", options: [option(1)], initial_option: option(2) }),
    "/accessory",
    "initial option must match one of the options",
  ],
  [
    "placeholder 150",
    accessory({ type: "users_select", placeholder: text(150) }),
    accessory({ type: "users_select", placeholder: text(151) }),
    "/accessory/placeholder/text",
    "must be less than 151 characters",
  ],
  [
    "external min_query_length",
    accessory({ type: "external_select", min_query_length: 0 }),
    accessory({ type: "external_select", min_query_length: -1 }),
    "/accessory/min_query_length",
    "must be at least 0",
  ],
  [
    "max_selected_items",
    accessory({ type: "multi_users_select", max_selected_items: 1 }),
    accessory({ type: "multi_users_select", max_selected_items: 0 }),
    "/accessory/max_selected_items",
    "must be at least 1",
  ],
  [
    "conversation filter",
    accessory({ type: "conversations_select", filter: { include: ["im"] } }),
    accessory({ type: "conversations_select", filter: { include: [] } }),
    "/accessory/filter/include",
    "no less than 1 items allowed",
  ],
  [
    "channels_select knows its fields",
    accessory({ type: "channels_select", initial_channel: "C1" }),
    accessory({ type: "channels_select", initial_user: "U1" }),
    "/accessory",
    "invalid additional property: initial_user",
  ],
  [
    "checkboxes 10",
    accessory({ type: "checkboxes", options: many(10, option) }),
    accessory({ type: "checkboxes", options: many(11, option) }),
    "/accessory/options",
    "no more than 10 items allowed",
  ],
  [
    "radio buttons 10",
    accessory({ type: "radio_buttons", options: many(10, option) }),
    accessory({ type: "radio_buttons", options: many(11, option) }),
    "/accessory/options",
    "no more than 10 items allowed",
  ],
  [
    "select options are plain",
    accessory({ type: "radio_buttons", options: [{ text: mrkdwn(1), value: "a" }] }),
    accessory({ type: "static_select", options: [{ text: mrkdwn(1), value: "a" }] }),
    "/accessory/options/0/text/type",
    "must be one of: plain_text",
  ],
  [
    "date",
    accessory({ type: "datepicker", initial_date: "2026-02-28" }),
    accessory({ type: "datepicker", initial_date: "28.2.2026" }),
    "/accessory/initial_date",
    "must be a valid value of its format",
  ],
  [
    "time",
    accessory({ type: "timepicker", initial_time: "23:59" }),
    accessory({ type: "timepicker", initial_time: "24:00" }),
    "/accessory/initial_time",
    "must be a valid value of its format",
  ],
  [
    "date and time",
    actions({ type: "datetimepicker", initial_date_time: 1_700_000_000 }),
    actions({ type: "datetimepicker", initial_date_time: 17 }),
    "/elements/0/initial_date_time",
    "must be at least 1000000000",
  ],
  [
    "input label 2000",
    input(plainInput, { label: text(2000) }),
    input(plainInput, { label: text(2001) }),
    "/label/text",
    "must be less than 2001 characters",
  ],
  [
    "input hint 2000",
    input(plainInput, { hint: text(2000) }),
    input(plainInput, { hint: text(2001) }),
    "/hint/text",
    "must be less than 2001 characters",
  ],
  [
    "input takes no button",
    input({ type: "email_text_input" }),
    input(button()),
    "/element/type",
    "unsupported type: button",
  ],
  [
    "actions take no text input",
    actions(button()),
    actions(plainInput),
    "/elements/0/type",
    "unsupported type: plain_text_input",
  ],
  [
    "text input max_length 3000",
    input({ ...plainInput, max_length: 3000 }),
    input({ ...plainInput, max_length: 3001 }),
    "/element/max_length",
    "must be at most 3000",
  ],
  [
    "text input bounds in order",
    input({ ...plainInput, min_length: 2, max_length: 2 }),
    input({ ...plainInput, min_length: 3, max_length: 2 }),
    "/element",
    "min_length must not be greater than max_length",
  ],
  [
    "number input says whether decimal",
    input({ type: "number_input", is_decimal_allowed: true }),
    input({ type: "number_input" }),
    "/element",
    "missing required field: is_decimal_allowed",
  ],
  [
    "number input bounds in order",
    input({ type: "number_input", is_decimal_allowed: true, min_value: "1", max_value: "9" }),
    input({ type: "number_input", is_decimal_allowed: true, min_value: "10", max_value: "9" }),
    "/element",
    "min_value must not be greater than max_value",
  ],
  [
    "url input knows its fields",
    input({ type: "url_text_input", initial_value: "x" }),
    input({ type: "url_text_input", multiline: true }),
    "/element",
    "invalid additional property: multiline",
  ],
  [
    "dispatch config",
    input({ ...plainInput, dispatch_action_config: { trigger_actions_on: ["on_enter_pressed"] } }),
    input({ ...plainInput, dispatch_action_config: { trigger_actions_on: ["on_blur"] } }),
    "/element/dispatch_action_config/trigger_actions_on/0",
    "must be one of: on_enter_pressed, on_character_entered",
  ],
  [
    "image alt text 2000",
    { type: "image", image_url: "https://a.test/b.png", alt_text: "x".repeat(2000) },
    { type: "image", image_url: "https://a.test/b.png", alt_text: "x".repeat(2001) },
    "/alt_text",
    "must be less than 2001 characters",
  ],
  [
    "image needs alt text",
    { type: "image", image_url: "https://a.test/b.png", alt_text: "b" },
    { type: "image", image_url: "https://a.test/b.png" },
    "",
    "missing required field: alt_text",
  ],
  [
    "rich text",
    rich(2),
    { type: "rich_text", elements: [{ type: "section" }] },
    "/elements/0/type",
    "unsupported type: section",
  ],
  [
    "rich text style",
    {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "x", style: { bold: true } }] }],
    },
    {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "x", style: { loud: true } }] }],
    },
    "/elements/0/elements/0/style",
    "invalid additional property: loud",
  ],
  [
    "rich list style",
    {
      type: "rich_text",
      elements: [{ type: "rich_text_list", style: "bullet", elements: [{ type: "rich_text_section", elements: [] }] }],
    },
    {
      type: "rich_text",
      elements: [{ type: "rich_text_list", elements: [{ type: "rich_text_section", elements: [] }] }],
    },
    "/elements/0",
    "missing required field: style",
  ],
  [
    "table 100 rows",
    { type: "table", rows: many(100, () => [cell]) },
    { type: "table", rows: many(101, () => [cell]) },
    "/rows",
    "no more than 100 items allowed",
  ],
  [
    "table 20 columns",
    { type: "table", rows: [many(20, () => cell)] },
    { type: "table", rows: [many(21, () => cell)] },
    "/rows/0",
    "no more than 20 items allowed",
  ],
  [
    "table cells are not empty",
    { type: "table", rows: [[cell, rich()]] },
    { type: "table", rows: [[{ type: "raw_text", text: "" }]] },
    "/rows/0/0/text",
    "must be more than 0 characters",
  ],
  [
    "table column settings",
    { type: "table", rows: [[cell]], column_settings: [{ align: "right" }] },
    { type: "table", rows: [[cell]], column_settings: [{ align: "middle" }] },
    "/column_settings/0/align",
    "must be one of: left, center, right",
  ],
  [
    "markdown 12000",
    { type: "markdown", text: "x".repeat(10_000) },
    { type: "markdown", text: "x".repeat(12_001) },
    "/text",
    "must be less than 12001 characters",
  ],
  [
    "plan 50 tasks",
    { type: "plan", title: "Plan", tasks: many(50, (index) => task({ task_id: `t${index}` })) },
    { type: "plan", title: "Plan", tasks: many(51, (index) => task({ task_id: `t${index}` })) },
    "/tasks",
    "no more than 50 items allowed",
  ],
  [
    "plan task ids unique",
    { type: "plan", title: "Plan", tasks: [task(), task({ task_id: "t2" })] },
    { type: "plan", title: "Plan", tasks: [task(), task()] },
    "/tasks",
    "task_id must be unique",
  ],
  ["plan needs a title", { type: "plan", title: "Plan" }, { type: "plan" }, "", "missing required field: title"],
  [
    "task status",
    { type: "task_card", ...task({ status: "in_progress" }) },
    { type: "task_card", ...task({ status: "done" }) },
    "/status",
    "must be one of: pending, in_progress, complete, error",
  ],
  [
    "task status in a plan",
    { type: "plan", title: "Plan", tasks: [task({ type: "task_card", status: "error" })] },
    { type: "plan", title: "Plan", tasks: [task({ status: "failed" })] },
    "/tasks/0/status",
    "must be one of: pending, in_progress, complete, error",
  ],
  [
    "task details are one element",
    { type: "task_card", ...task({ details: rich(1) }) },
    { type: "task_card", ...task({ details: rich(2) }) },
    "/details/elements",
    "must have exactly one element",
  ],
  [
    "task sources",
    { type: "task_card", ...task({ sources: [{ type: "url", url: "https://a.test", text: "a" }] }) },
    { type: "task_card", ...task({ sources: [{ type: "url", url: "a", text: "a" }] }) },
    "/sources/0/url",
    "must be a valid value of its format",
  ],
  [
    "video title",
    { type: "video", title: text(199), video_url: "https://a.test", thumbnail_url: "https://a.test", alt_text: "a" },
    { type: "video", title: text(200), video_url: "https://a.test", thumbnail_url: "https://a.test", alt_text: "a" },
    "/title/text",
    "must be less than 200 characters",
  ],
  ["known block type", { type: "divider" }, { type: "banner" }, "/type", "unsupported type: banner"],
  ["a block is an object", { type: "divider" }, ["divider"], "", "must provide an object"],
];

describe("a message's block", () => {
  it.each(blockCases)("the local Slack validates a block: %s", (_rule, good, bad, pointer, message) => {
    expect(validateMessage({ text: "fallback", blocks: [good] })).toEqual([]);
    expect(validateMessage({ text: "fallback", blocks: [bad] })).toContainEqual({
      code: "invalid_blocks",
      pointer: `/blocks/0${pointer}`,
      message,
    });
  });

  it("the local Slack reports an invalid block in Slack's words", () => {
    const problems = validateMessage({ blocks: [{ type: "header", text: text(151) }] });
    expect(problems.map(wording)).toEqual([
      "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ]);
  });
});

describe("a message", () => {
  const sections = (count: number) => ({ blocks: many(count, () => section()) });
  const cases: [rule: string, good: object, bad: object, code: string, pointer: string][] = [
    ["50 blocks", sections(50), sections(51), "invalid_blocks", "/blocks"],
    ["text 4000", { text: "x".repeat(4000) }, { text: "x".repeat(4001) }, "msg_too_long", "/text"],
    ["text or blocks", { text: "x" }, { text: " ", blocks: [] }, "no_text", "/text"],
    [
      "10,000 characters in blocks",
      { blocks: many(5, () => section({ text: mrkdwn(2000) })) },
      { blocks: [...many(5, () => section({ text: mrkdwn(2000) })), section({ text: mrkdwn(1) })] },
      "msg_blocks_too_long",
      "/blocks",
    ],
    [
      "one table",
      { blocks: [{ type: "table", rows: [[cell]] }] },
      { blocks: many(2, () => ({ type: "table", rows: [[cell]] })) },
      "invalid_blocks",
      "/blocks",
    ],
    [
      "markdown together 12,000",
      { blocks: many(2, () => ({ type: "markdown", text: "x".repeat(5000) })) },
      { blocks: many(2, () => ({ type: "markdown", text: "x".repeat(6001) })) },
      "invalid_blocks",
      "/blocks",
    ],
    [
      "block_id unique",
      { blocks: [section({ text: mrkdwn(1), block_id: "a" }), section({ text: mrkdwn(1), block_id: "b" })] },
      { blocks: many(2, () => section({ text: mrkdwn(1), block_id: "a" })) },
      "invalid_blocks",
      "/blocks/1/block_id",
    ],
    [
      "no alert",
      { blocks: [section()] },
      { blocks: [{ type: "alert", text: text(1) }] },
      "invalid_blocks",
      "/blocks/0/type",
    ],
  ];
  it.each(cases)("the local Slack validates a message: %s", (_rule, good, bad, code, pointer) => {
    expect(validateMessage(good)).toEqual([]);
    expect(validateMessage(bad)).toContainEqual(expect.objectContaining({ code, pointer }));
  });
});

describe("a view", () => {
  const withInput = { blocks: [input(plainInput)] };
  const focused = { type: "plain_text_input", focus_on_load: true };
  const cases: Case[] = [
    [
      "title 24",
      modal({ title: text(24) }),
      modal({ title: text(25) }),
      "/title/text",
      "must be less than 25 characters",
    ],
    ["needs a title", modal(), { type: "modal", blocks: [section()] }, "", "missing required field: title"],
    ["needs blocks", modal(), { type: "modal", title: text(1) }, "/blocks", "must provide an array"],
    [
      "100 blocks",
      modal({ blocks: many(100, () => section()) }),
      modal({ blocks: many(101, () => section()) }),
      "/blocks",
      "no more than 100 items allowed",
    ],
    [
      "submit 24",
      modal({ submit: text(24) }),
      modal({ submit: text(25) }),
      "/submit/text",
      "must be less than 25 characters",
    ],
    [
      "close 24",
      modal({ close: text(24) }),
      modal({ close: text(25) }),
      "/close/text",
      "must be less than 25 characters",
    ],
    [
      "submit with inputs",
      modal({ ...withInput, submit: text(1) }),
      modal(withInput),
      "",
      "missing required field: submit (there are input blocks)",
    ],
    [
      "private_metadata 3000",
      modal({ private_metadata: "x".repeat(3000) }),
      modal({ private_metadata: "x".repeat(3001) }),
      "/private_metadata",
      "must be less than 3001 characters",
    ],
    [
      "callback_id 255",
      modal({ callback_id: "x".repeat(255) }),
      modal({ callback_id: "x".repeat(256) }),
      "/callback_id",
      "must be less than 256 characters",
    ],
    [
      "external_id 255",
      modal({ external_id: "x".repeat(255) }),
      modal({ external_id: "x".repeat(256) }),
      "/external_id",
      "must be less than 256 characters",
    ],
    [
      "alert in a modal",
      modal({ blocks: [{ type: "alert", text: text(200), level: "error" }] }),
      { type: "home", blocks: [{ type: "alert", text: text(200), level: "error" }] },
      "/blocks/0/type",
      "unsupported type: alert (only in a modal)",
    ],
    [
      "no plan",
      modal(),
      modal({ blocks: [{ type: "plan", title: "Plan" }] }),
      "/blocks/0/type",
      "unsupported type: plan (only in a message)",
    ],
    [
      "one focus",
      modal({ submit: text(1), blocks: [input(focused)] }),
      modal({ submit: text(1), blocks: [input(focused), input(focused)] }),
      "/blocks",
      "only one element can focus_on_load",
    ],
    [
      "a Home has no title",
      { type: "home", blocks: [section()] },
      { type: "home", title: text(1), blocks: [section()] },
      "",
      "invalid additional property: title",
    ],
    [
      "a known type",
      { type: "home", blocks: [section()] },
      { type: "window", blocks: [section()] },
      "/type",
      "unsupported type: window",
    ],
  ];
  it.each(cases)("the local Slack validates a view: %s", (_rule, good, bad, pointer, message) => {
    expect(validateView(good)).toEqual([]);
    expect(validateView(bad)).toContainEqual({ code: "invalid_arguments", pointer: `/view${pointer}`, message });
  });

  it("the local Slack refuses a view of more than 250 kB", () => {
    const big = (count: number) =>
      modal({ blocks: many(100, () => section({ fields: many(count, () => mrkdwn(2000)) })) });
    expect(validateView(big(1))).toEqual([]);
    expect(validateView(big(2)).map(({ code }) => code)).toEqual(["view_too_large"]);
  });
});
