import { SELF, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  api,
  apiForm,
  apiResponse,
  archive,
  avery,
  base,
  button,
  command,
  portfolio,
  priya,
  received,
  script,
  section,
  state,
  stub,
} from "./testing/client.ts";
import { webApiContract } from "../../slack/testing/web-api-contract.ts";
import { newTrigger as newTriggerOf } from "./tickets.ts";

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

const moveClock = (ms: number) =>
  runInDurableObject(stub(), (object) => {
    const { now } = object.slack;
    object.slack.now = () => now() + ms;
  });

webApiContract("in a Durable Object", () =>
  Promise.resolve({
    call: api,
    channels: { own: portfolio, foreign: "C0NEWS0001", archived: archive },
    person: avery,
    trigger: (viewId = null) => runInDurableObject(stub(), ({ slack }) => newTriggerOf(slack, avery, viewId)),
    pass: moveClock,
  }),
);

const find = async (ts: unknown, as = avery) => (await state(as)).messages.find((message) => message.ts === ts);

describe("a call", () => {
  it("a Web API call without a valid token or method is refused", async () => {
    expect(await (await apiResponse("auth.test", {}, { Authorization: "" })).json()).toEqual({
      ok: false,
      error: "not_authed",
    });
    expect(await (await apiResponse("auth.test", {}, { Authorization: "Bearer xoxb-else" })).json()).toEqual({
      ok: false,
      error: "invalid_auth",
    });
    expect(await api("chat.sing", {})).toMatchObject({ ok: false, error: "unknown_method" });
    expect(await (await apiResponse("auth.test", {}, { "Content-Type": "text/csv" })).json()).toEqual({
      ok: false,
      error: "invalid_post_type",
    });
  });

  it("a Web API call describes the bot, a person or a channel", async () => {
    expect(await api("auth.test", {})).toMatchObject({
      ok: true,
      user_id: "U0CVOPSBOT",
      bot_id: "B0CVOPS001",
      team_id: "T0CVOPS01",
    });
    expect(await api("users.info", { user: priya })).toMatchObject({
      ok: true,
      user: { id: priya, name: "priya", profile: { title: "approver" } },
    });
    expect(await api("users.info", { user: "U0" })).toEqual({ ok: false, error: "user_not_found" });
    expect(await api("conversations.info", { channel: archive })).toMatchObject({
      ok: true,
      channel: { name: "archive", is_archived: true },
    });
    expect(await api("conversations.info", { channel: "C0" })).toEqual({ ok: false, error: "channel_not_found" });
    expect(await api("conversations.open", { users: avery })).toMatchObject({
      ok: true,
      channel: { id: "D0AVERY01", is_im: true },
    });
    expect(await api("conversations.members", { channel: "D0AVERY01" })).toMatchObject({
      members: [avery, "U0CVOPSBOT"],
    });
    expect((await api("conversations.list", {}))["channels"]).toHaveLength(4);
    expect((await api("users.list", {}))["members"]).toHaveLength(6);
    expect(await api("team.info", {})).toMatchObject({ team: { domain: "noor-vega" } });
  });
});

