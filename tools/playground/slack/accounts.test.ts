import { beforeEach, expect, it } from "vitest";
import type { Delivery, OptionsInput } from "../client-protocol.ts";
import { api, ask, avery, command, portfolio, priya, received, script, state } from "./testing/client.ts";

const carla = "U0CARLA01";
const account = (user: string, active: boolean, as = carla): Promise<Delivery> => ask("account", { as, user, active });
const events = async () => (await received()).received.map(({ body }) => JSON.parse(body) as { event: unknown });

beforeEach(async () => {
  await script();
  await ask("account", { as: carla, user: priya, active: true });
  await script();
});

it("the local Slack sends user_change when an admin deactivates somebody, once, in Slack's shape", async () => {
  expect(await account(priya, false)).toMatchObject({ ok: true, status: 200 });
  expect(await account(priya, false)).toMatchObject({ ok: true, status: null });
  const sent = await events();
  expect(sent).toMatchObject([
    {
      type: "event_callback",
      team_id: "T0CVOPS01",
      event: { type: "user_change", cache_ts: expect.any(Number) as number, user: { id: priya, deleted: true } },
    },
  ]);
  const { user } = (sent[0]?.event ?? {}) as { user: object };
  expect(Object.keys(user).toSorted()).toEqual(
    ["deleted", "id", "is_app_user", "is_bot", "name", "profile", "team_id", "updated"].toSorted(),
  );
});

it("the local Slack lets a deactivated person do nothing and see nothing", async () => {
  await account(priya, false);
  await script();
  const refused = { ok: false, status: null, error: "Your account has been deactivated." };
  expect(await command("/cv help", priya)).toMatchObject(refused);
  const view = { container: { type: "view", viewId: "V1" } } as const;
  const element: OptionsInput = { as: priya, ...view, blockId: "b", actionId: "a", value: "" };
  for (const [name, body] of [
    ["message", { as: priya, channel: portfolio, text: "hello @cvops" }],
    ["action", element],
    ["options", element],
    ["view-submission", { as: priya, viewId: "V1", values: {} }],
    ["view-close", { as: priya, viewId: "V1" }],
    ["home", { as: priya }],
    ["shortcut", { as: priya, callbackId: "stage" }],
    ["message-shortcut", { as: priya, callbackId: "stage", channel: portfolio, ts: "1.0" }],
  ] as const) {
    expect(await ask(name, body), name).toMatchObject(refused);
  }
  expect((await received()).received).toEqual([]);
  expect(await state(priya)).toMatchObject({ me: { deleted: true }, messages: [], views: [], home: null });
  expect((await state(avery)).people.find(({ id }) => id === priya)).toMatchObject({ deleted: true });
});

it("the local Slack's directory says of a deactivated person what Slack says", async () => {
  const email = "priya@noor-vega.example";
  expect(await api("users.lookupByEmail", { email })).toMatchObject({ ok: true, user: { id: priya } });
  await account(priya, false);
  expect(await api("users.info", { user: priya })).toMatchObject({ ok: true, user: { id: priya, deleted: true } });
  expect(await api("users.lookupByEmail", { email })).toEqual({ ok: false, error: "users_not_found" });
  expect(await api("users.list", {})).toMatchObject({
    members: expect.arrayContaining([expect.objectContaining({ id: priya, deleted: true })]) as unknown,
  });
  expect(await api("conversations.open", { users: priya })).toMatchObject({ error: "user_disabled" });
  expect((await api("conversations.members", { channel: portfolio }))["members"]).not.toContain(priya);
  const note = { channel: portfolio, user: priya, text: "hello" };
  expect(await api("chat.postEphemeral", note)).toMatchObject({ error: "user_not_in_channel" });
  // A direct message to a deactivated person is taken: slackapi/python-slack-sdk#1156.
  expect(await api("chat.postMessage", { channel: priya, text: "hello" })).toMatchObject({ ok: true });
});

it("only an admin of the local Slack manages accounts, and nobody deactivates its owner", async () => {
  expect(await account(avery, false, priya)).toMatchObject({ ok: false, error: expect.stringMatching(/Only admins/) });
  expect(await account(carla, false)).toMatchObject({ ok: false, error: expect.stringMatching(/owner/) });
  expect(await account("U0NOBODY1", false)).toMatchObject({ ok: false });
  expect(await events()).toEqual([]);
});

it("a person whose account the local Slack reactivates may act again, and the app learns it", async () => {
  await account(priya, false);
  await script();
  expect(await account(priya, true)).toMatchObject({ ok: true });
  expect(await events()).toMatchObject([{ event: { type: "user_change", user: { id: priya, deleted: false } } }]);
  expect(await command("/cv help", priya)).toMatchObject({ ok: true });
  expect((await state(priya)).messages.length).toBeGreaterThan(0);
});
