import { SELF, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Suggestions } from "./interactions.ts";
import {
  api,
  apiForm,
  ask,
  avery,
  base,
  button,
  command,
  lastPayload,
  portfolio,
  priya,
  received,
  script,
  section,
  state,
  stub,
} from "./testing/client.ts";

const slow = { perMinute: 60_000, burst: 10_000 };

beforeEach(async () => {
  await script();
  await stub().setBudget({ post: slow, tier3: slow, tier4: slow });
});

afterEach(() =>
  runInDurableObject(stub(), (object) => {
    object.slack.now = () => Date.now();
  }),
);

const plain = (text: string) => ({ type: "plain_text", text });
const card = [
  {
    ...section("Commit #1"),
    block_id: "top",
    accessory: { type: "external_select", action_id: "who", min_query_length: 1 },
  },
  {
    type: "actions",
    block_id: "buttons",
    elements: [
      button("approve", "42"),
      { type: "static_select", action_id: "pick", options: [{ text: plain("One"), value: "1" }] },
    ],
  },
];

const postCard = async (): Promise<string> => {
  const { ts } = await api("chat.postMessage", { channel: portfolio, text: "card", blocks: card });
  return String(ts);
};

const press = (ts: string, extra: object = {}) =>
  ask("action", {
    as: avery,
    container: { type: "message", channel: portfolio, ts },
    blockId: "buttons",
    actionId: "approve",
    ...extra,
  });

const postTo = (url: unknown, body: object) => SELF.fetch(String(url), { method: "POST", body: JSON.stringify(body) });

describe("block_actions", () => {
  it("a click sends the message, the action and the person", async () => {
    const ts = await postCard();
    expect(await press(ts)).toMatchObject({ ok: true, status: 200 });
    expect(await lastPayload()).toMatchObject({
      type: "block_actions",
      user: { id: avery, username: "avery", name: "avery", team_id: "T0CVOPS01" },
      team: { id: "T0CVOPS01", domain: "noor-vega" },
      api_app_id: "A0CVOPS001",
      enterprise: null,
      is_enterprise_install: false,
      container: { type: "message", message_ts: ts, channel_id: portfolio, is_ephemeral: false },
      channel: { id: portfolio, name: "portfolio" },
      message: {
        type: "message",
        ts,
        text: "card",
        bot_id: "B0CVOPS001",
        blocks: [{ block_id: "top" }, { block_id: "buttons" }],
      },
      state: { values: { top: { who: { type: "external_select", selected_option: null } } } },
      actions: [
        {
          type: "button",
          action_id: "approve",
          block_id: "buttons",
          value: "42",
          text: plain("Press"),
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/) as string,
        },
      ],
    });
  });

  it("a click in a select sends the choice and keeps it in the state", async () => {
    const ts = await postCard();
    await press(ts, { actionId: "pick", value: "1" });
    const one = { text: plain("One"), value: "1" };
    expect(await lastPayload()).toMatchObject({
      actions: [{ type: "static_select", selected_option: one }],
      state: { values: { buttons: { pick: { type: "static_select", selected_option: one } } } },
    });
    await api("chat.update", { channel: portfolio, ts, text: "card", blocks: card });
    await press(ts);
    expect(await lastPayload()).toMatchObject({ state: { values: { buttons: { pick: { selected_option: one } } } } });
    expect(await press(ts, { actionId: "pick", value: "2" })).toMatchObject({
      ok: false,
      error: "the value is not one of the options",
    });
  });

  it("a click on what the person cannot see is not sent", async () => {
    const ts = await postCard();
    expect(await press(ts, { actionId: "reject" })).toMatchObject({ ok: false, status: null });
    await api("chat.update", { channel: portfolio, ts, text: "done" });
    expect(await press(ts)).toMatchObject({ ok: false, status: null });
    const { message_ts: whisper } = await api("chat.postEphemeral", {
      channel: portfolio,
      user: priya,
      text: "card",
      blocks: card,
    });
    expect(await press(String(whisper))).toMatchObject({
      ok: false,
      error: "That message or view is no longer there.",
    });
    expect((await received()).received).toEqual([]);
  });

  it("a click in an ephemeral message sends no copy of it", async () => {
    const { message_ts: whisper } = await api("chat.postEphemeral", {
      channel: portfolio,
      user: avery,
      text: "card",
      blocks: card,
    });
    await press(String(whisper));
    const payload = await lastPayload();
    expect(payload).toMatchObject({ container: { is_ephemeral: true, message_ts: whisper } });
    expect(payload).not.toHaveProperty("message");
  });

  it("a click that is not acknowledged warns the person", async () => {
    const ts = await postCard();
    await script({ status: 404 });
    expect(await press(ts)).toMatchObject({
      ok: false,
      status: 404,
      error: 'CV Ops failed with the error "dispatch_failed"',
    });
    await runInDurableObject(stub(), (object) => {
      object.slack.ackTimeoutMs = 50;
    });
    await script({ delayMs: 200 });
    expect(await press(ts)).toMatchObject({
      ok: false,
      status: null,
      error: 'CV Ops failed with the error "operation_timeout"',
    });
    await runInDurableObject(stub(), (object) => {
      object.slack.ackTimeoutMs = 3_000;
    });
  });
});

