import { createExecutionContext, env, SELF } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientEvent, Faults } from "../client-protocol.ts";
import { slowTargetMs } from "../faults.ts";
import { AiAgentFaultProxy, BotFaultProxy, D1cvFaultProxy } from "../fault-proxies.ts";
import {
  api,
  apiResponse,
  ask,
  avery,
  base,
  command,
  portfolio,
  received,
  script,
  state,
  stub,
} from "./testing/client.ts";

const turn = (name: string, on: boolean): Promise<Faults> => ask("fault", { name, on });
const endAll = (): Promise<Faults> => ask("faults-end", {});

beforeEach(() => script());
afterEach(async () => {
  await endAll();
});

/** What a page receives until `until` is true of it. */
const hears = async (act: () => Promise<unknown>, until: (event: ClientEvent) => boolean): Promise<ClientEvent> => {
  const { webSocket: socket } = await SELF.fetch(`${base}/playground/client/socket?as=${avery}`, {
    headers: { Upgrade: "websocket" },
  });
  if (!socket) throw new Error("There is no socket");
  const heard = new Promise<ClientEvent>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      const event = JSON.parse(String(data)) as ClientEvent;
      if (until(event)) resolve(event);
    });
  });
  socket.accept();
  await act();
  const event = await heard;
  socket.close(1000);
  return event;
};

const apply = (host: string): Request => new Request(`https://${host}/api/admin/apply`, { method: "POST", body: "{}" });
const read = (host: string): Request =>
  new Request(`https://${host}/api/portfolios/p/technology`, { headers: { Authorization: "Bearer r" } });
const toD1cv = (request: Request): Promise<Response> =>
  new D1cvFaultProxy(createExecutionContext(), env).fetch(request);
const toAiAgent = (request: Request): Promise<Response> =>
  new AiAgentFaultProxy(createExecutionContext(), env).fetch(request);
const toBot = (type: string): Promise<Response> =>
  new BotFaultProxy(createExecutionContext(), env).fetch(
    // The scripted bot counts what comes here.
    new Request(`${base}/slack/events`, {
      method: "POST",
      headers: { "webhook-signature": "v1,x" },
      body: JSON.stringify({ type, jobId: "j" }),
    }),
  );

describe("the panel", () => {
  it("the panel turns faults on and off for everyone, until the reset", async () => {
    expect(await turn("d1cv.down", true)).toEqual({ faults: ["d1cv.down"] });
    const heard = await hears(
      () => turn("slack.limited", true),
      ({ type }) => type === "faults_changed",
    );
    expect(heard).toMatchObject({ faults: ["d1cv.down", "slack.limited"] });
    expect((await state(avery)).faults).toEqual(["d1cv.down", "slack.limited"]);
    expect(await turn("d1cv.down", false)).toEqual({ faults: ["slack.limited"] });
    await stub().reset();
    expect((await state(avery)).faults).toEqual([]);
  });

  it("the panel ends all faults at once and refuses unknown ones", async () => {
    await turn("d1cv.down", true);
    await turn("slack.down", true);
    expect(await endAll()).toEqual({ faults: [] });
    const unknown = await SELF.fetch(`${base}/playground/client/fault`, {
      method: "POST",
      body: JSON.stringify({ name: "moon.down", on: true }),
    });
    expect(unknown.status).toBe(400);
  });
});

describe("Slack", () => {
  it("a limited Slack asks the bot to wait, and posts nothing", async () => {
    await turn("slack.limited", true);
    const refused = await apiResponse("chat.postMessage", { channel: portfolio, text: "late" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Retry-After")).toBe("5");
    expect((await state()).messages.some(({ text }) => text === "late")).toBe(false);
    await endAll();
    expect(await api("chat.postMessage", { channel: portfolio, text: "late" })).toMatchObject({ ok: true });
  });

  it("a Slack that is down answers 503, and people can still type", async () => {
    await turn("slack.down", true);
    expect((await apiResponse("auth.test", {})).status).toBe(503);
    await script({ body: "from the ack" });
    expect(await command("/cv help")).toMatchObject({ ok: true });
    const [request] = (await received()).received;
    const responseUrl = new URLSearchParams(request?.body).get("response_url") ?? "";
    const respond = (): Promise<Response> =>
      SELF.fetch(responseUrl, { method: "POST", body: JSON.stringify({ text: "afterwards" }) });
    expect((await respond()).status).toBe(503);
    await endAll();
    expect((await respond()).status).toBe(200);
    expect((await state()).messages.at(-1)?.text).toBe("afterwards");
  });
});

describe("a target", () => {
  it("a target without a fault gets its requests unchanged", async () => {
    const url = "https://d1cv.internal/api/portfolios/p/technology";
    expect(await (await toD1cv(read("d1cv.internal"))).json()).toEqual({ url, authorization: "Bearer r" });
    expect((await toAiAgent(apply("ai-agent.internal"))).status).toBe(200);
  });

  it("a target with the refuse fault refuses one push and nothing else", async () => {
    await turn("d1cv.refuse", true);
    expect((await toD1cv(read("d1cv.internal"))).status).toBe(200);
    expect((await toAiAgent(apply("ai-agent.internal"))).status).toBe(200);
    const refused = await toD1cv(apply("d1cv.internal"));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ error: "fault", message: expect.stringContaining("d1cv") as string });
    expect((await state()).faults).toEqual([]);
    expect((await toD1cv(apply("d1cv.internal"))).status).toBe(200);
  });

  it("a target with the slow fault answers late", async () => {
    await turn("d1cv.slow", true);
    const startedMs = performance.now();
    expect((await toD1cv(read("d1cv.internal"))).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThan(slowTargetMs - 100);
  });

  it("a target with the down fault answers everything with 503", async () => {
    await turn("ai-agent.down", true);
    expect((await toAiAgent(read("ai-agent.internal"))).status).toBe(503);
    expect((await toAiAgent(apply("ai-agent.internal"))).status).toBe(503);
    expect((await toD1cv(read("d1cv.internal"))).status).toBe(200);
    await endAll();
    expect((await toAiAgent(read("ai-agent.internal"))).status).toBe(200);
  });
});

describe("the poison fault", () => {
  it("the poison fault sends one message about an unknown job", async () => {
    const sent = vi
      .spyOn(env.PUSH_QUEUE, "send")
      .mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
    expect(await turn("queue.poison", true)).toEqual({ faults: [] });
    expect(sent.mock.calls).toEqual([[{ workspaceId: "T0CVOPS01", jobId: "a-job-that-nobody-knows", attempt: 1 }]]);
  });
});

describe("a webhook", () => {
  it("a webhook without a fault reaches the bot as it was signed", async () => {
    await toBot("job.completed");
    const [request] = (await received()).received;
    expect(request?.headers["webhook-signature"]).toBe("v1,x");
    expect(request?.body).toBe('{"type":"job.completed","jobId":"j"}');
  });

  it("the lose fault drops one webhook with an outcome, unnoticed by the target", async () => {
    await turn("webhook.lose", true);
    await toBot("job.progress");
    expect((await received()).received).toHaveLength(1);
    expect((await toBot("job.completed")).ok).toBe(true);
    expect((await received()).received).toHaveLength(1);
    await toBot("job.completed");
    expect((await received()).received).toHaveLength(2);
  });

  it("the repeat fault sends one webhook twice", async () => {
    await turn("webhook.repeat", true);
    await toBot("job.failed");
    const { received: both } = await received();
    expect(both.map(({ body }) => body)).toEqual([both[0]?.body, both[0]?.body]);
    await toBot("job.failed");
    expect((await received()).received).toHaveLength(3);
  });
});