describe("chat.postMessage", () => {
  it("chat.postMessage accepts web-api's form encoding and fills in ids", async () => {
    const posted = await apiForm("chat.postMessage", {
      channel: portfolio,
      text: "hi",
      blocks: [section("hi"), { type: "actions", elements: [{ ...button("a", "1"), action_id: undefined }] }],
    });
    expect(posted).toMatchObject({
      ok: true,
      channel: portfolio,
      message: { type: "message", user: "U0CVOPSBOT", bot_id: "B0CVOPS001", text: "hi" },
    });
    const shown = await find(posted["ts"]);
    expect(shown?.blocks[1]).toMatchObject({
      block_id: expect.any(String) as string,
      elements: [{ action_id: expect.any(String) as string }],
    });
  });

  it("chat.postMessage names the place of invalid blocks, and posts nothing", async () => {
    const before = (await state()).messages.length;
    const blocks = [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }];
    expect(await apiForm("chat.postMessage", { channel: portfolio, text: "hi", blocks })).toEqual({
      ok: false,
      error: "invalid_blocks",
      errors: ["must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
      response_metadata: { messages: ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"] },
    });
    expect((await state()).messages).toHaveLength(before);
  });

  it("chat.postMessage threads and counts replies, and broadcasts them to the channel", async () => {
    const parent = await api("chat.postMessage", { channel: portfolio, text: "parent" });
    const reply = await api("chat.postMessage", {
      channel: portfolio,
      text: "reply",
      thread_ts: parent["ts"],
      reply_broadcast: true,
    });
    expect(await find(reply["ts"])).toMatchObject({ thread_ts: parent["ts"], reply_broadcast: true });
    expect(await find(parent["ts"])).toMatchObject({ reply_count: 1 });
    expect(await api("chat.postMessage", { channel: portfolio, text: "x", thread_ts: reply["ts"] })).toMatchObject({
      error: "cannot_reply_to_message",
    });
    expect(await api("chat.getPermalink", { channel: portfolio, message_ts: reply["ts"] })).toMatchObject({
      permalink: `${base}/archives/${portfolio}/p${String(reply["ts"]).replace(".", "")}?thread_ts=${String(parent["ts"])}&cid=${portfolio}`,
    });
  });

  it("chat.postMessage to a user id posts a direct message that nobody else sees", async () => {
    const posted = await api("chat.postMessage", { channel: avery, text: "psst" });
    expect(posted).toMatchObject({ ok: true, channel: "D0AVERY01" });
    expect(await find(posted["ts"], avery)).toMatchObject({ text: "psst" });
    expect(await find(posted["ts"], priya)).toBeUndefined();
  });
});

describe("chat.update", () => {
  it("chat.update drops the blocks when only text is given", async () => {
    const { ts } = await api("chat.postMessage", { channel: portfolio, text: "old", blocks: [section("old")] });
    expect(await api("chat.update", { channel: portfolio, ts, text: "new", blocks: [section("new")] })).toMatchObject({
      ok: true,
      ts,
    });
    expect(await find(ts)).toMatchObject({
      text: "new",
      blocks: [{ type: "section" }],
      edited_ts: expect.any(String) as string,
    });
    expect(await api("chat.update", { channel: portfolio, ts, text: "bare" })).toMatchObject({
      ok: true,
      text: "bare",
    });
    expect(await find(ts)).toMatchObject({ text: "bare", blocks: [] });
  });

  it("chat.update changes only the bot's own messages", async () => {
    const { ts } = await SELF.fetch(`${base}/playground/client/message`, {
      method: "POST",
      body: JSON.stringify({ as: avery, channel: portfolio, text: "mine" }),
    }).then((response) => response.json<{ ts: string }>());
    expect(await api("chat.update", { channel: portfolio, ts, text: "yours" })).toEqual({
      ok: false,
      error: "cant_update_message",
    });
    expect(await api("chat.delete", { channel: portfolio, ts })).toEqual({ ok: false, error: "cant_delete_message" });
  });

  it("chat.update does not find deleted, foreign or ephemeral messages", async () => {
    const { ts } = await api("chat.postMessage", { channel: portfolio, text: "gone" });
    expect(await api("chat.delete", { channel: portfolio, ts })).toMatchObject({ ok: true });
    expect(await find(ts)).toBeUndefined();
    expect(await api("chat.update", { channel: portfolio, ts, text: "x" })).toEqual({
      ok: false,
      error: "message_not_found",
    });
    const { message_ts: whisper } = await api("chat.postEphemeral", { channel: portfolio, user: avery, text: "psst" });
    expect(await api("chat.update", { channel: portfolio, ts: whisper, text: "x" })).toEqual({
      ok: false,
      error: "message_not_found",
    });
    expect(await api("chat.delete", { channel: portfolio, ts: whisper })).toEqual({
      ok: false,
      error: "message_not_found",
    });
  });
});

it("chat.postEphemeral shows a message only to its person", async () => {
  const { message_ts: ts } = await api("chat.postEphemeral", { channel: portfolio, user: avery, text: "for Avery" });
  expect(await find(ts, avery)).toMatchObject({ text: "for Avery", ephemeral_for: avery });
  expect(await find(ts, priya)).toBeUndefined();
  expect(await api("chat.postEphemeral", { channel: portfolio, user: "U0", text: "x" })).toEqual({
    ok: false,
    error: "user_not_in_channel",
  });
});

describe("rate limits", () => {
  it("Slack's rate limit allows a burst into a channel, then one post a second", async () => {
    await stub().setBudget({});
    await moveClock(3_600_000);
    const posts = [];
    for (let count = 0; count < 6; count += 1)
      posts.push(await apiResponse("chat.postMessage", { channel: "C0GENERAL1", text: "x" }));
    expect(posts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429]);
    expect(posts[4]?.headers.get("Retry-After")).toBe("1");
    expect(await posts[4]?.json()).toEqual({ ok: false, error: "ratelimited" });
    expect((await api("chat.postMessage", { channel: portfolio, text: "another channel" })).ok).toBe(true);
    await moveClock(1_000);
    expect((await api("chat.postMessage", { channel: "C0GENERAL1", text: "x" })).ok).toBe(true);
  });

  it("Slack's rate limit allows 25 updates at once, then 50 a minute", async () => {
    const { ts } = await api("chat.postMessage", { channel: portfolio, text: "old" });
    await stub().setBudget({});
    const update = () => apiResponse("chat.update", { channel: portfolio, ts, text: "x" });
    const statuses = async (count: number): Promise<number[]> => {
      const answers: number[] = [];
      while (answers.length < count) answers.push((await update()).status);
      return answers;
    };
    let nowMs = 0;
    await runInDurableObject(stub(), (object) => {
      nowMs = object.slack.now() + 3_600_000;
      object.slack.now = () => nowMs;
    });
    expect(await statuses(25)).toEqual(Array.from({ length: 25 }, () => 200));
    const refused = await update();
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "2"]);
    nowMs += 12_000;
    expect(await statuses(11)).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
  });
});