describe("a response URL", () => {
  const pressed = async (): Promise<{ ts: string; url: unknown }> => {
    const ts = await postCard();
    await press(ts);
    return { ts, url: (await lastPayload())["response_url"] };
  };

  it("a response URL works five times", async () => {
    const { url } = await pressed();
    for (let count = 0; count < 5; count += 1)
      expect(await (await postTo(url, { text: `answer ${count}` })).text()).toBe("ok");
    const sixth = await postTo(url, { text: "answer 5" });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: "used_url" }]);
    const answers = (await state(avery)).messages.filter((message) => message.text.startsWith("answer"));
    expect(answers.map((message) => message.ephemeral_for)).toEqual(Array.from({ length: 5 }, () => avery));
    expect((await state(priya)).messages.some((message) => message.text.startsWith("answer"))).toBe(false);
  });

  it("a response URL works for thirty minutes", async () => {
    const { url } = await pressed();
    await runInDurableObject(stub(), (object) => {
      object.slack.now = () => Date.now() + 30 * 60_000 + 1;
    });
    expect(await (await postTo(url, { text: "late" })).json()).toEqual({ ok: false, error: "expired_url" });
    expect(await (await postTo(`${base}/playground/slack/response/0`, { text: "x" })).json()).toEqual({
      ok: false,
      error: "invalid_url",
    });
  });

  it("a response URL replaces, deletes, and posts to all and into threads", async () => {
    const { ts, url } = await pressed();
    await postTo(url, { replace_original: true, text: "replaced" });
    expect((await state(priya)).messages.find((message) => message.ts === ts)).toMatchObject({
      text: "replaced",
      blocks: [],
    });
    await postTo(url, { response_type: "in_channel", text: "in the thread", thread_ts: ts });
    expect((await state(priya)).messages.at(-1)).toMatchObject({
      text: "in the thread",
      thread_ts: ts,
      ephemeral_for: null,
    });
    await postTo(url, { delete_original: true });
    expect((await state(priya)).messages.some((message) => message.ts === ts)).toBe(false);
  });

  it("a response URL refuses what Slack refuses", async () => {
    const { url } = await pressed();
    const refused = await postTo(url, { blocks: [{ type: "banner" }] });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: "invalid_blocks" }]);
    expect((await postTo(url, { text: "" })).status).toBe(400);
    expect((await postTo(url, { text: "x", channel: "C0GENERAL1" })).status).toBe(400);
  });
});

