/** Targets over HTTP, in every way that they are changed; no answer and no line of the log has their secrets. */
import { env } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { parseCredentials } from "../../shared/targets/credentials.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { logged, targets } from "../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let admin: ApiClient;

beforeEach(async () => {
  world = await createWorld();
  admin = await ApiClient.of(world, people.admin);
});

const secretsOf = (target: string) => {
  const { request, webhook, read } = parseCredentials(env.TARGET_CREDENTIALS ?? "")[target] ?? {
    request: [],
    webhook: [],
    read: "",
  };
  return { request: request[0] ?? "", webhook: webhook[0] ?? "", read };
};
const agent = () => ({
  name: "ai-agent",
  alias: "ai",
  portfolioId: world.portfolioId,
  service: "ai-agent",
  secrets: secretsOf("ai-agent"),
});

test("targets are listed in the order of a push, without their secrets, to a viewer as well", async () => {
  const viewer = await ApiClient.of(world, people.viewer);
  expect(await viewer.get("/targets")).toMatchObject({
    status: 200,
    body: {
      targets: [
        { name: "d1cv", alias: null, position: 0, portfolioId: world.portfolioId, url: null, health: "closed" },
        { name: "ai-agent", alias: "ai", position: 1, health: "closed" },
      ],
      services: [],
    },
  });
});

test("the names of the operator's services are listed for people who may add a target", async () => {
  expect((await admin.get("/targets")).body.services).toEqual(["d1cv", "ai-agent"]);
});

test("a target is removed and added again over HTTP, and nothing that is said has a secret of it", async () => {
  const removed = await admin.send("DELETE", "/targets/ai-agent");
  expect(removed).toMatchObject({ status: 200, body: { name: "ai-agent" } });
  expect((await admin.get("/targets")).body.targets).toHaveLength(1);
  const added = await admin.post("/targets", agent());
  expect(added).toMatchObject({ status: 201, body: { name: "ai-agent", alias: "ai", position: 1, url: null } });
  const { request, webhook, read } = secretsOf("ai-agent");
  const said = JSON.stringify([added.body, logged, await world.rows("job_events"), await world.rows("targets")]);
  for (const secret of [request, webhook, read]) expect(said).not.toContain(secret);
  await world.run([people.author, "stage update technology python-1 experience_years=8"]);
});

test("the order of a push is changed over HTTP, and only by an admin", async () => {
  const order = async () =>
    ((await admin.get("/targets")).body.targets as { name: string; position: number }[]).map((each) => each.name);
  const move = (target: string, to: string, by = admin) => by.post(`/targets/${target}/move`, { to });
  expect(await move("ai", "first")).toMatchObject({
    status: 200,
    body: { name: "ai-agent", order: ["ai-agent", "d1cv"] },
  });
  expect(await order()).toEqual(["ai-agent", "d1cv"]);
  expect(await move("ai-agent", "later")).toMatchObject({ body: { order: ["d1cv", "ai-agent"] } });
  expect(await move("ai-agent", "later")).toMatchObject({ status: 200, body: { order: ["d1cv", "ai-agent"] } });
  expect(await move("nowhere", "first")).toMatchObject({ status: 422, body: { code: "unknown_target" } });
  expect(await move("d1cv", "last")).toMatchObject({ status: 422, body: { code: "invalid_request" } });
  const approver = await ApiClient.of(world, people.approver);
  expect(await move("ai-agent", "first", approver)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  expect(await order()).toEqual(["d1cv", "ai-agent"]);
});

test("a target that does not take the secrets is not added, and the answer says which", async () => {
  await admin.send("DELETE", "/targets/ai-agent");
  const wrong = { ...agent(), secrets: { ...secretsOf("ai-agent"), read: "a-token-of-nobody" } };
  expect(await admin.post("/targets", wrong)).toMatchObject({
    status: 422,
    body: { code: "target_not_proven", because: "read", detail: expect.stringContaining("the read token") },
  });
  expect((await admin.get("/targets")).body.targets).toHaveLength(1);
});

test("a test call says whether a target takes its secrets, and changes nothing", async () => {
  const before = await world.facts();
  expect(await admin.post("/targets/d1cv/test", {})).toMatchObject({ status: 200, body: { name: "d1cv" } });
  targets.d1cv.mood = "down";
  expect(await admin.post("/targets/d1cv/test", {})).toMatchObject({
    status: 422,
    body: { code: "target_not_proven", because: "unreachable" },
  });
  expect(await admin.post("/targets/all/test", {})).toMatchObject({ status: 422, body: { code: "unknown_target" } });
  expect(await world.facts()).toBe(before);
});

test("a rotated webhook secret counts beside the one before, and both verify until the next rotation", async () => {
  const next = `whsec_${btoa("a new webhook secret of d1cv ...")}`;
  const rotate = (body: object) => admin.post("/targets/d1cv/rotate", body);
  expect(await rotate({ secrets: { webhook: next }, keepsOldWebhook: true })).toMatchObject({
    status: 200,
    body: { name: "d1cv", webhookSecrets: 2 },
  });
  await world.run(
    [people.author, "stage update technology python-1 experience_years=8"],
    [people.author, "commit one"],
    [people.approver, "approve 1"],
    [people.approver, "push 1 d1cv"],
  );
  await world.queued();
  const reported = async (percent: number, secret?: string): Promise<number> => {
    const progress = { type: "job.progress", stage: "writing", percent } as const;
    return (await world.report("d1cv", progress, secret === undefined ? {} : { secret })).status;
  };
  expect([await reported(10, next), await reported(20)]).toEqual([200, 200]);
  expect(await rotate({ secrets: {} })).toMatchObject({ status: 200, body: { webhookSecrets: 1 } });
  expect(await reported(30, next)).toBe(200);
  // Other tests' workspaces share the portfolio and the secret; the job is none of theirs.
  expect(await reported(40)).toBe(401);
});
