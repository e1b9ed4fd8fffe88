/** SLACK_BOT_TOKEN is of one workspace, which Slack names once. */
import { expect, test } from "vitest";
import { fixtures } from "../../../test/fixtures/slack.ts";
import { signedSlackRequest } from "../../../test/support/bot/slack-request.ts";
import { install } from "../../../test/support/bot/installed.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { createWorld, people, World } from "../../../test/support/bot/world.ts";
import { forgetOwnWorkspaces } from "./own-workspace.ts";

const status = async (world: World): Promise<string> =>
  (await world.send(signedSlackRequest(world.commandBody(people.admin, "status")))).text();

const strangers = "T0ELSEWHERE";

test("a payload of another workspace than the token's gets one sentence and leaves no row", async () => {
  const world = await createWorld();
  const elsewhere = new World({ team: strangers, token: "xoxb-elsewhere" });
  expect(await status(elsewhere)).toContain("CV Ops is not set up for this workspace.");
  expect(await elsewhere.rows("workspaces")).toEqual([]);
  expect(await status(world)).toContain("Where things stand");
});

test("Slack is asked once to which workspace the token belongs, also by the next isolate", async () => {
  const world = await createWorld();
  expect(slack.callsOf("auth.test")).toHaveLength(1);
  forgetOwnWorkspaces();
  expect(await status(world)).toContain("Where things stand");
  expect(slack.callsOf("auth.test")).toHaveLength(1);
});

test.each([
  ["Slack answers with an error", { error: "internal_error" }],
  ["Slack answers with a page", { html: "<html>" }],
  ["Slack's answer is lost", { network: "after" as const }],
  ["the token is revoked", { error: "token_revoked" }],
])("nobody is served while %s, and the next payload asks again", async (_name, failure) => {
  const world = new World();
  await world.install();
  slack.fail("auth.test", failure);
  expect(await status(world)).toContain("Slack has not said yet in which workspace CV Ops is installed.");
  expect(await world.rows("workspaces")).toEqual([]);
  expect(await status(world)).toContain("Where things stand");
});

test("an event that comes before the workspace is known is asked for again", async () => {
  const world = new World();
  await world.install();
  slack.fail("auth.test", { status: 503 });
  const event = JSON.stringify({ ...fixtures.appHomeOpened.payload, team_id: world.team, authorizations: [] });
  expect((await world.send(signedSlackRequest(event))).status).toBe(503);
  expect((await world.send(signedSlackRequest(event))).status).toBe(200);
});

test("of a workspace that has installed the app, Slack is not asked to which its token belongs", async () => {
  const world = new World({ token: "xoxb-ours" });
  await install(world.team, "xoxb-ours");
  expect(await status(world)).toContain("Where things stand");
  expect(slack.callsOf("auth.test")).toEqual([]);
});
