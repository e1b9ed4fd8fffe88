/** What a call does when the answer is not the one that was hoped for. */
import { describe, expect, test } from "vitest";
import { noFaults } from "./testing/faults.ts";
import { ApiProblem, BadAnswer, Unreachable } from "./failures.ts";
import { problem } from "./testing/scripted-server.ts";
import { setUp } from "./testing/set-up.ts";

const push = {
  number: 3,
  commit: 7,
  scope: "all",
  state: "running",
  percent: 0,
  jobs: [],
  requestedBy: "U0PRIYA01",
  createdAt: "2031-03-03T09:00:00.000Z",
  finishedAt: null,
  traceId: "0".repeat(32),
};

/** Answers each request with the next of these, and the last for ever. */
const answering = (
  world: ReturnType<typeof setUp>,
  ...answers: ({ status: number; retryAfter?: string } | "no answer" | null)[]
) => {
  const left = [...answers];
  world.server.faults = { ...noFaults, answers: () => (left.length > 1 ? (left.shift() ?? null) : (left[0] ?? null)) };
};

/** Lets all the time pass that the call takes. */
const settled = async <T>({ clock }: ReturnType<typeof setUp>, called: Promise<T>): Promise<T> => {
  let isDone = false;
  const note = (): void => {
    isDone = true;
  };
  called.then(note, note);
  await clock.until(() => isDone, "the call's end");
  return called;
};

