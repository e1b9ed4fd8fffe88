/** One bot, two workspaces with a token, a portfolio and secrets each: nothing of one reaches the other. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { applied } from "../test/support/bot/fake-target.ts";
import { addTargets, install } from "../test/support/bot/installed.ts";
import { slack, targets } from "../test/support/bot/stand-ins.ts";
import { textsOf } from "../test/support/bot/texts.ts";
import { freshDatabase } from "../test/support/shared/fresh-database.ts";
import { people, type World, createWorld } from "../test/support/bot/world.ts";

const { author, approver } = people;
let ours: World;
let theirs: World;

beforeEach(async () => {
  await freshDatabase();
  for (const target of Object.values(targets))
    target.portfolios = { ours: `ours/${target.name}`, theirs: `theirs/${target.name}` };
  ours = await createInstalled("T0OURS0001", "ours");
  theirs = await createInstalled("T0THEIRS01", "theirs");
});

const createInstalled = async (team: string, portfolioId: string): Promise<World> => {
  const token = `xoxb-${portfolioId}`;
  await install(team, token);
  await addTargets(team, portfolioId);
  return createWorld({ team, token, portfolioId });
};

const push = (world: World, message: string) =>
  world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, `commit -m "${message}"`],
    [approver, "approve 1"],
    [approver, "push 1 all"],
  );

test("two workspaces have their own numbers, cards and tokens", async () => {
  await push(ours, "Ours alone");
  await push(theirs, "Theirs alone");
  await Promise.all([ours.settle(), theirs.settle()]);
  for (const [world, token, own, other] of [
    [ours, "xoxb-ours", "Ours alone", "Theirs alone"],
    [theirs, "xoxb-theirs", "Theirs alone", "Ours alone"],
  ] as const) {
    expect(world.messages.length).toBeGreaterThanOrEqual(3);
    expect(new Set(world.messages.map((message) => message.token))).toEqual(new Set([token]));
    expect(textsOf(world.messages)).toContain(own);
    expect(textsOf(world.messages)).not.toContain(other);
    for (const line of ["commits", "show 1", "status", "status 1", "diff 1", "staged"]) {
      expect((await world.command(author, line)).said).not.toContain(other);
    }
    expect((await world.command(author, "show 2")).said).toContain("There is no commit #2");
  }
  expect(slack.calls.every(({ outcome }) => outcome === "ok")).toBe(true);
});

test("tokens of Slack and secrets of targets are in rows alone, encrypted", async () => {
  const [installations, bound] = await Promise.all(
    ["slack_installations", "targets"].map(
      async (table) => (await env.DB.prepare(`SELECT * FROM ${table} ORDER BY workspace_id`).all()).results,
    ),
  );
  expect(installations).toMatchObject([
    { workspace_id: ours.team, key_version: "1" },
    { workspace_id: theirs.team, key_version: "1" },
  ]);
  expect(bound).toHaveLength(4);
  for (const target of bound ?? []) expect(target).toMatchObject({ key_version: "1", imported_digest: null });
  expect(JSON.stringify([installations, bound])).not.toMatch(/xoxb-|whsec_|read-(ours|theirs)/);
});

test("a role in one workspace is none in the other", async () => {
  await env.DB.prepare("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2").bind(theirs.team, author).run();
  await ours.run([author, "stage delete technology jquery-1"]);
  expect((await theirs.command(author, "stage delete technology jquery-1")).said).toContain(
    "Only an editor may stage changes",
  );
  expect(await theirs.rows("staged_changes")).toEqual([]);
});

test("a target's webhook counts only with its own workspace's secret and portfolio", async () => {
  await push(ours, "Ours alone");
  const completed = { type: "job.completed" as const, result: applied() };
  const before = await ours.facts();
  const forged = await ours.report("d1cv", completed, { secretOf: "theirs/d1cv" });
  expect([forged.status, await ours.facts()]).toEqual([401, before]);
  const [job] = await ours.rows("jobs");
  const about = {
    jobId: String(job?.["id"]),
    attempt: 1,
    target: "d1cv",
    portfolioId: "theirs",
    occurredAt: "2031-03-03T09:00:00.000Z",
  };
  expect((await ours.webhook("d1cv", { ...about, ...completed }, { secretOf: "ours/d1cv" })).status).toBe(401);
  expect(await ours.facts()).toBe(before);
  expect((await ours.report("d1cv", completed, { secretOf: "ours/d1cv" })).status).toBe(200);
  expect((await ours.rows("jobs"))[0]).toMatchObject({ state: "completed" });
});

test("a workspace without the app gets a reply and leaves no row", async () => {
  const body = { ...ours.commandBody(author, "status"), team_id: "T0STRANGER" };
  const response = await ours.post(body);
  expect(await response.json()).toMatchObject({
    response_type: "ephemeral",
    text: expect.stringContaining("not set up for this workspace"),
  });
  const { results } = await env.DB.prepare("SELECT 1 FROM workspaces WHERE workspace_id = 'T0STRANGER'").all();
  expect(results).toEqual([]);
});
