import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { checks } from "../../shared/domain/operations/checks.ts";
import { smokeWorkspace } from "../../shared/domain/operations/smoke.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { schedules } from "../../shared/schedules.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { install } from "../../test/support/bot/installed.ts";
import { slack, targets } from "../../test/support/bot/stand-ins.ts";
import { botWith, createWorld, people, World } from "../../test/support/bot/world.ts";
import { createDeps } from "../env.ts";
import { runSchedule } from "../schedule.ts";
import { examineWorkspace } from "../slack/core/examine.ts";

const token = "a-token-of-operators-with-32-characters";

interface Said {
  ok: boolean;
  findings: { check: string; about: string | null; ok: boolean | null; detail: string | null; remedy: string | null }[];
}

const ask = async (overrides: Record<string, unknown> = {}, given = token): Promise<Response> =>
  botWith({ METRICS_TOKEN: token, ...overrides })(
    new Request("https://cv-ops.example/doctor", { headers: { authorization: `Bearer ${given}` } }),
  );
/** Other tests' workspaces share the token, which is of one. */
const wrongIn = async (overrides: Record<string, unknown> = {}): Promise<string[]> => {
  const said = await (await ask(overrides)).json<Said>();
  const wrong = said.findings.filter(({ ok, check }) => ok === false && check !== "slack_workspace");
  for (const { remedy, check } of wrong) expect(remedy, check).toBe(checks[check as keyof typeof checks].remedy);
  return [...new Set(wrong.map(({ check }) => check))];
};
const cron = () => runSchedule(createDeps(env), schedules.minute);

test("doctor answers operators alone", async () => {
  expect((await ask({}, "wrong")).status).toBe(401);
  expect((await ask({ METRICS_TOKEN: "" })).status).toBe(404);
});

test("doctor and the figures are open to who has a pass in the database, also where no token is set", async () => {
  await env.DB.prepare("INSERT INTO operator_passes (hash, expires_at) VALUES (?1, ?2), (?3, ?4)")
    .bind(await sha256Hex("pass-1"), clock.iso(60_000), await sha256Hex("pass-2"), clock.iso(-1))
    .run();
  const statuses = ["/doctor", "/metrics"].map(async (path) => {
    const answers = ["pass-1", "pass-2"].map((pass) =>
      botWith({ METRICS_TOKEN: "" })(
        new Request(`https://cv-ops.example${path}`, { headers: { authorization: `Bearer ${pass}` } }),
      ),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  });
  expect(await Promise.all(statuses)).toEqual([
    [200, 404],
    [200, 404],
  ]);
});

test("doctor finds nothing wrong with a bot that works", async () => {
  await createWorld();
  await cron();
  expect(await wrongIn()).toEqual([]);
});

test("doctor finds five faults, each by its own check", async () => {
  const world = await createWorld();
  await cron();
  slack.fail("auth.test", { error: "token_revoked" });
  expect(await wrongIn()).toEqual(["slack_token"]);
  targets.d1cv.portfolios = {};
  expect(await wrongIn()).toEqual(["target_reads", "target_signature"]);
  targets.d1cv.mood = "broken";
  expect(await wrongIn()).toEqual(["target_answers"]);
  targets.d1cv.mood = "well";
  targets.d1cv.portfolios = { "noor-vega": "d1cv" };
  await env.DB.prepare(
    `INSERT INTO dead_letters (workspace_id, id, number, state, queue, body, cause, attempts, received_at)
     VALUES (?1, 'l1', 1, 'kept', 'cv-push', '{}', 'c', 1, '2026-11-23T08:00:00.000Z')`,
  )
    .bind(world.team)
    .run();
  await env.DB.prepare("UPDATE operation_cursor SET updated_at = '2026-11-23T08:00:00.000Z'").run();
  expect(await wrongIn({ INDEX_QUEUE: undefined })).toEqual(["queues", "cron", "dead_letters"]);
});

test("doctor finds a bot that nobody can install and that no workspace has", async () => {
  const nobodys = { SLACK_BOT_TOKEN: "", SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "" };
  await env.DB.prepare("DELETE FROM slack_installations").run();
  expect(await wrongIn(nobodys)).toContain("slack_app");
  const world = new World({ token: "xoxb-installed" });
  await install(world.team, "xoxb-installed");
  expect(await wrongIn(nobodys)).not.toContain("slack_app");
});

test("doctor finds a target whose webhooks are not taken, and an index of other dimensions", async () => {
  await createWorld();
  await cron();
  targets.d1cv.callback = { ok: false, error: "status 401" };
  targets["ai-agent"].index.dimensions = 384;
  const said = await (await ask()).json<Said>();
  const wrong = said.findings.filter(({ ok, check }) => ok === false && check.startsWith("target_"));
  // Each of other tests' workspaces has the same two targets.
  expect(new Set(wrong.map(({ check, about, detail }) => `${check} ${about}: ${detail}`))).toEqual(
    new Set(["target_webhooks d1cv: status 401", "target_index ai-agent: 384 of 768 dimensions, 2 vectors"]),
  );
});

test("doctor says the version of each target, and goes on where one knows no pings", async () => {
  await createWorld();
  await cron();
  targets.d1cv.callback = { ok: true, error: null };
  targets["ai-agent"].index.dimensions = 768;
  const said = await (await ask()).json<Said>();
  expect(said.findings.find(({ check, about }) => check === "target_version" && about === "d1cv")).toMatchObject({
    ok: true,
    detail: "stand-in",
  });
});

test("an admin asks doctor in Slack, and nobody else may", async () => {
  const world = await createWorld();
  await cron();
  await world.mustSay(people.admin, "doctor", /Nothing is wrong|could not be looked at/);
  slack.fail("auth.test", { error: "token_revoked" });
  const { said } = await world.command(people.admin, "doctor");
  expect(said).toContain("wrong: Slack takes the bot's token");
  expect(said).toContain(checks.slack_token.remedy);
  await world.mustSay(people.author, "doctor", /:warning:/);
});

test("doctor asks Slack nothing about the workspace of a deployment's own pushes", async () => {
  const asked = slack.callsOf("auth.test").length;
  const found = await examineWorkspace(createDeps(env), smokeWorkspace);
  expect(found.filter(({ check }) => check.startsWith("slack_"))).toEqual([]);
  expect(slack.callsOf("auth.test")).toHaveLength(asked);
});