describe("a call", () => {
  test("an SDK call sends path, query, body and token as in the contract", async () => {
    const world = setUp();
    world.server.replies.set("POST /push/all", push);
    world.server.replies.set("GET /commits", { commits: [], next: null });
    world.server.replies.set("GET /pushes/3", push);
    expect(await world.client.startPush({ scope: "all" }, { commit: 7 })).toEqual(push);
    expect(await world.client.showPush({ number: 3 })).toMatchObject({ commit: 7 });
    await world.client.listCommits();
    await world.client.listCommits({ status: "in_review", limit: 5 });
    expect(world.server.requests).toMatchObject([
      {
        method: "POST",
        path: "/push/all",
        body: { commit: 7 },
        headers: {
          Authorization: "Bearer cvops_token",
          "Content-Type": "application/json",
          "Idempotency-Key": expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
      { method: "GET", path: "/pushes/3", body: null },
      { path: "/commits" },
      { path: "/commits?status=in_review&limit=5" },
    ]);
    expect(world.server.requests[1]?.headers).not.toHaveProperty("Idempotency-Key");
    expect(world.clock.pending, "no timer is left").toBe(0);
  });

  test("an SDK call without its optional body sends an empty one", async () => {
    const world = setUp();
    world.server.replies.set(
      "POST /commits/7/approve",
      problem(409, "already_decided", "Commit 7 is approved already."),
    );
    await expect(world.client.approveCommit({ number: 7 })).rejects.toThrow("approved already");
    expect(world.server.requests[0]?.body).toEqual({});
  });

  test("an SDK call that is refused throws the problem and is not repeated", async () => {
    const world = setUp();
    const drift = { targets: ["d1cv"], conflicts: [{ entityId: "python-1" }] };
    world.server.replies.set("POST /push/all", problem(409, "drifted", "d1cv has changed under commit 7.", drift));
    const error = await world.client.startPush({ scope: "all" }, { commit: 7 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({
      status: 409,
      code: "drifted",
      message: "d1cv has changed under commit 7.",
      traceId: "ab".repeat(16),
      members: drift,
    });
    expect(world.server.requests).toHaveLength(1);
  });

  test("an SDK call answered with an API problem of 503 is not repeated", async () => {
    const world = setUp();
    world.server.replies.set("GET /search", problem(503, "search_unavailable", "No target has searched."));
    await expect(world.client.search({ q: "Rust" })).rejects.toThrow("No target has searched.");
    expect(world.server.requests).toHaveLength(1);
  });

  test("an SDK call answered by another server throws an error that says so", async () => {
    const world = setUp();
    world.server.replies.set("GET /me", new Response("<html>", { headers: { "Content-Type": "text/html" } }));
    await expect(world.client.whoAmI()).rejects.toThrow(BadAnswer);
    answering(world, { status: 404 });
    await expect(world.client.whoAmI()).rejects.toMatchObject({ code: "http_404", traceId: null });
    answering(world, { status: 302 });
    await expect(world.client.whoAmI()).rejects.toMatchObject({ code: "redirected" });
  });

  test("an SDK call throws when the reply does not fit the contract", async () => {
    const world = setUp();
    world.server.replies.set("GET /pushes/3", { ...push, percent: "half" });
    await expect(world.client.showPush({ number: 3 })).rejects.toThrow(/GET \/pushes\/\{number\}.*\(percent\)/);
  });

  test("an SDK list of events skips unknown types and refuses malformed events", async () => {
    const world = setUp();
    const known = world.server.publish();
    world.server.publishNewer("commit.praised");
    expect(await world.client.listEvents({ lastEventId: 0 })).toEqual({ events: [known], lastEventId: 2, more: false });
    world.server.replies.set("GET /activity", { events: [known, { type: "commit.approved" }], next: null });
    await expect(world.client.recentEvents()).rejects.toThrow(BadAnswer);
  });
});

describe("an unanswered call", () => {
  test("an unanswered SDK call is repeated with one idempotency key, later each time", async () => {
    const world = setUp();
    world.server.replies.set("POST /push/all", push);
    answering(world, "no answer", { status: 503 }, { status: 502 }, null);
    const startedMs = world.clock.nowMs;
    expect(await settled(world, world.client.startPush({ scope: "all" }, { commit: 7 }))).toEqual(push);
    const keys = world.server.requests.map(({ headers }) => headers["Idempotency-Key"]);
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
    expect(world.clock.nowMs - startedMs).toBe(300 + 600 + 1200);
  });

  test("an SDK call keeps a given idempotency key, and otherwise has its own", async () => {
    const world = setUp();
    world.server.replies.set("POST /push/all", push);
    await world.client.startPush({ scope: "all" }, { commit: 7 }, { idempotencyKey: "build-4711" });
    await world.client.startPush({ scope: "all" }, { commit: 7 });
    await world.client.startPush({ scope: "all" }, { commit: 7 });
    const keys = world.server.requests.map(({ headers }) => headers["Idempotency-Key"]);
    expect(keys[0]).toBe("build-4711");
    expect(new Set(keys).size).toBe(3);
  });

  test("an SDK call waits as long as Retry-After asks", async () => {
    const world = setUp();
    world.server.replies.set("GET /pushes/3", push);
    answering(world, { status: 429, retryAfter: "7" }, null);
    const startedMs = world.clock.nowMs;
    await settled(world, world.client.showPush({ number: 3 }));
    expect(world.clock.nowMs - startedMs).toBe(7000);
  });

  test("an SDK call is repeated only a few times and waits no minutes", async () => {
    const world = setUp();
    answering(world, "no answer");
    const error = await settled(world, world.client.whoAmI()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Error).message).toBe("https://cv-ops.test cannot be reached: connect ECONNREFUSED");
    expect(world.server.requests).toHaveLength(5);
    answering(world, { status: 429, retryAfter: "3600" });
    await expect(world.client.whoAmI()).rejects.toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    expect(world.server.requests).toHaveLength(6);
  });

  test("an SDK call is given up after 30 s without an answer, and repeated", async () => {
    let calls = 0;
    const world = setUp({
      fetch: (_, { signal }) => {
        calls += 1;
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
    });
    await expect(settled(world, world.client.whoAmI({ tries: 2 }))).rejects.toThrow("it gave no answer for 30 s");
    expect(calls).toBe(2);
  });

  test("an SDK call ends at once when its signal is aborted, also between tries", async () => {
    const world = setUp();
    answering(world, "no answer");
    const abort = new AbortController();
    const called = world.client.whoAmI({ signal: abort.signal });
    await world.clock.settle();
    abort.abort(new Error("The page was left"));
    await expect(called).rejects.toThrow("The page was left");
    expect(world.server.requests).toHaveLength(1);
    expect(world.clock.pending).toBe(0);
    await expect(world.client.whoAmI({ signal: abort.signal })).rejects.toThrow("The page was left");
    expect(world.server.requests).toHaveLength(1);
  });
});

describe("the token of a call", () => {
  test("an SDK call reads its token again each time", async () => {
    const tokens = ["cvops_token", "cvops_other"];
    const world = setUp({ token: async () => tokens.shift() ?? "", workspace: "T0CVOPS01" });
    world.server.replies.set("GET /pushes/3", push);
    await world.client.showPush({ number: 3 });
    await expect(world.client.showPush({ number: 3 })).rejects.toMatchObject({ status: 401 });
    expect(world.server.requests.map(({ headers }) => [headers["Authorization"], headers["CV-Workspace"]])).toEqual([
      ["Bearer cvops_token", "T0CVOPS01"],
      ["Bearer cvops_other", "T0CVOPS01"],
    ]);
  });
});
