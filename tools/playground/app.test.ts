import { SELF } from "cloudflare:test";
import { expect, it } from "vitest";
import { exposureOf, isServed } from "./local-only.ts";
import { base } from "./slack/testing/client.ts";

it("the playground serves its page with a policy that allows nothing foreign", async () => {
  const page = await SELF.fetch(`${base}/`);
  expect(await page.text()).toBe("/");
  expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  expect(await (await SELF.fetch(`${base}/playground/assets/page.js`)).text()).toBe("/page.js");
  expect(await (await SELF.fetch(`${base}/archives/C0PORTFOL1/p1`)).text()).toBe("/");
});

it("the playground forwards what is not its own to the bot unchanged", async () => {
  const answer = await SELF.fetch(`${base}/v2/webhook/d1cv?x=1`, { method: "POST", body: "raw" });
  expect(await answer.json()).toEqual({ forwarded: `${base}/v2/webhook/d1cv?x=1`, method: "POST", body: "raw" });
});

it("the playground lets somebody else change a row on request", async () => {
  const changed = await SELF.fetch(`${base}/playground/client/change-row`, { method: "POST" });
  expect(await changed.json()).toEqual({ ok: true, years: 20 });
});

it("the playground gives seed webhooks and the seed request to the seed", async () => {
  const seeded = await SELF.fetch(`${base}/playground/client/seed`, { method: "POST" });
  expect(await seeded.json()).toEqual({ ok: true, seeded: true });
  expect(await (await SELF.fetch(`${base}/playground/sink`, { method: "POST", body: "{}" })).text()).toBe("sunk");
});

it.each([
  ["http://evil.test/playground/client/state?as=U0AVERY01", {}],
  [`${base}/playground/client/state?as=U0AVERY01`, { Origin: "http://evil.test" }],
  [`${base}/playground/client/state?as=U0AVERY01`, { Origin: "null" }],
  [`${base}/playground/client/state?as=U0AVERY01`, { Origin: "http://localhost:9999" }],
  [`${base}/playground/client/state?as=U0AVERY01`, { Host: "evil.test" }],
  [`${base}/playground/client/socket?as=U0AVERY01`, { Origin: "http://evil.test", Upgrade: "websocket" }],
  ...[
    "/",
    "/app",
    "/playground/slack/api/users.info",
    "/playground/sink",
    "/playground/access/login",
    "/v2/me",
  ].flatMap((path): [string, Record<string, string>][] => [
    [`http://evil.test${path}`, {}],
    [`${base}${path}`, { Host: "evil.test" }],
    [`${base}${path}`, { Origin: "http://evil.test" }],
    [`${base}${path}`, { Origin: "null" }],
  ]),
])("the playground refuses %s with %j: rebound names and foreign pages", async (url, headers) => {
  expect((await SELF.fetch(url, { headers })).status).toBe(403);
});

const served = (address: string, headers: Record<string, string> = {}) =>
  isServed(new Request(address, { headers }), {
    PUBLIC_URL: "https://cv.tunnel.test",
    LOCAL_STACK_HOSTS: "team.test, 10.0.0.7:8787",
  });

it.each([
  ["https://cv.tunnel.test/slack/events", {}, true],
  ["https://cv.tunnel.test/v2/webhook/d1cv", {}, true],
  ["https://cv.tunnel.test/", {}, false],
  ["https://cv.tunnel.test/app", {}, false],
  ["https://cv.tunnel.test/playground/client/state?as=U0CARLA01", {}, false],
  ["https://cv.tunnel.test/v2/me", { Origin: "https://evil.test" }, false],
  ["http://team.test:8787/playground/client/state?as=U0CARLA01", { Origin: "http://team.test:8787" }, true],
  ["http://10.0.0.7:8787/", {}, true],
  ["http://team.test:8787/", { Origin: "https://evil.test" }, false],
  ["http://localhost:8787/v2/me", { Origin: "https://team.test" }, true],
  ["https://slack.evil.test/slack/events", {}, false],
  ["https://playground.internal/playground/sink?target=d1cv", {}, true],
  ["https://playground.internal/playground/client/reset", {}, false],
])("a stack with a tunnel and a named host serves %s with %j: %s", (address, headers, expected) => {
  expect(served(address, headers)).toBe(expected);
});

it("a stack that others can reach says what they can reach", () => {
  expect(exposureOf({ PUBLIC_URL: "http://localhost:8787", LOCAL_STACK_HOSTS: "" })).toEqual([]);
  const [bot, whole] = exposureOf({ PUBLIC_URL: "https://cv.tunnel.test", LOCAL_STACK_HOSTS: "team.test" });
  expect(bot).toMatch(/^cv\.tunnel\.test reaches the bot/);
  expect(whole).toMatch(/^team\.test reaches EVERYTHING/);
});

it.each(["http://127.0.0.1:8787", "http://[::1]:8787", base])("a page on %s may act for a person", async (origin) => {
  const response = await SELF.fetch(`${origin}/playground/client/state?as=U0AVERY01`, {
    headers: { Origin: origin },
  });
  expect(response.status).toBe(200);
});

it("the playground queries the targets with their read tokens", async () => {
  const get = async (path: string): Promise<unknown> => (await SELF.fetch(`${base}/playground/client/${path}`)).json();
  expect(await get("portfolio?target=d1cv&type=technology")).toEqual({
    url: "http://target.internal/api/portfolios/noor-vega/technology?include=deleted",
    authorization: "Bearer local-read-d1cv",
  });
  expect(await get("search?q=systems%20language")).toEqual({
    url: "http://target.internal/api/search?q=systems+language&portfolio=noor-vega",
    authorization: "Bearer local-read-ai-agent",
  });
  expect((await SELF.fetch(`${base}/playground/client/portfolio?target=d1cv&type=../admin`)).status).toBe(400);
});

it("the playground refuses malformed requests and unknown people", async () => {
  const malformed = await SELF.fetch(`${base}/playground/client/command`, { method: "POST", body: "{" });
  expect(malformed.status).toBe(400);
  expect((await SELF.fetch(`${base}/playground/client/state?as=U0`)).status).toBe(404);
  expect((await SELF.fetch(`${base}/playground/client/fly`, { method: "POST", body: "{}" })).status).toBe(404);
});
