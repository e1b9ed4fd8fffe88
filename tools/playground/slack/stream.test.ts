import { SELF, evictDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ClientEvent } from "../client-protocol.ts";
import { api, ask, avery, base, portfolio, priya, script, section, state, stub } from "./testing/client.ts";

const slow = { perMinute: 60_000, burst: 10_000 };
const open: WebSocket[] = [];

beforeEach(async () => {
  await script();
  await stub().setBudget({ post: slow, tier3: slow, tier4: slow });
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.close(1000);
});

/** A person's page: what it got so far, and a promise of when there are `count`. */
const connect = async (as: string, after?: number) => {
  const query = after === undefined ? "" : `&after=${after}`;
  const response = await SELF.fetch(`${base}/playground/client/socket?as=${as}${query}`, {
    headers: { Upgrade: "websocket" },
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`No socket: ${response.status}`);
  const events: ClientEvent[] = [];
  const waiting: { count: number; resolve: (events: ClientEvent[]) => void }[] = [];
  socket.addEventListener("message", ({ data }) => {
    events.push(JSON.parse(String(data)) as ClientEvent);
    for (const { count, resolve } of waiting) if (events.length >= count) resolve(events);
  });
  socket.accept();
  open.push(socket);
  return {
    events,
    atLeast: (count: number): Promise<ClientEvent[]> =>
      events.length >= count ? Promise.resolve(events) : new Promise((resolve) => waiting.push({ count, resolve })),
  };
};

const post = async (text: string): Promise<string> =>
  String((await api("chat.postMessage", { channel: portfolio, text, blocks: [section(text)] }))["ts"]);

const said = (events: ClientEvent[]): string[] =>
  events.flatMap((event) => (event.type === "message" ? [event.message.text] : []));

it("the local Slack's stream sends events in order, to each person only theirs", async () => {
  const [averyPage, priyaPage] = [await connect(avery), await connect(priya)];
  const ts = await post("one");
  await api("chat.postEphemeral", { channel: portfolio, user: avery, text: "psst" });
  await api("chat.postMessage", { channel: avery, text: "direct" });
  await api("chat.update", { channel: portfolio, ts, text: "changed" });
  await api("chat.delete", { channel: portfolio, ts });
  const seen = await averyPage.atLeast(5);
  expect(seen.map(({ type }) => type)).toEqual(["message", "message", "message", "message_changed", "message_deleted"]);
  expect(said(seen)).toEqual(["one", "psst", "direct"]);
  const others = await priyaPage.atLeast(3);
  expect(others.map(({ type }) => type)).toEqual(["message", "message_changed", "message_deleted"]);
  const sequences = seen.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((left, right) => left - right));
});

it("the local Slack's stream replays what a page missed, without gap or repetition", async () => {
  const { sequence } = await state(avery);
  await post("missed 1");
  await api("chat.postEphemeral", { channel: portfolio, user: priya, text: "not for Avery" });
  await post("missed 2");
  const page = await connect(avery, sequence);
  await post("live");
  expect(said(await page.atLeast(3))).toEqual(["missed 1", "missed 2", "live"]);
});

it("the local Slack's stream reloads a page whose position is unknown", async () => {
  const page = await connect(avery, 999_999);
  expect((await page.atLeast(1))[0]).toMatchObject({ type: "reset", sequence: (await state(avery)).sequence });
});

it("the local Slack's stream keeps messages and connections when its object is evicted", async () => {
  const page = await connect(avery);
  await post("before");
  await page.atLeast(1);
  const before = await state(avery);
  await evictDurableObject(stub());
  expect(await state(avery)).toEqual(before);
  await post("after");
  expect(said(await page.atLeast(2))).toEqual(["before", "after"]);
  expect((await state(avery)).sequence).toBeGreaterThan(before.sequence);
});

it("the local Slack starts with a welcome, and a reset restores it", async () => {
  await post("soon gone");
  const before = await state(avery);
  const page = await connect(avery);
  expect(await ask("reset", {})).toEqual({ ok: true });
  const [reset] = await page.atLeast(2);
  const after = await state(avery);
  expect(reset?.type).toBe("reset");
  expect(after.messages).toHaveLength(1);
  expect(JSON.stringify(after.messages[0])).toContain("/cv` alone");
  expect(after.sequence).toBeGreaterThan(before.sequence);
  expect(Number(after.messages[0]?.ts)).toBeGreaterThan(Number(before.messages.at(-1)?.ts));
});
