/** How the operator's own workspace comes to the operator's targets: `npm run setup` asks for it. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { sha256Hex } from "../../shared/digest.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { credentialsWithSmoke, install } from "../../test/support/bot/installed.ts";
import { targets } from "../../test/support/bot/stand-ins.ts";
import { botWith, people, World } from "../../test/support/bot/world.ts";
import { freshDatabase } from "../../test/support/shared/fresh-database.ts";

const bot = botWith({
  SLACK_BOT_TOKEN: "",
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "s",
  TARGET_CREDENTIALS: credentialsWithSmoke(),
});
const pass = "pass-of-setup";
let ours: World;

const ask = async (method: "GET" | "POST", path: string, given = pass): Promise<{ status: number; body: unknown }> => {
  const headers = { authorization: `Bearer ${given}` };
  const response = await bot(new Request(new URL(`/operations${path}`, env.PUBLIC_URL), { method, headers }));
  return { status: response.status, body: await response.json() };
};
const give = (workspace = ours.team, given = pass) => ask("POST", `/workspaces/${workspace}/targets`, given);

beforeEach(async () => {
  await freshDatabase();
  await env.DB.prepare("INSERT INTO operator_passes (hash, expires_at) VALUES (?, ?)")
    .bind(await sha256Hex(pass), clock.iso(60_000))
    .run();
  ours = new World({ token: "xoxb-ours" });
  ours.send = bot;
});

test("setup learns which workspaces have the app, and by whom; that of smoke pushes is none", async () => {
  for (const target of Object.values(targets)) target.portfolios["smoke"] = target.name;
  expect((await ask("POST", "/smoke-pushes")).status).toBe(202);
  expect(await ask("GET", "/workspaces")).toEqual({ status: 200, body: { workspaces: [] } });
  await install(ours.team, "xoxb-ours");
  const listed = [{ id: ours.team, name: `Team ${ours.team}`, installedBy: people.admin }];
  expect(await ask("GET", "/workspaces")).toEqual({ status: 200, body: { workspaces: listed } });
  await env.DB.prepare("UPDATE workspaces SET uninstalled_at = ?1 WHERE workspace_id = ?2")
    .bind(clock.iso(), ours.team)
    .run();
  expect(await ask("GET", "/workspaces")).toEqual({ status: 200, body: { workspaces: [] } });
});

test("the operator's workspace gets the operator's targets once, by an event, and stages for them", async () => {
  await install(ours.team, "xoxb-ours");
  expect((await ours.command(people.admin, "stage delete technology x")).said).toContain("no target yet");
  const first = await give();
  expect(first).toEqual({ status: 200, body: { targets: ["d1cv", "ai-agent"] } });
  const stored = await ours.rows("targets");
  expect(stored).toMatchObject([
    { name: "d1cv", position: 0, binding: "D1CV", portfolio_id: "noor-vega" },
    { name: "ai-agent", position: 1, binding: "AI_AGENT", portfolio_id: "noor-vega" },
  ]);
  expect(await give()).toEqual(first);
  expect(await ours.rows("targets")).toEqual(stored);
  const events = await ours.rows("job_events");
  expect(events.filter(({ type }) => type === "target.added")).toMatchObject([
    { actor_kind: "system", actor_id: "operator" },
    { actor_kind: "system", actor_id: "operator" },
  ]);
  const staged = await ours.command(people.admin, "stage update technology python-1 experience_years=8");
  expect(staged.said).toContain("Staged as change 1");
});

test("a workspace that has targets of its own keeps them, and no other gets the operator's", async () => {
  const theirs = new World({ token: "xoxb-theirs" });
  theirs.send = bot;
  await install(ours.team, "xoxb-ours");
  await install(theirs.team, "xoxb-theirs");
  await give();
  await theirs.command(people.admin, "status");
  expect(await theirs.rows("targets")).toEqual([]);
  await env.DB.prepare("DELETE FROM targets WHERE name = 'ai-agent'").run();
  expect(await give()).toEqual({ status: 200, body: { targets: ["d1cv"] } });
  expect(await ours.rows("targets")).toHaveLength(1);
});

test("a workspace that nobody has installed the app in gets nothing, not even a row", async () => {
  for (const unknown of ["T0UNKNOWN", "x"])
    expect(await give(unknown)).toEqual({ status: 404, body: { error: "no_workspace" } });
  expect((await env.DB.prepare("SELECT * FROM workspaces").all()).results).toEqual([]);
  expect((await env.DB.prepare("SELECT * FROM placements").all()).results).toEqual([]);
});

test.each(["nobody's", ""])("with the pass %j nobody learns a workspace, and none gets targets", async (given) => {
  await install(ours.team, "xoxb-ours");
  expect((await ask("GET", "/workspaces", given)).status).toBe(401);
  expect((await give(ours.team, given)).status).toBe(401);
  expect(await ours.rows("targets")).toEqual([]);
});
