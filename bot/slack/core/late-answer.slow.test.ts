import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { submissionPayload } from "../../../tools/slack/payloads.ts";
import { senderOf } from "../../../test/support/slack/requests.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, botWith, createWorld, people } from "../../../test/support/bot/world.ts";

const { author, approver } = people;

/** A database that takes its time: two round trips outlast Slack's patience. */
const slow = {
  prepare: env.DB.prepare.bind(env.DB),
  batch: async (statements: D1PreparedStatement[]) => {
    await scheduler.wait(1400);
    return env.DB.batch(statements);
  },
};

const reason = "Python is <7> years";

const rejecting = async (): Promise<{ world: World; payload: Record<string, unknown> }> => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit one"]);
  await world.settle();
  await world.click(approver, world.message(/Commit #1/), "Reject");
  const [form] = slack.views.stack;
  if (!form) throw new Error("no form is open");
  const values = { reason: { reason: { type: "plain_text_input", value: reason } } };
  const view = { ...slack.apiView(world.team, form), state: { values } };
  const sender = senderOf({ workspaceId: world.team, userId: approver });
  return { world, payload: submissionPayload(sender, view, "1.1") };
};

const submit = (world: World, payload: Record<string, unknown>): Promise<Response> =>
  world.post({ payload: JSON.stringify(payload) });

test("a form with a late reply stays open and shows it then", { timeout: 20_000 }, async () => {
  const { world, payload } = await rejecting();
  world.send = botWith({ DB: slow });
  const startedMs = performance.now();
  const response = await submit(world, payload);
  expect(performance.now() - startedMs).toBeGreaterThan(2500);
  const answer = await response.json<{ response_action: string; view: { blocks: unknown[] } }>();
  expect(answer.response_action).toBe("update");
  expect(textsOf(answer.view)).toContain("Loading");
  expect(textsOf(slack.views.stack[0]?.view)).toContain("Rejected commit *#1*");
  expect((await world.rows("commits"))[0]).toMatchObject({ review: "rejected" });
});

test("a form with a late refusal is shown again with what was typed", { timeout: 20_000 }, async () => {
  const { world, payload } = await rejecting();
  await world.run([people.otherApprover, "approve 1"]);
  world.send = botWith({
    DB: { ...slow, batch: async (all: D1PreparedStatement[]) => (await scheduler.wait(2700), env.DB.batch(all)) },
  });
  await submit(world, payload);
  const shown = slack.views.stack[0]?.view;
  expect(textsOf(shown)).toContain("Commit #1 was approved already");
  expect(JSON.stringify(shown)).toContain(`"initial_value":"${reason}"`);
  expect(shown).toMatchObject({ callback_id: "reject", submit: { text: "Reject" } });
});

test("a form that is submitted again after a lost reply rejects once", async () => {
  const { world, payload } = await rejecting();
  await submit(world, payload);
  const facts = await world.facts();
  const again = await submit(world, payload);
  expect(textsOf(await again.json())).toContain("Rejected commit *#1*");
  expect(await world.facts()).toBe(facts);
});

test("a form that is filled late leaves no note behind", { timeout: 20_000 }, async () => {
  const world = await createWorld();
  world.send = botWith({
    DB: { ...slow, batch: async (all: D1PreparedStatement[]) => (await scheduler.wait(2700), env.DB.batch(all)) },
  });
  const response = await world.post(world.commandBody(author, "stage update technology python-1"));
  expect(await response.text()).toBe("");
  expect(textsOf(slack.views.stack[0]?.view)).toContain("Python");
  expect(slack.answers).toEqual([]);
});
