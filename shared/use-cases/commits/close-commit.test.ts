import { describe, expect, test } from "vitest";
import {
  approvedCommit,
  channelId,
  commit,
  completed,
  createWorld,
  everythingOf,
  people,
  push,
  reasonOf,
  report,
  stage,
  type World,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { anyCommits } from "../../../test/support/shared/use-case-fixtures.ts";
import { dropCommit, reopenCommit } from "./close-commit.ts";
import { createCommit } from "./create-commit.ts";
import { approveCommit, rejectCommit } from "../reviews/decide-commit.ts";
import { listCommits } from "./list-commits.ts";
import { listStaged } from "../staging/list-staged.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { startPush } from "../pushes/start-push.ts";

const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;
const timeout = { kind: "timeout", error: { code: "timeout", message: "Timeout" } } as const;
const states = async (world: World) =>
  (await world.table("staged_changes")).map(({ state, commit_id }) => [state, commit_id !== null]);

const withCommit = async (draft = false): Promise<World> => {
  const world = await createWorld();
  await stage(world);
  await stage(world, { row: "go-1", values: { level: "Expert" } });
  await commit(world, "author", draft);
  return world;
};

describe("dropping", () => {
  test("dropping a commit discards it and its changes, which keep their history", async () => {
    const world = await withCommit();
    const { commit, changeCount } = valueOf(await dropCommit(world.as("author"), 1));
    expect(commit.review).toBe("dropped");
    expect(changeCount).toBe(2);
    expect(await states(world)).toEqual([
      ["discarded", true],
      ["discarded", true],
    ]);
    expect(valueOf(await listCommits(world.as("viewer"), anyCommits)).commits).toEqual([]);
    expect((await world.eventTypes()).at(-1)).toBe("commit.dropped");
    expect(await world.table("cards")).toMatchObject([{ desired_version: 2 }]);
  });
});

/** Versions that the cards of the first push want, by kind. */
const desiredOfPush = async (world: World) =>
  (await world.table("cards"))
    .filter(({ kind }) => String(kind).startsWith("push"))
    .slice(0, 3)
    .map(({ desired_version }) => Number(desired_version));

describe("the cards of a failed push", () => {
  const failedPush = async (): Promise<World> => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", failure);
    return world;
  };

  test.each([
    ["the commit is dropped", (world: World) => dropCommit(world.as("author"), 1)],
    ["the commit is reopened", (world: World) => reopenCommit(world.as("author"), 1)],
    ["another push is started", (world: World) => push(world, 1)],
  ])("the cards of a failed push are invalidated when %s, so they offer no retry", async (_what, change) => {
    const world = await failedPush();
    const before = await desiredOfPush(world);
    await change(world);
    expect(before).toHaveLength(3);
    expect(await desiredOfPush(world)).toEqual(before.map((version) => version + 1));
  });
});

describe("reopening", () => {
  test("reopening a commit stages its changes again for their authors", async () => {
    const world = await withCommit();
    expect(valueOf(await reopenCommit(world.as("admin"), 1)).commit.review).toBe("reopened");
    expect(await states(world)).toEqual([
      ["staged", false],
      ["staged", false],
    ]);
    const staged = valueOf(await listStaged(world.as("viewer"))).changes;
    expect(staged.map(({ number, createdBy }) => [number, createdBy])).toEqual([
      [1, people.author],
      [2, people.author],
    ]);
    expect((await world.eventTypes()).at(-1)).toBe("commit.reopened");
    expect(await commit(world)).toBe(2);
  });

  test("reopened changes stand on what is live, so the same refusal is not met again", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.d1cv.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 7 });
    valueOf(await reopenCommit(world.as("author"), 1));
    const [change] = valueOf(await listStaged(world.as("author"))).changes;
    expect(change?.base).toMatchObject({
      d1cv: { values: { experience_years: 7 } },
      "ai-agent": { values: { experience_years: 5 } },
    });
    valueOf(await createCommit(world.as("author"), { message: "m", draft: false, channelId, only: null }));
    valueOf(await approveCommit(world.as("approver"), { number: 2, seenHash: null }));
    valueOf(await startPush(world.as("approver"), { number: 2, scope: "all", channelId }));
  });

  test("reopening lets a rejected commit be committed again", async () => {
    const world = await withCommit();
    valueOf(await rejectCommit(world.as("approver"), { number: 1, seenHash: null, reason: null }));
    valueOf(await reopenCommit(world.as("author"), 1));
    expect(
      valueOf(await createCommit(world.as("author"), { message: "Again", draft: false, channelId, only: null })).commit
        .review,
    ).toBe("in_review");
  });
});

