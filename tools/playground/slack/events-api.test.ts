import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it } from "vitest";
import { retryEvents } from "./events-api.ts";
import { archive, ask, avery, portfolio, priya, received, script, state, stub } from "./testing/client.ts";

beforeEach(() => script());
afterEach(() =>
  runInDurableObject(stub(), (object) => {
    object.slack.now = () => Date.now();
  }),
);

const events = async () =>
  (await received()).received.map(({ body, headers }) => ({
    body: JSON.parse(body) as Record<string, unknown>,
    headers,
  }));

it("the local Slack sends mentions and direct messages, and no other messages", async () => {
  await ask("message", { as: avery, channel: portfolio, text: "just talking" });
  expect(await events()).toEqual([]);
  const { ts } = await ask<{ ts: string }>("message", { as: avery, channel: portfolio, text: "hello @cvops" });
  await ask("message", { as: avery, channel: "D0AVERY01", text: "hello" });
  const [mention, direct] = await events();
  expect(mention?.body).toMatchObject({
    type: "event_callback",
    team_id: "T0CVOPS01",
    api_app_id: "A0CVOPS001",
    event_id: expect.stringMatching(/^Ev/) as string,
    authorizations: [{ user_id: "U0CVOPSBOT", is_bot: true }],
    event: { type: "app_mention", user: avery, channel: portfolio, ts, text: "hello <@U0CVOPSBOT>" },
  });
  expect(direct?.body).toMatchObject({ event: { type: "message", channel_type: "im", channel: "D0AVERY01" } });
  expect((await state(priya)).messages.some((message) => message.text === "hello")).toBe(false);
});

it("the local Slack reports an opened Home tab, and verifies the request URL", async () => {
  await ask("home", { as: avery });
  expect((await events())[0]?.body).toMatchObject({
    event: { type: "app_home_opened", user: avery, tab: "home", channel: "D0AVERY01" },
  });
  await ask("home", { as: avery, tab: "messages" });
  expect((await events())[1]?.body).toMatchObject({
    event: { type: "app_home_opened", user: avery, tab: "messages", channel: "D0AVERY01" },
  });
  await script({ echoChallenge: true }, { body: "no" });
  expect(await ask("verify-url", {})).toMatchObject({ ok: true });
  expect(await ask("verify-url", {})).toMatchObject({ ok: false, error: "challenge_failed" });
});

it("the local Slack repeats an unacknowledged event at once, after one and five minutes", async () => {
  await script({ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 });
  await ask("message", { as: avery, channel: portfolio, text: "@cvops?" });
  const retryAt = (ms: number) =>
    runInDurableObject(stub(), async (object) => {
      const now = Date.now() + ms;
      object.slack.now = () => now;
      await retryEvents(object.slack);
    });
  await retryAt(30_000);
  expect(await events()).toHaveLength(2);
  await retryAt(61_000);
  expect(await events()).toHaveLength(3);
  await retryAt(362_000);
  await retryAt(3_600_000);
  const sent = await events();
  expect(sent.map(({ headers }) => headers["x-slack-retry-num"])).toEqual([undefined, "1", "2", "3"]);
  expect(sent[1]?.headers["x-slack-retry-reason"]).toBe("http_error");
  expect(new Set(sent.map(({ body }) => body["event_id"])).size).toBe(1);
});

it("the local Slack refuses messages to archived channels and unknown threads", async () => {
  expect(await ask("message", { as: avery, channel: archive, text: "hi" })).toMatchObject({ ok: false });
  expect(await ask("message", { as: avery, channel: portfolio, text: "hi", thread_ts: "1.0" })).toMatchObject({
    ok: false,
    error: "thread_not_found",
  });
});

it("the local Slack runs the cron of every Worker, also when one fails", async () => {
  expect(await runDurableObjectAlarm(stub())).toBe(true);
  expect((await received()).ticks).toBe(1);
  const next = await runInDurableObject(stub(), (_object, storage) => storage.storage.getAlarm());
  expect((next ?? 0) - Date.now()).toBeGreaterThan(50_000);
  expect(await ask("tick", {})).toEqual({
    ok: true,
    workers: {
      BOT: "ok",
      D1CV: expect.stringContaining("broken on purpose") as string,
      AI_AGENT: expect.stringContaining("broken on purpose") as string,
    },
  });
  expect((await received()).ticks).toBe(2);
});
