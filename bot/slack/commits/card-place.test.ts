/** What the reply about a commit says of its card: nothing that is not so, and how to get it where it is missing. */
import { expect, test } from "vitest";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { createWorld, people, type World } from "../../../test/support/bot/world.ts";

const { author } = people;

const saidOfCommit = async (world: World, years: number): Promise<string> => {
  await world.run([author, `stage update technology python-1 experience_years=${years}`]);
  return (await world.command(author, "commit x")).said;
};

test("the reply about the first commit in a channel says how to invite the app, should the card not appear", async () => {
  const world = await createWorld();
  expect(await saidOfCommit(world, 8)).toContain(
    `Its card goes to <#${world.channel}>, the first one there. If it does not appear, I am not in the channel: Invite me to it with \`/invite @cv-ops\`.`,
  );
});

test("the reply about a commit in a channel that has cards says no more than where its card goes", async () => {
  const world = await createWorld();
  await saidOfCommit(world, 8);
  await world.settle();
  const said = await saidOfCommit(world, 9);
  expect(said).toContain(`Its card goes to <#${world.channel}>.`);
  expect(said).not.toContain("nvite me");
});

test("the reply about a commit names why the channel did not get the last card, and what helps", async () => {
  const world = await createWorld();
  await saidOfCommit(world, 8);
  slack.leave(world.channel);
  await world.settle();
  expect(await saidOfCommit(world, 9)).toContain(
    `Its card goes to <#${world.channel}>, where Slack did not let me post the last one: I am not in it. Invite me to it with \`/invite @cv-ops\`, or type \`/cv settings channel here\` in another one.`,
  );
});

test("the reply about a commit that is typed to the app itself names no channel", async () => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"]);
  const fields = world.commandBody(author, "commit x");
  const response = await world.post({ ...fields, channel_id: "D0000001", channel_name: "directmessage" });
  expect(JSON.stringify(await response.json())).toContain("They get its card as a direct message.");
});