describe.each([
  ["drop", dropCommit],
  ["reopen", reopenCommit],
] as const)("%s", (_name, close) => {
  test("dropping and reopening are possible for a draft, in review, approved and rejected", async () => {
    expect(await close((await withCommit(true)).as("author"), 1)).toMatchObject({ ok: true });
    const approved = await createWorld();
    await approvedCommit(approved);
    expect(await close(approved.as("author"), 1)).toMatchObject({ ok: true });
    const rejected = await withCommit();
    valueOf(await rejectCommit(rejected.as("approver"), { number: 1, seenHash: null, reason: null }));
    expect(await close(rejected.as("author"), 1)).toMatchObject({ ok: true });
  });

  test("a commit is dropped or reopened only once", async () => {
    const world = await withCommit();
    valueOf(await close(world.as("author"), 1));
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await dropCommit(world.as("author"), 1)).code).toBe("already_closed");
    expect(reasonOf(await reopenCommit(world.as("author"), 1)).code).toBe("already_closed");
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("dropping and reopening refuse a commit that does not exist", async () => {
    expect(reasonOf(await close((await createWorld()).as("author"), 4))).toEqual({
      code: "commit_not_found",
      number: 4,
    });
  });

  test.each<[string, (world: World) => Promise<unknown>, string]>([
    ["in flight", async () => null, "pending"],
    ["applied at the first target", (world) => report(world, "d1cv", completed), "applied_d1cv"],
    [
      "applied at one and failed at the other",
      async (world) => {
        await report(world, "d1cv", completed);
        await report(world, "ai-agent", failure);
      },
      "failed",
    ],
    ["of unknown outcome", (world) => report(world, "d1cv", timeout), "failed"],
  ])("dropping and reopening are refused while the commit is %s", async (_name, advance, status) => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    await advance(world);
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await close(world.as("author"), 1))).toEqual({ code: "already_pushed", number: 1 });
    expect(await world.table("commits")).toMatchObject([{ status }]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("dropping or reopening a failed push cancels its waiting jobs and its retry", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    await report(world, "d1cv", failure);
    valueOf(await close(world.as("author"), 1));
    expect((await world.table("jobs")).map(({ target, state }) => [target, state])).toEqual([
      ["d1cv", "failed"],
      ["ai-agent", "cancelled"],
    ]);
    expect(reasonOf(await retryPush(world.as("approver"), { number: 1, target: null })).code).toBe("nothing_to_retry");
    expect(reasonOf(await startPush(world.as("approver"), { number: 1, scope: "all", channelId })).code).toBe(
      "not_approved",
    );
  });

  test("closing a commit and pushing it at once: exactly one of them wins", async () => {
    for (let round = 0; round < 4; round += 1) {
      const world = await createWorld();
      await approvedCommit(world);
      const [closed, pushed] = await Promise.all([
        close(world.as("author"), 1),
        startPush(world.as("approver"), { number: 1, scope: "all", channelId }),
      ]);
      expect([closed.ok, pushed.ok].filter(Boolean)).toHaveLength(1);
      expect(await world.table("pushes")).toHaveLength(pushed.ok ? 1 : 0);
      expect((await world.table("commits"))[0]?.["review"]).not.toBe(pushed.ok ? "dropped" : "approved");
    }
  });

  test("closing a commit conflicts with a push that starts in between", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, () => push(world, 1));
    expect(reasonOf(await close(world.as("author"), 1))).toEqual({ code: "conflict" });
    expect(await world.table("commits")).toMatchObject([{ review: "approved" }]);
    expect((await world.table("staged_changes")).map(({ state }) => state)).toEqual(["committed"]);
  });

  test("closing a commit conflicts with a push that starts and ends in between", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, async () => {
      await push(world, 1);
      valueOf(await report(world, "d1cv", completed));
      valueOf(await report(world, "ai-agent", completed));
    });
    expect(reasonOf(await close(world.as("author"), 1))).toEqual({ code: "conflict" });
    expect(await world.table("commits")).toMatchObject([{ review: "approved" }]);
    expect((await world.table("staged_changes")).map(({ state }) => state)).toEqual(["committed"]);
  });
});
