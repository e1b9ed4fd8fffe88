/** Somebody who belongs to several workspaces says which one, and learns of no other. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { AccessTeam, audience } from "../../test/support/bot/access-team.ts";
import { ApiClient, expectContract } from "../../test/support/bot/api-client.ts";
import { clock } from "../../test/support/bot/clock.ts";
import { install } from "../../test/support/bot/installed.ts";
import { slack } from "../../test/support/bot/stand-ins.ts";
import { botWith, type Send, type World, createWorld, people } from "../../test/support/bot/world.ts";

let teams = 0;
let access: AccessTeam;
let send: Send;
let ours: World;
let second: World;
let foreign: World;

const avery = "avery@example.com";

beforeEach(async () => {
  teams += 1;
  access = new AccessTeam(`workspaces-${teams}`);
  await access.addKey("first");
  access.standIn();
  const named = (deadLetter: string) => ({
    team: `T${deadLetter}${String(teams).padStart(7, "0")}`,
    token: `xoxb-${deadLetter}`,
  });
  await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'before'").run();
  ours = await createWorld(named("A"));
  second = await createWorld(named("B"));
  foreign = await createWorld(named("C"));
  for (const { team } of [ours, second, foreign]) await install(team, `xoxb-${team[1]}`);
  slack.addPerson(avery, { id: people.author, real_name: "Avery" });
  slack.removePerson(avery, foreign.team);
  send = botWith({ ACCESS_TEAM_DOMAIN: access.issuer, ACCESS_AUD: audience, SLACK_BOT_TOKEN: "" });
});

const ask = async (path: string, headers: Record<string, string>) => {
  const response = await send(new Request(new URL(`/v2${path}`, env.PUBLIC_URL), { headers }));
  // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire
  const answer = { status: response.status, headers: response.headers, body: (await response.json()) as any };
  expectContract("GET", path.replace(/\?.*/, ""), answer);
  return answer;
};

const asAvery = async (path: string, workspace?: string, email = avery) =>
  ask(path, {
    "Cf-Access-Jwt-Assertion": await access.signIn(email),
    ...(workspace !== undefined && { "CV-Workspace": workspace }),
  });

const lookups = () => slack.calls.filter(({ method }) => method === "users.lookupByEmail").length;

describe("a member of two workspaces of three", () => {
  test("a member of two workspaces has to choose one, and gets their names", async () => {
    const answer = await asAvery("/me");
    const theirs = [ours.team, second.team].map((id) => ({ id, name: `Team ${id}` }));
    expect(answer).toMatchObject({ status: 400, body: { code: "workspace_required", workspaces: theirs } });
    expect(answer.body.detail).toContain(`${second.team} (Team ${second.team})`);
    expect(JSON.stringify(answer.body)).not.toContain(foreign.team);
    for (const { team } of [ours, second]) {
      expect(await asAvery("/me", team)).toMatchObject({ status: 200, body: { workspaceId: team } });
      expect((await asAvery("/workspaces", team)).body).toEqual({ workspaces: theirs });
    }
  });

  test("a workspace of others gets the same answer as an unknown one", async () => {
    const [exists, doesNot] = [await asAvery("/me", foreign.team), await asAvery("/me", "T0NOWHERE")];
    const { traceId, ...said } = exists.body;
    expect(traceId).not.toBe(doesNot.body.traceId);
    expect(doesNot).toMatchObject({ status: exists.status, body: said });
    expect(exists.status).toBe(400);
    expect(JSON.stringify(exists.body)).not.toContain(foreign.team);
  });

  test("a member's workspaces are looked up in Slack once an hour", async () => {
    await asAvery("/me", ours.team);
    expect(lookups()).toBe(3);
    clock.advance(50 * 60_000);
    await asAvery("/me", ours.team);
    await asAvery("/me", second.team);
    expect(lookups(), "their own are known for an hour, whatever became of the others").toBe(3);
  });

  test("a member gets a 503 while Slack does not answer for a workspace", async () => {
    slack.fail("users.lookupByEmail", { status: 503 });
    expect(await asAvery("/me")).toMatchObject({ status: 503, body: { code: "unavailable" } });
  });

  test("a member keeps one workspace when the app leaves the other", async () => {
    await env.DB.prepare("UPDATE workspaces SET disconnected_at = 'now' WHERE workspace_id = ?1").bind(ours.team).run();
    expect(await asAvery("/me")).toMatchObject({ status: 200, body: { workspaceId: second.team } });
    expect(await asAvery("/me", ours.team)).toMatchObject({ body: { workspaces: [{ id: second.team }] } });
  });
});

test("a member of one workspace need not choose it, and a stranger sees none", async () => {
  slack.addPerson("priya@example.com", { id: people.approver, real_name: "Priya" });
  for (const { team } of [ours, foreign]) slack.removePerson("priya@example.com", team);
  expect(await asAvery("/me", undefined, "priya@example.com")).toMatchObject({ body: { workspaceId: second.team } });
  for (const workspace of [undefined, ours.team]) {
    const stranger = await asAvery("/workspaces", workspace, "stranger@example.com");
    expect(stranger).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect(JSON.stringify(stranger.body)).not.toMatch(/T[ABC]0/);
  }
});

test("a token acts in its own workspace, whichever is named", async () => {
  const { token } = await ApiClient.of(second, people.author, ["read"]);
  const headers = { Authorization: `Bearer ${token}`, "CV-Workspace": ours.team };
  expect((await ask("/workspaces", headers)).body).toEqual({
    workspaces: [{ id: second.team, name: `Team ${second.team}` }],
  });
});
