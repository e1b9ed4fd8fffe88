/** A deployment of an earlier release names its workspaces in WORKSPACES. It is upgraded, and loses none of them. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { clock } from "../../test/support/bot/clock.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { install } from "../../test/support/bot/installed.ts";
import { logged, slack } from "../../test/support/bot/stand-ins.ts";
import { botWith, createWorld, people, World } from "../../test/support/bot/world.ts";
import { freshDatabase } from "../../test/support/shared/fresh-database.ts";
import { createDeps } from "../env.ts";
import { examineService } from "../slack/core/examine.ts";
import { runSchedule } from "../schedule.ts";
import { schedules } from "../../shared/schedules.ts";

const target = { name: "d1cv", binding: "D1CV", portfolioId: "noor-vega" };
const named = (token: string, targets: object[] = [target], admin: string = people.admin) => ({
  botToken: token,
  admin,
  targets,
});
/** As such a deployment is: nobody installs the app by a click. */
const upgraded = (workspaces: Record<string, unknown>) => ({
  SLACK_BOT_TOKEN: "",
  SLACK_CLIENT_ID: "",
  SLACK_CLIENT_SECRET: "",
  WORKSPACES: JSON.stringify(workspaces),
});
const after = { SLACK_BOT_TOKEN: "", SLACK_CLIENT_ID: "", SLACK_CLIENT_SECRET: "" };
const depsOf = (variables: Record<string, unknown>) => createDeps({ ...env, ...variables });
const cron = (variables: Record<string, unknown>) => runSchedule(depsOf(variables), schedules.minute);
const rowsOf = async (table: string) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results;

let ours: World;
let theirs: World;
let variables: Record<string, unknown>;

beforeEach(async () => {
  await freshDatabase();
  ours = new World({ token: "xoxb-ours" });
  theirs = new World({ token: "xoxb-theirs" });
  variables = upgraded({ [ours.team]: named("xoxb-ours"), [theirs.team]: named("xoxb-theirs", []) });
});

test("cron makes encrypted rows of each workspace that WORKSPACES names, which then need no variable", async () => {
  await cron(variables);
  const installations = await rowsOf("slack_installations");
  expect(installations).toHaveLength(2);
  expect(installations[0]).toMatchObject({ installed_by: people.admin, key_version: "1", is_org_wide: 0 });
  expect(JSON.stringify(installations)).not.toContain("xoxb-");
  expect(await ours.rows("targets")).toMatchObject([{ name: "d1cv", binding: "D1CV", portfolio_id: "noor-vega" }]);
  expect(await theirs.rows("targets")).toEqual([]);
  for (const world of [ours, theirs]) {
    world.send = botWith(after);
    await world.mustSay(people.admin, "status", /Where things stand/);
    expect(await world.rows("members")).toMatchObject([{ user_id: people.admin, role: "admin" }]);
    expect(await depsOf(after).installation(world.team)).toMatchObject({ source: "row" });
  }
  expect(await depsOf(after).installation(theirs.team)).toMatchObject({ botToken: "xoxb-theirs" });
});

test("cron makes encrypted rows of the workspace of SLACK_BOT_TOKEN, which doctor then says may go", async () => {
  const own = { ...after, SLACK_BOT_TOKEN: "xoxb-ours", SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "s" };
  const doctor = async () => (await examineService(depsOf(own))).filter(({ check }) => check === "slack_app");
  expect(await doctor()).toEqual([]);
  await cron(own);
  expect(await rowsOf("slack_installations")).toMatchObject([{ workspace_id: ours.team, key_version: "1" }]);
  expect(await ours.rows("workspaces")).toMatchObject([{ installed_by: people.admin }]);
  expect(await ours.rows("targets")).toMatchObject([{ name: "d1cv" }, { name: "ai-agent" }]);
  expect(await doctor()).toMatchObject([{ about: ours.team, ok: true, detail: expect.stringContaining("may go") }]);
  const rows = await Promise.all([rowsOf("slack_installations"), rowsOf("targets"), rowsOf("members")]);
  clock.advance(60_000);
  await cron(own);
  expect(await Promise.all([rowsOf("slack_installations"), rowsOf("targets"), rowsOf("members")])).toEqual(rows);
  const without = { ...own, SLACK_BOT_TOKEN: "" };
  ours.send = botWith(without);
  await ours.mustSay(people.admin, "roles", /admin/);
  expect(await depsOf(without).installation(ours.team)).toEqual({ botToken: "xoxb-ours", source: "row" });
});

test("a workspace that comes before cron is served at once, with its own token, admin and targets", async () => {
  ours.send = botWith(variables);
  await ours.mustSay(people.admin, "status", /Where things stand/);
  expect(await ours.rows("targets")).toHaveLength(1);
  expect(await rowsOf("slack_installations")).toMatchObject([{ workspace_id: ours.team }]);
  expect(slack.callsOf("auth.test")).toEqual([]);
});

