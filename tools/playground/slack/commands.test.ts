import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import {
  api,
  archive,
  avery,
  command,
  exchanges,
  portfolio,
  priya,
  received,
  script,
  state,
  stub,
} from "./testing/client.ts";
import { signature } from "./deliver.ts";

const texts = async (as?: string): Promise<string[]> => (await state(as)).messages.map((message) => message.text);

beforeEach(() => script());

it("the local Slack signs requests as Slack's documentation shows", async () => {
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  expect(await signature("8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618, body)).toBe(
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  );
});

describe("a slash command", () => {
  it("a slash command reaches the bot signed, with every documented field", async () => {
    await command('/cv stage name="R&D <x>" --owner @avery');
    const {
      received: [request],
    } = await received();
    const form = Object.fromEntries(new URLSearchParams(request?.body ?? ""));
    expect(request?.url).toBe("http://localhost:8787/slack/events");
    expect(form).toMatchObject({
      command: "/cv",
      text: 'stage name="R&amp;D &lt;x&gt;" --owner <@U0AVERY01|avery>',
      team_id: "T0CVOPS01",
      team_domain: "noor-vega",
      channel_id: portfolio,
      channel_name: "portfolio",
      user_id: avery,
      user_name: "avery",
      api_app_id: "A0CVOPS001",
      is_enterprise_install: "false",
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/) as string,
      response_url: expect.stringMatching(
        /^http:\/\/localhost:8787\/playground\/slack\/response\/T0CVOPS01\.[0-9a-f]{48}$/,
      ) as string,
    });
    const timestamp = Number(request?.headers["x-slack-request-timestamp"]);
    expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(5);
    expect(request?.headers["x-slack-signature"]).toBe(
      await signature("local-signing-secret", timestamp, request?.body ?? ""),
    );
    expect(request?.headers["x-slack-signature"]).not.toBe(await signature("another", timestamp, request?.body ?? ""));
  });

  it("a slash command shows a text reply only to the person who typed it", async () => {
    await script({ body: "Only for you" });
    expect(await command("/cv help")).toMatchObject({ ok: true, status: 200, error: null });
    expect(await texts(avery)).toContain("Only for you");
    expect(await texts(priya)).not.toContain("Only for you");
  });

  it("a slash command shows an in_channel reply to everyone, with the command", async () => {
    await script({ body: { response_type: "in_channel", text: "For all" } });
    await command("/cv status");
    expect((await texts(priya)).slice(-2)).toEqual(["/cv status", "For all"]);
  });

  it("a slash command reports a reply outside Slack's limits to the person", async () => {
    await script({ body: { blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] } });
    const delivery = await command("/cv help");
    expect(delivery).toMatchObject({
      ok: false,
      status: 200,
      error: '/cv failed with the error "invalid_command_response"',
    });
    expect((await texts(avery)).at(-1)).toBe(delivery.error);
  });

  it("a slash command fails with dispatch_failed when the bot answers 500", async () => {
    await script({ status: 500, body: "oops" });
    const delivery = await command("/cv help");
    expect(delivery).toMatchObject({ ok: false, status: 500, error: '/cv failed with the error "dispatch_failed"' });
    expect((await exchanges())[0]).toMatchObject({ kind: "slash_command", status: 500, body: "oops" });
  });

  it("a slash command fails with operation_timeout after three seconds", async () => {
    await script({ delayMs: 3_600, body: "too late" });
    const delivery = await command("/cv help");
    expect(delivery).toMatchObject({ ok: false, status: null, error: '/cv failed with the error "operation_timeout"' });
    expect(delivery.ackMs).toBeGreaterThanOrEqual(2_950);
    expect(delivery.ackMs).toBeLessThan(3_500);
    expect(await texts(avery)).not.toContain("too late");
  }, 10_000);

  it("a slash command of a stranger, an archived channel or another app is not sent", async () => {
    expect(await command("/cv help", avery, archive)).toMatchObject({ ok: false, status: null });
    expect(await command("/cv help", "U0NOBODY")).toMatchObject({ ok: false, error: "channel_not_found" });
    expect(await command("/cv help", priya, "D0AVERY01")).toMatchObject({ ok: false, error: "channel_not_found" });
    expect(await command("/deploy now")).toMatchObject({ ok: false, error: "/deploy is not a valid command." });
    expect((await received()).received).toEqual([]);
  });
});

it("a slash command that waits lets the bot use the Web API", async () => {
  await script({ delayMs: 300, body: "slow answer" });
  const waiting = command("/cv help");
  expect((await api("chat.postMessage", { channel: portfolio, text: "meanwhile" })).ok).toBe(true);
  await waiting;
  expect((await texts(avery)).slice(-2)).toEqual(["meanwhile", "slow answer"]);
});

it("the local Slack keeps the last 200 requests to the bot", async () => {
  for (let number = 0; number < 205; number += 1) await command(`/cv help ${number}`);
  const kept = (await exchanges()).filter(({ direction }) => direction === "to_bot");
  expect(kept).toHaveLength(200);
  expect(kept[0]?.payload).toMatchObject({ text: "help 204" });
  expect(kept.at(-1)?.payload).toMatchObject({ text: "help 5" });
});

it("the local Slack's timestamps only increase, even when the clock stands still", async () => {
  await runInDurableObject(stub(), (object) => {
    object.slack.now = () => 1_700_000_000_000;
  });
  await script({ body: "one" }, { body: "two" });
  await command("/cv help");
  await command("/cv help");
  const stamps = (await state()).messages.map((message) => message.ts);
  expect(stamps).toEqual([...new Set(stamps)].toSorted());
});

it("the app posts in a channel only once somebody has invited it", async () => {
  const post = () => api("chat.postMessage", { channel: "C0NEWS0001", text: "hello" });
  expect(await post()).toEqual({ ok: false, error: "not_in_channel" });
  await command("/invite @cv-ops", avery, "C0NEWS0001");
  expect(await post()).toMatchObject({ ok: true, channel: "C0NEWS0001" });
});
