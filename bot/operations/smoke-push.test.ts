import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { sha256Hex } from "../../shared/digest.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { credentialsWithSmoke } from "../../test/support/bot/installed.ts";
import { queued, slack, targets } from "../../test/support/bot/stand-ins.ts";
import { botWith } from "../../test/support/bot/world.ts";

const bot = botWith({ TARGET_CREDENTIALS: credentialsWithSmoke() });

const ask = (method: "GET" | "POST", path: string, pass?: string): Promise<Response> =>
  bot(
    new Request(new URL(path, env.PUBLIC_URL), {
      method,
      headers: pass === undefined ? {} : { authorization: `Bearer ${pass}` },
    }),
  );

const give = async (pass: string, forMs: number): Promise<void> => {
  await env.DB.prepare("INSERT INTO operator_passes (hash, expires_at) VALUES (?, ?)")
    .bind(await sha256Hex(pass), clock.iso(forMs))
    .run();
};

beforeEach(() => {
  for (const target of Object.values(targets)) target.portfolios["smoke"] = target.name;
});

test("with an operator's pass a push of the smoke portfolio starts, and Slack hears nothing of it", async () => {
  await give("pass-1", 60_000);
  const calls = slack.calls.length;
  const first = await ask("POST", "/operations/smoke-pushes", "pass-1");
  expect([first.status, await first.json()]).toEqual([202, { push: 1 }]);
  const second = await ask("POST", "/operations/smoke-pushes", "pass-1");
  expect([second.status, await second.json()]).toEqual([202, { push: 2 }]);
  const shown = await ask("GET", "/operations/smoke-pushes/1", "pass-1");
  expect(await shown.json()).toMatchObject({
    push: 1,
    targets: [
      { target: "d1cv", verifiedAt: null },
      { target: "ai-agent", verifiedAt: null },
    ],
  });
  await expect.poll(() => queued.length).toBeGreaterThan(0);
  expect(slack.calls.slice(calls)).toEqual([]);
});

test.each([
  ["no pass", undefined],
  ["a pass that nobody gave", "other"],
  ["a pass whose time is over", "late"],
])("with %s no smoke push starts, and none is shown", async (_what, pass) => {
  if (pass === "late") await give(pass, -1);
  const answers = [
    await ask("POST", "/operations/smoke-pushes", pass),
    await ask("GET", "/operations/smoke-pushes/1", pass),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
});
