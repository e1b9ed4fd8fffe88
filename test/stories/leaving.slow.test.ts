/** Somebody leaves: an admin of Slack deactivates the account, and what the person had ends everywhere. */
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { liveProtocol } from "../../shared/contract/live.ts";
import type { Delivery } from "../../tools/playground/client-protocol.ts";
import { people } from "../support/people.ts";
import { join } from "./person.ts";
import { sendAsSlack } from "./signatures.ts";
import { slashCommand } from "./slack-payloads.ts";
import { signedInAs } from "./signed-in.ts";
import { type StoryStack, startStory } from "./stack.ts";

let stack: StoryStack;
beforeAll(async () => {
  stack = await startStory();
});
afterAll(() => stack.remove());

const { admin, approver } = people;

const setAccount = async (active: boolean): Promise<Delivery> => {
  const response = await fetch(`${stack.url}/playground/client/account`, {
    method: "POST",
    body: JSON.stringify({ as: admin, user: approver, active }),
  });
  return JSON.parse(await response.text()) as Delivery;
};

const get = async (path: string, headers: Record<string, string>) => {
  const response = await fetch(`${stack.url}/v2${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** Whoever still could sign Slack's requests: Slack itself does, for a click that was on its way. */
const asSlack = async (text: string, trigger: string): Promise<string> => {
  const sender = { workspaceId: "T0CVOPS01", userId: approver, channelId: "C0PORTFOL1" };
  return (await sendAsSlack(stack.url, slashCommand(sender, text, trigger))).text();
};

it("who is deactivated in Slack loses approvals, role, tokens, sign-in and live connections at once", async (test) => {
  const avery = await join(test, stack, "Avery");
  const priya = await join(test, stack, "Priya");
  await avery.asks("/cv stage update technology python-1 experience_years=8", /Staged as change 1/);
  await avery.asks('/cv commit -m "Skill updates"', /^Commit #1 /);
  await priya.reads(/Commit #1[^]*Approve/);
  await priya.presses("Approve", /Commit #1/);
  await avery.reads(/Commit #1[^]*Ready to push/);

  const said = await priya.asks("/cv tokens new Shell --scopes read,review", "shown this once");
  const token = /cvops_[\w-]+/.exec(said)?.[0] ?? "";
  const [bearer, cookie] = [{ Authorization: `Bearer ${token}` }, await signedInAs(stack.url, approver)];
  for (const who of [bearer, cookie]) {
    expect(await get("/me", who)).toMatchObject({ status: 200, body: { userId: approver, role: "approver" } });
  }
  const live = new WebSocket(`${stack.url.replace("http", "ws")}/v2/ws`, [liveProtocol, `cv-ops.token.${token}`]);
  await once(live, "open");
  const closed = once(live, "close");

  expect(await setAccount(false)).toMatchObject({ ok: true, status: 200 });

  // Slack: nothing can be done there, and what was on its way is a viewer's.
  await expect(priya.type("/cv push 1 all")).rejects.toThrow("Your account has been deactivated.");
  expect(await asSlack("approve 1", "late-1")).toMatch(/needs the role|You are a viewer|approver/);
  // REST and portal.
  expect(await get("/me", bearer)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  expect((await get("/commits/1", cookie)).status).toBe(401);
  await closed;
  // The approval was not used: it does not count any more.
  await avery.reads(/Commit #1[^]*Needs approval/);
  const carla = await signedInAs(stack.url, admin);
  expect(await get("/commits/1", carla)).toMatchObject({ status: 200, body: { review: "in_review" } });
  const { body } = await get("/events", carla);
  expect(JSON.stringify(body)).toContain('"member.left"');

  // Whoever comes back begins as a viewer, and their token stays ended.
  expect(await setAccount(true)).toMatchObject({ ok: true, status: 200 });
  const back = await join(test, stack, "Priya");
  await back.asks("/cv push 1 all", /approver/);
  await back.asks("/cv show 1", /in review/);
  expect((await get("/me", bearer)).status).toBe(401);
});