describe("block_suggestion", () => {
  const suggest = (ts: string, value: string): Promise<Suggestions> =>
    ask("options", {
      as: avery,
      container: { type: "message", channel: portfolio, ts },
      blockId: "top",
      actionId: "who",
      value,
    });

  it("a typeahead offers what the bot answers, and only that can be chosen", async () => {
    const ts = await postCard();
    const options = [{ text: plain("Rust"), value: "rust" }];
    await script({ body: { options } });
    expect(await suggest(ts, "ru")).toEqual({ options, error: null });
    expect(await lastPayload()).toMatchObject({
      type: "block_suggestion",
      block_id: "top",
      action_id: "who",
      value: "ru",
      container: { message_ts: ts },
    });
    expect(await press(ts, { blockId: "top", actionId: "who", value: "go" })).toMatchObject({ ok: false });
    await press(ts, { blockId: "top", actionId: "who", value: "rust" });
    expect(await lastPayload()).toMatchObject({ actions: [{ type: "external_select", selected_option: options[0] }] });
  });

  it("a typeahead waits for min_query_length and refuses options outside the limits", async () => {
    const ts = await postCard();
    expect(await suggest(ts, "")).toEqual({ options: [], error: null });
    expect((await received()).received).toEqual([]);
    await script({ body: { options: [{ text: plain("x".repeat(76)), value: "x" }] } });
    expect(await suggest(ts, "x")).toMatchObject({
      options: [],
      error: 'CV Ops failed with the error "invalid_options"',
    });
  });
});

