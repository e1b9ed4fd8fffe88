import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { insertSignIn } from "../../../shared/storage/workspace/sign-ins.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { callerOf, follow } from "../../../test/support/bot/live-client.ts";
import { signedSlackRequest } from "../../../test/support/bot/slack-request.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, author, viewer, approver } = people;
let eventIds = 0;

/** What Slack sends about an event; the same id is a repeat. */
const send = async (
  world: World,
  event: Record<string, unknown>,
  eventId = `Ev${(eventIds += 1)}`,
): Promise<Response> => {
  const body = {
    token: "deprecated",
    team_id: world.team,
    api_app_id: "A0CVOPS01",
    type: "event_callback",
    event_id: eventId,
    event_time: 1_790_000_000,
    event: { event_ts: "1790000000.000001", ...event },
  };
  return world.send(signedSlackRequest(JSON.stringify(body)));
};

const homeOpened = (user: string, tab = "home") => ({ type: "app_home_opened", user, channel: "D1", tab });

test("an opened Home is published, and again after every change", async () => {
  const world = await createWorld();
  expect((await send(world, homeOpened(author))).status).toBe(200);
  await world.settle();
  expect([...slack.views.homes.keys()]).toEqual([author]);
  const before = slack.callsOf("views.publish").length;

  await world.run([author, "stage update technology python-1 experience_years=8"]);
  await world.settle();
  expect(slack.callsOf("views.publish").length).toBeGreaterThan(before);
  expect(textsOf(slack.views.homes.get(author))).toContain("Python");
  expect(slack.views.homes.has(approver)).toBe(false);
});

test("a burst of changes publishes each Home once or twice", async () => {
  const world = await createWorld();
  await send(world, homeOpened(author));
  await world.settle();
  const before = slack.callsOf("views.publish").length;
  for (const years of [6, 7, 8, 9, 10, 11])
    await world.run([author, `stage update technology python-1 experience_years=${years}`]);
  await world.settle();
  expect(slack.callsOf("views.publish").length - before).toBeLessThanOrEqual(2);
});

test("a first visit to the direct messages is greeted with help, once", async () => {
  const world = await createWorld();
  for (let visit = 0; visit < 2; visit += 1) {
    await send(world, homeOpened(viewer, "messages"));
    await world.settle();
  }
  const greetings = slack.messages.filter(({ channel }) => channel === `D${viewer.slice(1)}`);
  expect(greetings).toHaveLength(1);
  expect(textsOf(greetings[0])).toContain("/cv");
});

test("a mention is answered with help that only its author sees", async () => {
  const world = await createWorld();
  const thread = slack.somebodyPosts(world.channel);
  const mention = { type: "app_mention", user: author, text: "<@UCVOPS001> hi", ts: "1.2", channel: world.channel };
  await send(world, { ...mention, thread_ts: thread });
  const [answer, ...more] = world.messages;
  expect(more).toEqual([]);
  expect(answer).toMatchObject({ ephemeralFor: author, threadTs: thread });
  expect(textsOf(answer)).toContain("/cv");
});

test("a direct message is answered with help, except the app's own and edited ones", async () => {
  const world = await createWorld();
  await world.command(author, "status");
  await send(world, homeOpened(author, "messages"));
  await world.settle();
  const channel = `D${author.slice(1)}`;
  const message = { type: "message", channel, channel_type: "im", text: "help", ts: "1.2" };
  const before = slack.messages.length;
  await send(world, { ...message, user: author, bot_id: "B1" });
  await send(world, { ...message, user: author, subtype: "message_changed" });
  await send(world, { ...message, user: author, channel: world.channel, channel_type: "channel" });
  expect(slack.messages).toHaveLength(before);
  await send(world, { ...message, user: author });
  expect(slack.messages).toHaveLength(before + 1);
});

test.each([
  ["app_uninstalled", { type: "app_uninstalled" }],
  ["tokens_revoked", { type: "tokens_revoked", tokens: { bot: ["UCVOPS001"] } }],
])("the event %s stops writes to Slack until the app is used again", async (because, event) => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit one"]);
  await send(world, event, "EvGone");
  await send(world, event, "EvGone");
  await world.settle();
  expect(world.messages).toEqual([]);
  const told = (await world.rows("job_events")).filter(({ type }) => type === "workspace.disconnected");
  expect(told.map(({ data }) => JSON.parse(String(data)))).toEqual([{ because }]);

  await world.command(admin, "status");
  await env.SLACK_OUTBOX.getByName(world.team).wake(world.team);
  await world.settle();
  expect(world.messages).toHaveLength(1);
});

test("an app that has lost its token ends the live connections of people, and once uninstalled those of programs", async () => {
  const world = await createWorld();
  const at = { createdAt: "2026-11-23T08:00:00.000Z", expiresAt: "2036-11-23T08:00:00.000Z" };
  const signInId = `of-${world.team}`;
  await writeQuietly(env.DB, [
    insertSignIn({ id: signInId, workspaceId: world.team, userId: author, ...at }, `hash-of-${world.team}`),
  ]);
  const person = await follow(
    { workspaceId: world.team, actor: { kind: "access", id: author }, expiresAt: null, signInId },
    { Origin: new URL(env.PUBLIC_URL).origin },
  );
  const program = await follow(callerOf(world.team, author));
  await program.subscribe({ workspace: true });
  await send(world, { type: "tokens_revoked", tokens: { bot: ["UCVOPS001"] } });
  expect(await person.isClosed()).toMatchObject({ code: 4401 });
  expect(program.closed).toBeNull();
  await send(world, { type: "app_uninstalled" });
  expect(await program.isClosed()).toMatchObject({ code: 4401 });
});

test("a person's own revoked token disconnects no workspace", async () => {
  const world = await createWorld();
  await send(world, { type: "tokens_revoked", tokens: { oauth: [viewer] } });
  expect((await world.rows("workspaces"))[0]).toMatchObject({ disconnected_at: null });
});

describe("somebody who leaves", () => {
  const changed = (id: string, deleted: boolean) => ({ type: "user_change", user: { id, team_id: "T1", deleted } });

  test("somebody who was deactivated in Slack is refused at the API, and their approval does not count", async () => {
    const world = await createWorld();
    const theirs = await ApiClient.of(world, approver);
    await world.run(
      [author, "stage update technology python-1 experience_years=8"],
      [author, "commit one"],
      [approver, "approve 1"],
    );
    expect((await send(world, changed(approver, true))).status).toBe(200);
    expect(await theirs.get("/me")).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    await world.mustSay(admin, "push 1 all", /approval/);
    await world.mustSay(admin, "log", /<@U0PRIYA01> has left Slack, which ended the role approver and 1 API token/);
  });

  test("a change of somebody's profile ends nothing", async () => {
    const world = await createWorld();
    const theirs = await ApiClient.of(world, approver);
    const before = (await world.rows("job_events")).length;
    await send(world, changed(approver, false));
    await send(world, { type: "user_change", user: { id: viewer, deleted: true } });
    expect(await theirs.get("/me")).toMatchObject({ status: 200, body: { role: "approver" } });
    expect(await world.rows("job_events")).toHaveLength(before);
  });

  test("somebody who leaves loses their live connections at once", async () => {
    const world = await createWorld();
    const theirs = await follow(callerOf(world.team, approver));
    const others = await follow(callerOf(world.team, author));
    await theirs.subscribe({ workspace: true });
    await others.subscribe({ workspace: true });
    await send(world, changed(approver, true));
    expect(await theirs.isClosed()).toMatchObject({ code: 4401 });
    await others.settled();
    expect(others.closed).toBeNull();
  });
});
