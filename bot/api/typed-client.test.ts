/** The package's client against the Worker itself: every way of following, and the main job from stage to verified. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, type LiveEvent, ApiProblem } from "../../clients/sdk/index.ts";
import { ApiClient } from "../../test/support/bot/api-client.ts";
import { clientOf } from "../../test/support/bot/client-of.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

let world: World;
let author: Client;
let approver: Client;
let approverApi: ApiClient;

beforeEach(async () => {
  world = await createWorld();
  author = clientOf(await ApiClient.of(world, people.author));
  approverApi = await ApiClient.of(world, people.approver);
  approver = clientOf(approverApi);
});

const python = {
  action: "UPDATE",
  entityType: "technology",
  entityId: "python-1",
  payload: { experience_years: 8 },
} as const;

const approvedCommit = async (): Promise<number> => {
  await author.stageChange(python);
  const commit = await author.createCommit({ message: "Python: eight years" });
  await approver.approveCommit({ number: commit.number }, { hash: commit.hash });
  return commit.number;
};

const all = async <T>(steps: AsyncIterable<T>): Promise<T[]> => {
  const told: T[] = [];
  for await (const step of steps) told.push(step);
  return told;
};

const result = { inserted: 0, updated: 1, deleted: 0, d1Count: 2, vectorCount: null, synced: null };

/** Both targets do their part. */
const apply = async (): Promise<void> => {
  await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
  await world.report("d1cv", { type: "job.completed", result });
  await world.report("ai-agent", { type: "job.completed", result: { ...result, vectorCount: 2, synced: true } });
};

test("the SDK takes a change from staged to applied against the Worker", async () => {
  const number = await approvedCommit();
  const push = await approver.startPush({ scope: "all" }, { commit: number });
  const steps = all(approver.followPush(push.number));
  await apply();
  const told = await steps;
  expect(told.at(-1)).toMatchObject({ outcome: "completed", push: { state: "completed", percent: 100 } });
  expect(told.map(({ event }) => event?.type)).toEqual([
    "push.started",
    "job.dispatched",
    "job.progress",
    "job.completed",
    "job.dispatched",
    "job.completed",
  ]);
  expect(told.at(-2)?.push).toMatchObject({
    state: "running",
    percent: 50,
    jobs: [
      { state: "completed", percent: 100, result },
      { state: "pending", percent: 0 },
    ],
  });
  expect(told.at(-1)?.push).toEqual(await author.showPush({ number: push.number }));
  expect((await author.showCommit({ number })).status).toBe("applied_all");
});

describe.each([
  ["over a WebSocket", {}],
  ["as a stream", { WebSocket: null }],
  [
    "by asking again and again",
    { WebSocket: null, setTimeout: (run: () => void, delayMs: number) => setTimeout(run, Math.min(delayMs, 20)) },
  ],
] as const)("events %s", (way, options) => {
  test("the SDK's events come in order, once, from the requested one", async () => {
    await author.stageChange(python);
    const polls = way.startsWith("by");
    const follower = clientOf(approverApi, {
      ...options,
      ...(polls && {
        fetch: (url, init) =>
          url.includes("/stream")
            ? Promise.resolve(new Response("no streams here", { status: 502 }))
            : world.send(new Request(url, init)),
      }),
    });
    const follow = follower.follow({ workspace: true }, { lastEventId: 0 });
    const events: LiveEvent[] = [];
    const reads = (async () => {
      for await (const event of follow) events.push(event);
    })();
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(follow.state).toBe(polls ? "polling" : "live");
    await author.createCommit({ message: "Python" });
    await vi.waitFor(() => expect(events).toHaveLength(3));
    follow.close();
    await reads;
    const { events: recorded } = await author.listEvents();
    expect(events.map(({ id }) => id)).toEqual(recorded.map(({ id }) => id));
    expect(events.map(({ event }) => event)).toEqual(["change:staged", "commit:created", "commit:review_requested"]);
  });

  test("the SDK's events of a commit that does not exist are refused", async () => {
    const follow = clientOf(approverApi, options).follow({ commit: 999 });
    const error = await all(follow).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ status: 404 });
  });
});

test("the SDK's repeated write with its key is done once", async () => {
  const first = await author.stageChange(python, { idempotencyKey: "build-1" });
  expect(await author.stageChange(python, { idempotencyKey: "build-1" })).toEqual(first);
  expect((await author.listStaged()).changes).toHaveLength(1);
});

test("the SDK's refusal has the code, the message and a trace id", async () => {
  const error = await approver.startPush({ scope: "all" }, { commit: 9 }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "ApiProblem",
    status: 404,
    code: "commit_not_found",
    message: "There is no commit #9. GET /v2/commits lists them.",
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});
