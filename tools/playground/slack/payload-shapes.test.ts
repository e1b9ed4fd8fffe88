/** The local Slack sends exactly the keys and types that Slack documents: see test/fixtures/slack. */
import { beforeEach, describe, expect, test } from "vitest";
import { fixtures } from "../../../test/fixtures/slack.ts";
import { isObject } from "../../slack/json.ts";
import {
  api,
  apiForm,
  ask,
  avery,
  command,
  exchanges,
  lastPayload,
  portfolio,
  received,
  script,
  stub,
} from "./testing/client.ts";

/** Slack's own client adds these to what a person types; the local one does not. */
const mayBeMissing = new Set(["/message/client_msg_id", "/message/blocks", "/event/blocks"]);

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value;

/** Where a payload has another shape than the documented one; empty when nowhere. */
const differences = (sent: unknown, documented: unknown, path = ""): string[] => {
  if (kindOf(sent) !== kindOf(documented)) return [`${path} is ${kindOf(sent)}, not ${kindOf(documented)}`];
  if (Array.isArray(sent) && Array.isArray(documented)) {
    if (sent.length !== documented.length) return [`${path} has ${sent.length} entries, not ${documented.length}`];
    return sent.flatMap((each: unknown, index) => differences(each, documented[index], `${path}/${index}`));
  }
  if (!isObject(sent) || !isObject(documented)) return [];
  const missing = Object.keys(documented).filter((key) => !Object.hasOwn(sent, key));
  return [
    ...missing
      .map((key) => `${path}/${key}`)
      .filter((at) => !mayBeMissing.has(at))
      .map((at) => `${at} is missing`),
    ...Object.keys(sent).flatMap((key) =>
      Object.hasOwn(documented, key)
        ? differences(sent[key], documented[key], `${path}/${key}`)
        : [`${path}/${key} is not documented`],
    ),
  ];
};

const slow = { perMinute: 60_000, burst: 10_000 };

beforeEach(async () => {
  await script();
  await stub().setBudget({ post: slow, tier3: slow, tier4: slow });
});

/** The last event as it was sent: events are JSON, everything else is a form. */
const lastBody = async (): Promise<unknown> => JSON.parse((await received()).received.at(-1)?.body ?? "null");

const authored = ["type", "title", "submit", "close", "callback_id", "private_metadata", "notify_on_close", "blocks"];

/** The part of a documented view that an app has written. */
const writtenBy = (view: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    authored.filter((key) => view[key] !== undefined && view[key] !== null).map((key) => [key, view[key]]),
  );

/** Opens a modal as an app does after a command. @returns its id */
const openModal = async (view: Record<string, unknown>): Promise<string> => {
  await command("/cv help");
  const trigger = new URLSearchParams((await received()).received[0]?.body).get("trigger_id");
  const { view: opened, ...answer } = await apiForm("views.open", { trigger_id: trigger, view: writtenBy(view) });
  expect(answer).toMatchObject({ ok: true });
  await script();
  return (opened as { id: string }).id;
};

const publishHome = async (view: Record<string, unknown>): Promise<string> => {
  const { type, blocks } = view;
  const { view: published } = await apiForm("views.publish", { user_id: avery, view: { type, blocks } });
  return (published as { id: string }).id;
};

const press = (container: object, actions: { block_id: string; action_id: string }[]) =>
  ask("action", { as: avery, container, blockId: actions[0]?.block_id, actionId: actions[0]?.action_id });

describe("interactions", () => {
  test("the local Slack sends a slash command in Slack's shape", async () => {
    await command("/cv status");
    const { received: all } = await received();
    const sent = Object.fromEntries(new URLSearchParams(all.at(-1)?.body));
    expect(differences(sent, fixtures.slashCommand.payload)).toEqual([]);
  });

  test("the local Slack sends a click on a message in Slack's shape", async () => {
    const { payload } = fixtures.blockActionsMessage;
    const { ts } = await api("chat.postMessage", { channel: portfolio, text: "card", blocks: payload.message.blocks });
    await press({ type: "message", channel: portfolio, ts }, payload.actions);
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a click on an ephemeral message in Slack's shape", async () => {
    const { payload } = fixtures.blockActionsEphemeral;
    const { blocks } = fixtures.blockActionsModal.payload.view;
    const shown = await api("chat.postEphemeral", { channel: portfolio, user: avery, text: "reply", blocks });
    await press({ type: "message", channel: portfolio, ts: shown["message_ts"] }, payload.actions);
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a click in a modal in Slack's shape", async () => {
    const { payload } = fixtures.blockActionsModal;
    await press({ type: "view", viewId: await openModal(payload.view) }, payload.actions);
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a click on Home in Slack's shape", async () => {
    const { payload } = fixtures.blockActionsHome;
    await press({ type: "view", viewId: await publishHome(payload.view) }, payload.actions);
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends the text of a typeahead in Slack's shape", async () => {
    const { payload } = fixtures.blockSuggestionModal;
    const viewId = await openModal(payload.view);
    const { block_id: blockId, action_id: actionId, value } = payload;
    await ask("options", { as: avery, container: { type: "view", viewId }, blockId, actionId, value });
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a submitted modal in Slack's shape", async () => {
    const { payload } = fixtures.viewSubmission;
    const viewId = await openModal(payload.view);
    await ask("view-submission", { as: avery, viewId, values: payload.view.state.values });
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a closed modal in Slack's shape", async () => {
    const { payload } = fixtures.viewClosed;
    await ask("view-close", { as: avery, viewId: await openModal(payload.view) });
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a global shortcut in Slack's shape", async () => {
    const { payload } = fixtures.shortcut;
    await ask("shortcut", { as: avery, callbackId: payload.callback_id });
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });

  test("the local Slack sends a message shortcut in Slack's shape", async () => {
    const { payload } = fixtures.messageAction;
    const { ts } = await ask<{ ts: string }>("message", { as: avery, channel: portfolio, text: payload.message.text });
    await ask("message-shortcut", { as: avery, callbackId: payload.callback_id, channel: portfolio, ts });
    expect(differences(await lastPayload(), payload)).toEqual([]);
  });
});

describe("events", () => {
  test("the local Slack sends an opened Home in Slack's shape", async () => {
    const { payload } = fixtures.appHomeOpened;
    await publishHome(payload.event.view);
    await ask("home", { as: avery });
    expect(differences(await lastBody(), payload)).toEqual([]);
  });

  test("the local Slack sends a mention of the app in Slack's shape", async () => {
    await ask("message", { as: avery, channel: portfolio, text: "@cvops help" });
    expect(differences(await lastBody(), fixtures.appMention.payload)).toEqual([]);
  });

  test("the local Slack sends a direct message in Slack's shape", async () => {
    await ask("message", { as: avery, channel: `D${avery.slice(1)}`, text: "help" });
    expect(differences(await lastBody(), fixtures.messageIm.payload)).toEqual([]);
  });

  test("the local Slack sends the verification of the URL in Slack's shape", async () => {
    await script({ echoChallenge: true });
    await ask("verify-url", {});
    expect(differences(await lastBody(), fixtures.urlVerification.payload)).toEqual([]);
  });
});

test("the local Slack records the same payload that it sent", async () => {
  await ask("shortcut", { as: avery, callbackId: fixtures.shortcut.payload.callback_id });
  expect((await exchanges())[0]?.payload).toEqual(await lastPayload());
});