test("what a row says already is not overruled by WORKSPACES, however often cron runs", async () => {
  await install(ours.team, "xoxb-installed-since");
  await env.DB.prepare("UPDATE workspaces SET installed_by = ?2 WHERE workspace_id = ?1")
    .bind(ours.team, people.author)
    .run();
  await cron(variables);
  const first = await rowsOf("slack_installations");
  clock.advance(60_000);
  await cron(variables);
  expect(await rowsOf("slack_installations")).toEqual(first);
  expect(await depsOf(variables).installation(ours.team)).toMatchObject({ botToken: "xoxb-installed-since" });
  expect(await ours.rows("workspaces")).toMatchObject([{ installed_by: people.author }]);
  expect(await ours.rows("targets"), "who has installed the app chooses the targets").toEqual([]);
  await env.DB.prepare("UPDATE slack_installations SET sealed_tokens = NULL WHERE workspace_id = ?1")
    .bind(theirs.team)
    .run();
  await cron(variables);
  expect(await depsOf(variables).installation(theirs.team), "it has removed the app").toBeNull();
});

test("a workspace of the earlier release keeps its history, roles and targets when it becomes rows", async () => {
  const before = await createWorld();
  await before.run([people.author, "stage update technology python-1 experience_years=8"]);
  const [facts, targets] = [await before.facts(), await before.rows("targets")];
  slack.addWorkspace(before.team, "xoxb-before");
  await cron(upgraded({ [before.team]: named("xoxb-before", [], people.viewer) }));
  expect(await before.rows("targets")).toMatchObject(targets.map(({ name, position }) => ({ name, position })));
  const isTheirs = ({ installed_by: _by, ...row }: Record<string, unknown>) => row;
  expect((await before.rows("workspaces")).map(isTheirs)).toEqual(
    (JSON.parse(facts) as [string, Record<string, unknown>[]][])[0]?.[1].map(isTheirs),
  );
  expect((await before.rows("members")).map(({ user_id }) => user_id)).not.toContain(people.viewer);
  before.send = botWith(after);
  await before.mustSay(people.author, "staged", /1 staged change of yours/);
});

test("a workspace that WORKSPACES has ceased to name stays without the app, and its tokens are refused", async () => {
  const former = await createWorld();
  const program = await ApiClient.of(former, people.author, ["read"]);
  expect(await program.get("/me")).toMatchObject({ status: 200 });
  await cron(variables);
  former.send = botWith(variables);
  expect(await program.get("/me")).toMatchObject({ status: 401 });
  expect((await former.command(people.admin, "status")).said).toContain("not set up for this workspace");
  await cron({ ...variables, SLACK_BOT_TOKEN: "xoxb-local-cv-ops" });
  for (const world of [ours, theirs]) expect(await world.rows("workspaces")).toMatchObject([{ uninstalled_at: null }]);
});

test("with another way to have the app, no workspace is taken for one that has lost it", async () => {
  const former = await createWorld();
  for (const way of [{ SLACK_BOT_TOKEN: "xoxb-local-cv-ops" }, { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "s" }])
    await cron({ ...variables, ...way });
  expect(await former.rows("workspaces")).toMatchObject([{ uninstalled_at: null }]);
});

test("doctor asks for the variable's end, and says whose rows are missing until they are there", async () => {
  const found = async () => {
    const METRICS_TOKEN = "a-token-of-operators-with-32-characters";
    const request = new Request("https://cv-ops.example/doctor", {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    });
    const said = await (
      await botWith({ ...variables, METRICS_TOKEN })(request)
    ).json<{
      findings: { check: string; ok: boolean; detail: string; remedy: string }[];
    }>();
    return said.findings.find(({ check }) => check === "workspaces_variable");
  };
  expect(await found()).toMatchObject({ ok: false, detail: `without rows yet: ${ours.team}, ${theirs.team}` });
  await cron(variables);
  expect(await found()).toMatchObject({
    ok: false,
    detail: expect.stringContaining("delete WORKSPACES"),
    remedy: expect.stringContaining("wrangler secret delete WORKSPACES"),
  });
  expect(logged.filter((line) => line.includes("workspaces.imported"))).toHaveLength(2);
  expect(logged.join("\n")).not.toContain("xoxb-");
  variables = after;
  expect(await found()).toBeUndefined();
});

test("a workspace whose rows D1 does not take is tried again, and keeps no other from its own", async () => {
  await env.DB.prepare(
    `CREATE TRIGGER no_rows BEFORE INSERT ON slack_installations WHEN NEW.workspace_id = '${ours.team}'
     BEGIN SELECT RAISE(ABORT, 'not this one'); END`,
  ).run();
  await cron(variables);
  expect(await rowsOf("slack_installations")).toMatchObject([{ workspace_id: theirs.team }]);
  expect(logged.join("\n")).toContain("workspaces.not_imported");
  await env.DB.prepare("DROP TRIGGER no_rows").run();
  await cron(variables);
  expect(await rowsOf("slack_installations")).toHaveLength(2);
});
