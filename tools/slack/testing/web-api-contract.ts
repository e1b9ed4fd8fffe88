/** What every Slack of ours does with calls of the Web API: the local one, and the one in memory. */
import { describe, expect, test } from "vitest";
import type { Answer } from "../web-api/method.ts";

export interface SlackUnderTest {
  call: (method: string, args: Record<string, unknown>) => Promise<Answer>;
  /** A channel that the app is a member of, one that it is not, and one that is archived. */
  channels: { own: string; foreign: string; archived: string };
  person: string;
  /** A new trigger of the person. @param viewId the modal in which they did something */
  trigger: (viewId?: string | null) => Promise<string>;
  /** Lets the clock run on. */
  pass: (ms: number) => Promise<void>;
}

const text = { type: "plain_text", text: "Title" };
const blocks = [{ type: "section", text }];
const modal = () => JSON.stringify({ type: "modal", title: text, blocks });
const home = JSON.stringify({ type: "home", blocks });
const wide = JSON.stringify([{ type: "header", text: { ...text, text: "x".repeat(151) } }]);

type Started = () => Promise<SlackUnderTest>;

const messagesContract = (slack: Started): void => {
  test.each<[args: Record<string, unknown>, error: string, channel?: "own" | "foreign" | "archived"]>([
    [{ channel: "C0NOWHERE1", text: "hi" }, "channel_not_found"],
    [{ text: "hi" }, "not_in_channel", "foreign"],
    [{ text: "hi" }, "is_archived", "archived"],
    [{}, "no_text", "own"],
    [{ text: "x".repeat(4001) }, "msg_too_long", "own"],
    [{ text: "hi", blocks: "[{" }, "invalid_blocks_format", "own"],
    [{ text: "hi", blocks: wide }, "invalid_blocks", "own"],
    [{ text: "hi", attachments: "[]" }, "invalid_arguments", "own"],
    [{ text: "hi", thread_ts: "1.000001" }, "thread_not_found", "own"],
  ])("chat.postMessage with %j is answered %s", async (args, error, channel) => {
    const { call, channels } = await slack();
    const place = channel ? { channel: channels[channel] } : {};
    expect(await call("chat.postMessage", { ...place, ...args })).toMatchObject({ ok: false, error });
  });

  test("a reply stands in the thread of a message, not in that of a reply", async () => {
    const { call, channels } = await slack();
    const say = (args: object) => call("chat.postMessage", { channel: channels.own, text: "hi", ...args });
    const parent = await say({});
    const reply = await say({ thread_ts: parent["ts"] });
    expect(reply).toMatchObject({ ok: true, message: { thread_ts: parent["ts"] } });
    expect(await say({ thread_ts: reply["ts"] })).toMatchObject({ ok: false, error: "cannot_reply_to_message" });
  });

  test("a message is changed until it is deleted, and one for a single person is not found", async () => {
    const { call, channels, person } = await slack();
    const { ts } = await call("chat.postMessage", { channel: channels.own, text: "old" });
    const update = (at: unknown) => call("chat.update", { channel: channels.own, ts: at, text: "new" });
    expect(await update(ts)).toMatchObject({ ok: true, ts, text: "new" });
    expect(await call("chat.delete", { channel: channels.own, ts })).toMatchObject({ ok: true });
    expect(await update(ts)).toEqual({ ok: false, error: "message_not_found" });
    const whisper = await call("chat.postEphemeral", { channel: channels.own, user: person, text: "psst" });
    expect(await update(whisper["message_ts"])).toEqual({ ok: false, error: "message_not_found" });
  });

  test("a call that Slack does not have is refused by its name", async () => {
    const { call } = await slack();
    expect(await call("chat.sing", {})).toMatchObject({ ok: false, error: "unknown_method", req_method: "chat.sing" });
  });
};

const viewsContract = (slack: Started): void => {
  test("a trigger opens one modal, within three seconds", async () => {
    const { call, trigger, pass } = await slack();
    const open = (trigger_id: string) => call("views.open", { trigger_id, view: modal() });
    const used = await trigger();
    expect(await open(used)).toMatchObject({ ok: true, view: { type: "modal", previous_view_id: null } });
    expect(await open(used)).toEqual({ ok: false, error: "exchanged_trigger_id" });
    const late = await trigger();
    await pass(3001);
    expect(await open(late)).toEqual({ ok: false, error: "expired_trigger_id" });
    expect(await open("1.1.unheard-of")).toEqual({ ok: false, error: "invalid_trigger_id" });
  });

  test("a modal is pushed from a modal alone, three deep", async () => {
    const { call, trigger } = await slack();
    const { view } = await call("views.open", { trigger_id: await trigger(), view: modal() });
    const first = view as { id: string };
    const push = async (viewId?: string) => call("views.push", { trigger_id: await trigger(viewId), view: modal() });
    expect(await push()).toEqual({ ok: false, error: "invalid_trigger_id" });
    const second = (await push(first.id))["view"] as { id: string };
    expect(second).toMatchObject({ root_view_id: first.id, previous_view_id: first.id });
    const third = (await push(second.id))["view"] as { id: string };
    expect(await push(third.id)).toEqual({ ok: false, error: "push_limit_reached" });
  });

  test("a view is replaced by whoever has its newest hash", async () => {
    const { call, trigger, person } = await slack();
    const opened = (await call("views.open", { trigger_id: await trigger(), view: modal() }))["view"];
    const { id, hash } = opened as { id: string; hash: string };
    const update = (with_hash: string) => call("views.update", { view_id: id, hash: with_hash, view: modal() });
    expect(await update(hash)).toMatchObject({ ok: true, view: { id } });
    expect(await update(hash)).toEqual({ ok: false, error: "hash_conflict" });
    expect(await call("views.update", { view_id: "V0NOTHING1", view: modal() })).toMatchObject({ error: "not_found" });
    expect(await call("views.publish", { user_id: person, view: modal() })).toMatchObject({
      error: "invalid_arguments",
    });
    expect(await call("views.publish", { user_id: person, view: home })).toMatchObject({ ok: true });
  });
};

export const webApiContract = (name: string, slack: Started): void => {
  describe(`Slack ${name}`, () => {
    messagesContract(slack);
    viewsContract(slack);
  });
};
