/** The corpus of forgeries against both entries of the bot: one answer to all, no trace but a line in the log. */
import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { forgeries, idForgeries } from "../test/corpora/forgeries.ts";
import { Sealed, slackScheme, webhookScheme } from "../test/corpora/sealed.ts";
import { parseCredentials } from "../shared/targets/credentials.ts";
import { clock } from "../test/support/bot/clock.ts";
import { slack } from "../test/support/bot/stand-ins.ts";
import { createWorld, people, type World } from "../test/support/bot/world.ts";

const { author, approver } = people;
const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);

/** Everything that a request could leave behind. */
const traces = async (world: World): Promise<string> => {
  const records = await env.DB.prepare("SELECT count(*) AS n FROM idempotency_records").first("n");
  return JSON.stringify([await world.facts(), await world.rows("cards"), records, slack.calls.length, slack.answers]);
};

const answerOf = async (response: Response) => ({
  status: response.status,
  body: await response.text(),
  type: response.headers.get("content-type"),
});

test("every forgery of a Slack request gets the same refusal", { timeout: 60_000 }, async () => {
  const world = await createWorld();
  const form = { ...world.commandBody(author, "stage update technology python-1 summary=café"), note: "\ufffd" };
  const secret = env.SLACK_SIGNING_SECRET ?? "";
  const bodies = [
    // Characters as they are, not percent-encoded: a form may hold either.
    [
      "application/x-www-form-urlencoded",
      Object.entries(form)
        .map(([name, value]) => `${name}=${value.replace(/[&=+ ]/g, encodeURIComponent)}`)
        .join("&"),
    ],
    ["application/json", JSON.stringify({ type: "event_callback", team_id: world.team, note: "é \ufffd" })],
    [
      "application/json; charset=utf-16",
      JSON.stringify({ type: "event_callback", team_id: world.team, n: "é \ufffd" }),
    ],
    ["text/plain", `payload=${JSON.stringify({ type: "block_actions", note: "é \ufffd" })}`],
  ] as const;
  const before = await traces(world);
  for (const [contentType, body] of bodies) {
    const real = await Sealed.of(slackScheme, secret, nowSeconds(), body);
    for (const [what, forge] of forgeries) {
      const request = (await forge(real)).request("https://cv-ops.internal/slack/events", contentType);
      expect({ what, ...(await answerOf(await world.send(request))) }).toEqual({
        what,
        status: 401,
        body: "Invalid signature",
        type: "text/plain;charset=UTF-8",
      });
    }
  }
  expect(await traces(world)).toBe(before);
  const [contentType, body] = bodies[0];
  const real = await Sealed.of(slackScheme, secret, nowSeconds(), body);
  await world.send(real.request("https://cv-ops.internal/slack/events", contentType));
  expect(await traces(world), "the request itself does something").not.toBe(before);
});

test("every forgery of a target's webhook gets the same refusal", { timeout: 60_000 }, async () => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
  await world.run([approver, "approve 1"], [approver, "push 1 all"]);
  const [job] = await world.rows("jobs");
  const body = JSON.stringify({
    type: "job.failed",
    jobId: job?.["id"],
    attempt: 1,
    target: "d1cv",
    portfolioId: world.portfolioId,
    occurredAt: clock.iso(),
    error: { code: "x", message: "é \ufffd" },
  });
  const credentials = parseCredentials(env.TARGET_CREDENTIALS ?? "");
  const sealed = (secret: string | undefined) => Sealed.of(webhookScheme, secret ?? "", nowSeconds(), body);
  const url = "https://cv-ops.internal/v2/webhook/d1cv";
  const real = await sealed(credentials["d1cv"]?.webhook[0]);
  const before = await traces(world);
  const forged: [what: string, request: Request][] = [
    ["another target's secret", (await sealed(credentials["ai-agent"]?.webhook[0])).request(url, "application/json")],
    [
      "the secret of our own requests",
      (await sealed(credentials["d1cv"]?.request[0])).request(url, "application/json"),
    ],
    ["another target's address", real.request("https://cv-ops.internal/v2/webhook/ai-agent", "application/json")],
    ["an unknown target's address", real.request("https://cv-ops.internal/v2/webhook/nobody", "application/json")],
    [
      "a name that every object has",
      real.request("https://cv-ops.internal/v2/webhook/constructor", "application/json"),
    ],
  ];
  for (const [what, forge] of [...forgeries, ...idForgeries]) {
    forged.push([what, (await forge(real)).request(url, "application/json")]);
  }
  for (const [what, request] of forged) {
    expect({ what, ...(await answerOf(await world.send(request))) }).toEqual({
      what,
      status: 401,
      body: '{"error":"unauthorized"}',
      type: "application/json",
    });
  }
  expect(await traces(world)).toBe(before);
  expect((await world.send(real.request(url, "application/json"))).status).toBe(200);
  expect(await traces(world), "the request itself does something").not.toBe(before);
});
