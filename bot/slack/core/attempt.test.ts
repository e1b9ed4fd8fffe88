/** The first try, when there is nobody to take a request over, and when it fails for good. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Outage } from "../../../test/support/bot/outage.ts";
import { database, logged, slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { botWith, createWorld, people } from "../../../test/support/bot/world.ts";

const { author } = people;
const stage = "stage update technology python-1 experience_years=8";

const unreachable = { getByName: () => ({ take: () => Promise.reject(new Error("Durable Object reset")) }) };
const silent = { getByName: () => ({ take: () => new Promise(() => {}) }) };

test.each([
  ["cannot be reached", unreachable],
  ["gives no answer", silent],
])("a command says that its outcome is unknown when PendingCommands %s", async (_trouble, pending) => {
  const world = await createWorld();
  world.send = botWith({ DB: database, PENDING_COMMANDS: pending });
  database.mood = "down";
  const startedMs = performance.now();
  const { said } = await world.command(author, stage);
  expect(performance.now() - startedMs).toBeLessThan(3000);
  expect(said).toContain("Check with `/cv status` whether it had an effect");
  expect(logged.filter((line) => line.includes("pending.not_saved"))).toHaveLength(1);
});

test("a command that nobody could take over is answered by its first try", { timeout: 15_000 }, async () => {
  const world = await createWorld();
  const slow = {
    prepare: env.DB.prepare.bind(env.DB),
    batch: async (all: D1PreparedStatement[]) => (await scheduler.wait(1600), env.DB.batch(all)),
  };
  world.send = botWith({ DB: slow, PENDING_COMMANDS: unreachable });
  const body = world.commandBody(author, stage);
  expect(await (await world.post(body)).text()).toContain("Check with `/cv status`");
  expect(slack.answers.map(({ url, payload }) => [url, textsOf(payload)])).toEqual([
    [body["response_url"], expect.stringContaining("Staged as change 1")],
  ]);
});

test("a command that fails by a bug is not tried again", async () => {
  const world = await createWorld();
  const batch = () => Promise.reject(new Error("D1_ERROR: no such column: nonsense: SQLITE_ERROR"));
  const taken: unknown[] = [];
  const pending = { getByName: () => ({ take: async (command: unknown) => taken.push(command) }) };
  world.send = botWith({ DB: { prepare: env.DB.prepare.bind(env.DB), batch }, PENDING_COMMANDS: pending });
  const { said } = await world.command(author, stage);
  expect(said).toContain("could not finish this");
  expect(taken).toEqual([]);
});

test("a command's reply that Slack refuses is kept for later", async () => {
  const world = await createWorld();
  const message = { channel: world.channel, ts: "1.1", text: "x", blocks: [] } as never;
  const { payload, responseUrl } = world.clickPayload(author, message, { action_id: "go:staged", value: "go:staged" });
  slack.failResponses({ status: 429, retryAfter: 5 });
  await world.post({ payload: JSON.stringify(payload) });
  expect(slack.answers).toEqual([]);
  await new Outage(world).settle();
  expect(slack.answers.map(({ url }) => url)).toEqual([responseUrl]);
});
