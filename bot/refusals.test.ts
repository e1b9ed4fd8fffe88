/** Refusals in Slack, of the API and of webhooks: one line of the log each, and a count that an operator can read. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { inReview, submitted } from "../test/support/bot/asked.ts";
import { Driver } from "../test/support/bot/clicking-person.ts";
import { clock } from "../test/support/bot/clock.ts";
import { signedSlackRequest } from "../test/support/bot/slack-request.ts";
import { logged } from "../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";
import { createRefusals } from "./refusals.ts";

const { author, approver, viewer } = people;

const refused = (): Record<string, unknown>[] =>
  logged
    .filter((line) => line.includes('"request.refused"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const counted = async (workspaceId: string): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    "SELECT via, operation, code, count FROM refusal_counts WHERE workspace_id = ?1 ORDER BY via, operation, code",
  )
    .bind(workspaceId)
    .all<{ via: string; operation: string; code: string; count: number }>();
  return results.map(({ via, operation, code, count }) => `${via} ${operation} ${code} ${count}`);
};

/** The Worker writes what it has counted with its next request, ten seconds later. */
const laterRequest = async (world: World): Promise<void> => {
  clock.advance(10_000);
  await world.send(new Request(new URL("/health", env.PUBLIC_URL)));
};

test("a refused command, click and form in Slack are in the log with operation and reason, and name nobody", async () => {
  const world = await inReview();
  await world.command(viewer, "approve 1");
  await world.click(viewer, world.message(/Commit #1/), "Approve");
  await world.click(author, world.message(/Commit #1/), "Approve");
  await world.click(approver, world.message(/Commit #1/), "Reject");
  await world.grant(approver, "viewer");
  const response = await world.post(submitted(world, approver).body);
  expect(response.status).toBe(200);
  const who = { event: "request.refused", via: "slack", workspaceId: world.team, token: null };
  expect(refused()).toMatchObject([
    { ...who, operation: "/cv approve", code: "forbidden" },
    { ...who, operation: "button commit.approve", code: "forbidden" },
    { ...who, operation: "button commit.approve", code: expect.any(String) as string },
    { ...who, operation: "form reject", code: "forbidden" },
  ]);
  for (const line of refused()) expect(line["traceId"]).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(refused())).not.toMatch(/U0[A-Z]|actor/);
});

test("a button that stands for a command is refused under the command's name", async () => {
  const world = await inReview();
  const driver = new Driver(world, viewer, await world.command(author, "show 1"));
  const drop = driver.clickables.find(({ label }) => label.startsWith("Drop"));
  if (!drop) throw new Error(`nothing drops a commit among: ${driver.clickables.map(({ label }) => label).join(", ")}`);
  await driver.click(drop);
  expect(refused()).toMatchObject([{ operation: "/cv drop", code: "forbidden" }]);
});

test("what somebody types is in no line about its refusal", async () => {
  const world = await createWorld();
  await world.command(viewer, "my-telephone-is-555-0100 call me");
  await world.command(author, 'stage update technology python-1 summary="my secret" nonsense=1');
  await world.command(author, "stage update technology python-1 --bogus secret");
  expect(refused()).toMatchObject([
    { operation: "/cv", code: "invalid_request" },
    { operation: "/cv stage" },
    { operation: "/cv stage", code: "unknown_option" },
  ]);
  expect(JSON.stringify(refused())).not.toMatch(/telephone|555-0100|secret|bogus/);
});

test("refusals are counted by day, operation and reason, without saying of whom", async () => {
  const world = await createWorld();
  const client = await ApiClient.of(world, viewer);
  await laterRequest(world);
  await env.DB.exec("DELETE FROM refusal_counts");
  await world.command(viewer, "approve 1");
  await world.command(viewer, "approve 2");
  await client.post("/commit", { message: "m" });
  await client.post("/commit", { message: "m" });
  await client.get("/commits/77");
  await client.get("/stream?job=nobody");
  await client.get("/ws");
  await client.get("/nowhere");
  await laterRequest(world);
  expect(await counted(world.team)).toEqual([
    "api connectWebSocket upgrade_required 1",
    "api createCommit forbidden 2",
    "api openStream job_not_found 1",
    "api showCommit commit_not_found 1",
    "slack /cv approve forbidden 2",
  ]);
  const { results } = await env.DB.prepare("SELECT * FROM refusal_counts").all();
  expect(JSON.stringify(results)).not.toMatch(/U0[A-Z]/);
});

test("requests that nobody has signed are counted too, however many with few writes", async () => {
  const world = await createWorld();
  await laterRequest(world);
  await env.DB.exec("DELETE FROM refusal_counts");
  const forged = () => {
    const request = signedSlackRequest(world.commandBody(viewer, "help"));
    request.headers.set("x-slack-signature", `v0=${"0".repeat(64)}`);
    return world.send(request);
  };
  for (let sent = 0; sent < 20; sent += 1) expect((await forged()).status).toBe(401);
  const report = new Request(new URL("/v2/webhook/d1cv", env.PUBLIC_URL), { method: "POST", body: "{}" });
  expect((await world.send(report)).status).toBe(401);
  expect((await world.send(new Request(new URL("/v2/me", env.PUBLIC_URL)))).status).toBe(401);
  clock.advance(10_000);
  await forged();
  expect(await counted("")).toEqual([
    "api whoAmI unauthorized 1",
    "slack none unauthorized 21",
    "webhook report unauthorized 1",
  ]);
});

test("refusals that D1 does not take are counted when it does", async () => {
  let fails = true;
  let nowMs = 0;
  const batches: unknown[] = [];
  const db = {
    prepare: (text: string) => ({ text, bind: (...values: unknown[]) => ({ values }) }),
    batch: (statements: unknown[]) => {
      if (fails) return Promise.reject(new Error("D1_ERROR: overloaded"));
      batches.push(statements);
      return Promise.resolve(statements.map(() => ({ results: [], meta: { changes: 1 } })));
    },
  };
  const refusals = createRefusals({
    db: db as unknown as D1Database,
    nowMs: () => nowMs,
    counts: { add: () => {}, written: () => null },
  });
  const one = { via: "api", traceId: null, operation: "whoAmI", code: "unauthorized" } as const;
  refusals.record({ ...one, workspaceId: null, token: null });
  await refusals.written();
  fails = false;
  refusals.record({ ...one, workspaceId: null, token: null });
  expect(refusals.written()).toBeNull();
  nowMs += 10_000;
  await refusals.written();
  expect(JSON.stringify(batches)).toContain('\\"count\\":2');
  nowMs += 10_000;
  expect(refusals.written()).toBeNull();
});