const view = (extra: object = {}) => ({
  type: "modal",
  title: { type: "plain_text", text: "Title" },
  blocks: [section("hi")],
  ...extra,
});

const newTrigger = async (): Promise<string> => {
  await script();
  await command("/cv help");
  return new URLSearchParams((await received()).received.at(-1)?.body).get("trigger_id") ?? "";
};

describe("a view", () => {
  it("a view opens with a trigger that works once and for three seconds", async () => {
    const trigger_id = await newTrigger();
    const opened = await apiForm("views.open", { trigger_id, view: view() });
    expect(opened).toMatchObject({
      ok: true,
      view: { type: "modal", team_id: "T0CVOPS01", private_metadata: "", state: { values: {} } },
    });
    expect((await state()).views).toHaveLength(1);
    expect((await state(priya)).views).toHaveLength(0);
    expect(await apiForm("views.open", { trigger_id, view: view() })).toEqual({
      ok: false,
      error: "exchanged_trigger_id",
    });
    expect(await apiForm("views.open", { trigger_id: "1.2.3", view: view() })).toEqual({
      ok: false,
      error: "invalid_trigger_id",
    });
    const late = await newTrigger();
    await moveClock(3_001);
    expect(await apiForm("views.open", { trigger_id: late, view: view() })).toEqual({
      ok: false,
      error: "expired_trigger_id",
    });
  });

  it("a view outside Slack's limits is refused without using the trigger", async () => {
    const trigger_id = await newTrigger();
    const long = view({ title: { type: "plain_text", text: "x".repeat(25) } });
    expect(await apiForm("views.open", { trigger_id, view: long })).toMatchObject({
      error: "invalid_arguments",
      response_metadata: { messages: ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"] },
    });
    expect((await apiForm("views.open", { trigger_id, view: view() })).ok).toBe(true);
  });

  it("a view is published as a person's Home", async () => {
    const home = { type: "home", blocks: [section("home")] };
    const published = await apiForm("views.publish", { user_id: avery, view: home });
    expect(published).toMatchObject({ ok: true, view: { type: "home" } });
    expect((await state()).home?.view).toMatchObject({ type: "home", blocks: [{ type: "section" }] });
    expect((await state(priya)).home).toBeNull();
    expect(await apiForm("views.publish", { user_id: avery, hash: "0.0", view: home })).toEqual({
      ok: false,
      error: "hash_conflict",
    });
    expect(await apiForm("views.publish", { user_id: avery, view: view() })).toMatchObject({
      error: "invalid_arguments",
    });
  });
});