describe("a modal", () => {
  const form = (extra: object = {}) => ({
    type: "modal",
    callback_id: "edit",
    private_metadata: "secret",
    title: plain("Edit"),
    submit: plain("Save"),
    notify_on_close: true,
    blocks: [
      {
        type: "input",
        block_id: "years",
        label: plain("Years"),
        element: { type: "number_input", action_id: "n", is_decimal_allowed: false, min_value: "0", max_value: "60" },
      },
      {
        type: "input",
        block_id: "note",
        optional: true,
        label: plain("Note"),
        element: { type: "plain_text_input", action_id: "t", max_length: 5 },
      },
    ],
    ...extra,
  });

  const open = async (extra: object = {}): Promise<string> => {
    await script();
    await command("/cv help");
    const trigger_id = new URLSearchParams((await received()).received[0]?.body).get("trigger_id");
    const { view } = await apiForm("views.open", { trigger_id, view: form(extra) });
    await script();
    return (view as { id: string }).id;
  };

  const submit = (viewId: string, years: string | null, note: string | null = null) =>
    ask("view-submission", {
      as: avery,
      viewId,
      values: {
        years: { n: { type: "number_input", value: years } },
        note: { t: { type: "plain_text_input", value: note } },
      },
    });

  const errorsShown = async () => (await state()).views.at(-1)?.errors;

  it("a modal is submitted with its state, and closes on an empty acknowledgement", async () => {
    const id = await open();
    expect(await submit(id, "8", "ok")).toMatchObject({ ok: true });
    expect(await lastPayload()).toMatchObject({
      type: "view_submission",
      response_urls: [],
      view: {
        id,
        root_view_id: id,
        previous_view_id: null,
        callback_id: "edit",
        private_metadata: "secret",
        app_id: "A0CVOPS001",
        state: {
          values: {
            years: { n: { type: "number_input", value: "8" } },
            note: { t: { type: "plain_text_input", value: "ok" } },
          },
        },
      },
    });
    expect((await state()).views).toEqual([]);
  });

  it.each([
    [null, null, { years: "Please complete this required field." }],
    ["eight", null, { years: "Must be a number." }],
    ["1.5", null, { years: "Must be a whole number." }],
    ["61", null, { years: "Must be at most 60." }],
    ["8", "too long", { note: "Must be at most 5 characters." }],
  ])("a modal is not submitted with %s and %s", async (years, note, errors) => {
    const id = await open();
    expect(await submit(id, years, note)).toMatchObject({ ok: false, status: null });
    expect(await errorsShown()).toEqual(errors);
    expect((await received()).received).toEqual([]);
  });

  it("a modal shows the bot's errors at its inputs", async () => {
    const id = await open();
    await script({ body: { response_action: "errors", errors: { years: "Too many" } } });
    expect(await submit(id, "8")).toMatchObject({ ok: true });
    expect(await errorsShown()).toEqual({ years: "Too many" });
    await script({ body: { response_action: "errors", errors: { nowhere: "Lost" } } });
    expect(await submit(id, "8")).toMatchObject({ ok: false, error: 'CV Ops failed with the error "invalid_errors"' });
  });

  it("a modal is updated, gets another on top, and is cleared", async () => {
    const id = await open();
    await script({ body: { response_action: "update", view: form({ callback_id: "second" }) } });
    await submit(id, "8");
    expect((await state()).views).toMatchObject([{ id, view: { callback_id: "second" } }]);
    await script({ body: { response_action: "push", view: form({ callback_id: "third" }) } });
    await submit(id, "8");
    const [, top] = (await state()).views;
    expect(top).toMatchObject({ view: { callback_id: "third" } });
    expect(await submit(id, "8")).toMatchObject({ ok: false, error: "That view is no longer open." });
    const below = { as: avery, container: { type: "view", viewId: id }, blockId: "note", actionId: "t", value: "x" };
    expect(await ask("action", below)).toMatchObject({ ok: false, error: "That message or view is no longer there." });
    await script({ body: { response_action: "clear" } });
    await submit(top?.id ?? "", "8");
    expect((await state()).views).toEqual([]);
  });

  it("a modal outside the limits and a stack of four are refused", async () => {
    let id = await open();
    await script({ body: { response_action: "update", view: form({ title: plain("x".repeat(25)) }) } });
    expect(await submit(id, "8")).toMatchObject({ ok: false, error: 'CV Ops failed with the error "invalid_view"' });
    for (const expected of [true, true, false]) {
      await script({ body: { response_action: "push", view: form() } });
      expect((await submit(id, "8")).ok).toBe(expected);
      id = (await state()).views.at(-1)?.id ?? "";
    }
    expect((await state()).views).toHaveLength(3);
  });

  it("a modal reports its closing to the bot when the bot asked for it", async () => {
    const id = await open();
    expect(await ask("view-close", { as: avery, viewId: id })).toMatchObject({ ok: true, status: 200 });
    expect(await lastPayload()).toMatchObject({ type: "view_closed", is_cleared: false, view: { id } });
    const quiet = await open({ notify_on_close: false });
    await ask("view-close", { as: avery, viewId: quiet });
    expect((await received()).received).toEqual([]);
    expect((await state()).views).toEqual([]);
  });

  it("a modal sends its actions without a message or a response URL", async () => {
    const id = await open({
      submit: undefined,
      blocks: [{ type: "actions", block_id: "b", elements: [button("more", "1")] }],
    });
    await ask("action", { as: avery, container: { type: "view", viewId: id }, blockId: "b", actionId: "more" });
    const payload = await lastPayload();
    expect(payload).toMatchObject({
      container: { type: "view", view_id: id },
      view: { id },
      actions: [{ action_id: "more" }],
    });
    expect(payload).not.toHaveProperty("response_url");
    expect(payload).not.toHaveProperty("message");
    expect(await apiForm("views.push", { trigger_id: payload["trigger_id"], view: form() })).toMatchObject({
      ok: true,
      view: { root_view_id: id, previous_view_id: id },
    });
  });
});

describe("shortcuts", () => {
  it("a shortcut sends its callback id and a trigger", async () => {
    await ask("shortcut", { as: avery, callbackId: "stage" });
    expect(await lastPayload()).toMatchObject({
      type: "shortcut",
      callback_id: "stage",
      user: { id: avery },
      trigger_id: expect.any(String) as string,
    });
    const ts = await postCard();
    await ask("message-shortcut", { as: avery, callbackId: "from-message", channel: portfolio, ts });
    expect(await lastPayload()).toMatchObject({
      type: "message_action",
      callback_id: "from-message",
      message_ts: ts,
      message: { text: "card" },
      channel: { id: portfolio },
    });
  });
});
