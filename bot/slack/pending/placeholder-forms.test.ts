/** Forms that were asked for while D1 has a bad day: what was opened is filled, what was not is said in words. */
import { expect, test } from "vitest";
import { clock } from "../../../test/support/bot/clock.ts";
import { Outage } from "../../../test/support/bot/outage.ts";
import { database, slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, admin } = people;
const minute = 60_000;

const open = async (): Promise<{ world: World; outage: Outage }> => {
  const world = await createWorld();
  return { world, outage: new Outage(world) };
};

const shortcut = (world: World): Record<string, string> => ({
  payload: JSON.stringify({
    type: "shortcut",
    callback_id: "stage_change",
    team: { id: world.team },
    user: { id: author },
    trigger_id: slack.newTrigger(),
  }),
});

const clickOnHome = (world: World, command: string): Record<string, string> => ({
  payload: JSON.stringify({
    type: "block_actions",
    team: { id: world.team },
    user: { id: author, team_id: world.team },
    container: { type: "view" },
    view: {
      id: "VHOME",
      type: "home",
      hash: "1.1",
      callback_id: "",
      private_metadata: "",
      blocks: [],
      state: { values: {} },
    },
    trigger_id: slack.newTrigger(),
    actions: [
      {
        type: "button",
        action_id: command,
        block_id: "b1",
        value: command,
        text: { type: "plain_text", text: "Staged changes" },
        action_ts: "1.1",
      },
    ],
  }),
});

const shown = (): string => textsOf(slack.views.stack.at(-1)?.view);
const directTo = (userId: string): string[] =>
  slack.messages.filter(({ channel }) => channel === `D${userId.slice(1)}`).map(textsOf);

test.each([
  ["by a command", (world: World) => world.commandBody(author, "stage update technology python-1")],
  ["by a shortcut", shortcut],
])("a placeholder opened %s is filled when D1 is back", async (_way, body) => {
  const { world, outage } = await open();
  database.mood = "down";
  expect(await outage.post(body(world))).toBe("");
  await outage.firstTriesEnd();
  expect(shown()).toContain("Loading");
  await outage.pass(3 * minute);
  database.mood = "well";
  await outage.settle();
  expect(slack.views.stack.at(-1)?.view).toMatchObject({ callback_id: "stage" });
  expect(slack.answers).toEqual([]);
  expect(directTo(author)).toEqual([]);
});

test("a placeholder of a form that is given up says so in its place", async () => {
  const { world, outage } = await open();
  database.mood = "down";
  await outage.post(world.commandBody(author, "stage update technology python-1"));
  await outage.firstTriesEnd();
  await outage.pass(20 * minute);
  expect(shown()).toContain("For 15 minutes the database of CV Ops gave no answer");
  expect(shown()).not.toContain("Loading");
});

test("a form whose placeholder could not open in time is offered by a button", async () => {
  const { world, outage } = await open();
  await world.run([author, "stage update technology python-1 experience_years=8"]);
  database.mood = "down";
  const body = world.commandBody(author, "commit");
  await outage.post(body);
  clock.advance(minute);
  database.mood = "well";
  await outage.settle();
  expect(slack.answers.map(({ url }) => url)).toEqual([body["response_url"]]);
  const said = textsOf(slack.answers[0]?.payload);
  expect(said).toContain("`/cv commit`");
  expect(JSON.stringify(slack.answers[0]?.payload)).toContain('"value":"go:commit"');
  expect(slack.views.stack).toEqual([]);
});

test("a click on Home without a placeholder is answered by a direct message", async () => {
  const { world, outage } = await open();
  await world.run([author, "stage update technology python-1 experience_years=8"]);
  database.mood = "down";
  await outage.post(clickOnHome(world, "go:staged"));
  clock.advance(minute);
  database.mood = "well";
  await outage.settle();
  expect(directTo(author)).toEqual([expect.stringContaining("Python: experience_years 5 → 8")]);
  expect(directTo(author)[0]).toContain("your click on *Staged changes*");
});

test("a click on Home is answered in its placeholder", { timeout: 15_000 }, async () => {
  const { world, outage } = await open();
  await world.run([author, "stage update technology python-1 experience_years=8"]);
  database.mood = "stalled";
  await outage.post(clickOnHome(world, "go:staged"));
  expect(shown()).toContain("Loading");
  // The Worker's own try never ends: the object's does.
  const ringing = outage.ring();
  database.mood = "well";
  await ringing;
  await outage.firstTriesEnd();
  expect(shown()).toContain("Python: experience_years 5 → 8");
  expect(directTo(author)).toEqual([]);
  expect(await outage.nextAlarmMs()).toBeNull();
});

test("an app that is uninstalled during an outage is disconnected afterwards", async () => {
  const { world, outage } = await open();
  database.mood = "down";
  const event = { type: "event_callback", team_id: world.team, event_id: "EvGone", event: { type: "app_uninstalled" } };
  await outage.post(JSON.stringify(event));
  await outage.pass(minute);
  database.mood = "well";
  await outage.settle();
  expect((await world.rows("job_events")).map(({ type }) => type)).toContain("workspace.disconnected");
  expect(directTo(admin)).toEqual([]);
});

test("an opened Home is not kept for later during an outage", async () => {
  const { world, outage } = await open();
  database.mood = "down";
  const opened = { type: "app_home_opened", user: author, channel: "D1", tab: "home" };
  await outage.post(JSON.stringify({ type: "event_callback", team_id: world.team, event_id: "Ev1", event: opened }));
  await outage.firstTriesEnd();
  expect(await outage.kept()).toBe("[]");
});
