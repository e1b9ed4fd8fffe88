import { SELF } from "cloudflare:test";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Exchange } from "../client-protocol.ts";
import { redact } from "./redact.ts";
import {
  api,
  apiForm,
  ask,
  avery,
  base,
  command,
  exchanges,
  portfolio,
  received,
  script,
  stub,
} from "./testing/client.ts";

const open: WebSocket[] = [];

beforeEach(async () => {
  await stub().reset();
  await script();
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close(1000);
});

/** What the inspector of a page shows, and a promise of when there are `count` messages. */
const inspect = async () => {
  const response = await SELF.fetch(`${base}/playground/client/exchange-socket`, { headers: { Upgrade: "websocket" } });
  const socket = response.webSocket;
  if (!socket) throw new Error(`There is no socket: ${response.status}`);
  const texts: string[] = [];
  let arrived = (): void => undefined;
  socket.addEventListener("message", ({ data }) => {
    texts.push(String(data));
    arrived();
  });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", () => resolve());
  });
  socket.accept();
  open.push(socket);
  const atLeast = (count: number): Promise<Exchange[]> =>
    new Promise((resolve) => {
      arrived = () => {
        if (texts.length >= count) resolve(texts.map((text) => JSON.parse(text) as Exchange));
      };
      arrived();
    });
  return { texts, atLeast, closed };
};

it("the exchanges include the bot's own calls with their responses", async () => {
  await apiForm("chat.postMessage", { channel: portfolio, text: "hello", blocks: [] });
  await api("chat.sing", {});
  const [refused, posted] = await exchanges();
  expect(posted).toMatchObject({
    direction: "from_bot",
    kind: "chat.postMessage",
    payload: { channel: portfolio, text: "hello", blocks: [] },
    status: 200,
    error: null,
  });
  expect(JSON.parse(posted?.body ?? "")).toMatchObject({ ok: true, message: { text: "hello" } });
  expect(refused).toMatchObject({ kind: "chat.sing", status: 200, error: "unknown_method" });
});

it("the exchanges include replies by response URL, refused ones too", async () => {
  await command("/cv help");
  const [request] = (await received()).received;
  const url = new URLSearchParams(request?.body).get("response_url") ?? "";
  await SELF.fetch(url, { method: "POST", body: JSON.stringify({ text: "there" }) });
  await SELF.fetch(url, { method: "POST", body: JSON.stringify({ text: "there", colour: "red" }) });
  const [refused, answered] = await exchanges();
  expect(answered).toMatchObject({ kind: "response_url", payload: { text: "there" }, status: 200, error: null });
  expect(refused).toMatchObject({ kind: "response_url", status: 400, error: "invalid_arguments" });
});

it("the exchanges show which repetition of an event each one is", async () => {
  await script({ status: 500 }, { status: 500 });
  await ask("home", { as: avery });
  const sent = (await exchanges()).filter(({ kind }) => kind === "event_callback");
  expect(sent.map(({ retry, status }) => ({ retry, status }))).toEqual([
    { retry: 1, status: 500 },
    { retry: 0, status: 500 },
  ]);
});

it("the exchanges are shown to a page as they happen, without secrets", async () => {
  await command("/cv one");
  const page = await inspect();
  await page.atLeast(1);
  await script({ status: 500 });
  await command("/cv two");
  const shown = await page.atLeast(3);
  expect(shown.map(({ payload, error }) => ({ text: (payload as { text: string }).text, error }))).toEqual([
    { text: "one", error: null },
    { text: "two", error: "dispatch_failed" },
    // The same one again, with what the person was shown.
    { text: "two", error: '/cv failed with the error "dispatch_failed"' },
  ]);
  expect(shown[2]?.id).toBe(shown[1]?.id);
  const all = page.texts.join("\n");
  expect(all).toContain("/playground/slack/response/•••");
  expect(all).not.toContain("local-verification-token");
  const [request] = (await received()).received;
  const url = new URLSearchParams(request?.body).get("response_url") ?? "";
  expect(url).toMatch(/response\/T0CVOPS01\.[0-9a-f]{20,}/);
  expect(all).not.toContain(url);
});

it("the exchanges start again after a reset", async () => {
  await command("/cv one");
  const page = await inspect();
  await page.atLeast(1);
  await stub().reset();
  await page.closed;
  expect((await inspect()).texts).toEqual([]);
});

it("the exchanges hide tokens wherever they stand", () => {
  const fake = (kind: string): string => `${kind}-1-abc`;
  expect(
    redact({
      token: "t",
      nested: [{ Authorization: "Bearer x", text: `use ${fake("xoxb")} now`, count: 3, none: null }],
      secret: "whsec_bG9jYWw=",
    }),
  ).toEqual({
    token: "•••",
    nested: [{ Authorization: "•••", text: "use ••• now", count: 3, none: null }],
    secret: "•••",
  });
});
