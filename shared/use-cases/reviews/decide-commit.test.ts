import { describe, expect, test } from "vitest";
import {
  approvedCommit,
  completed,
  push,
  report,
  channelId,
  commit,
  createWorld,
  everythingOf,
  people,
  reasonOf,
  stage,
  type World,
  type WorldOptions,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit, rejectCommit } from "./decide-commit.ts";
import { requestReview } from "./request-review.ts";
import { setRole } from "../workspace/set-role.ts";
import { showCommit } from "../commits/show-commit.ts";

const decide = { number: 1, seenHash: null };
const refuse = { ...decide, reason: "Eight is too many" };

const inReview = async (options: WorldOptions = {}): Promise<World> => {
  const world = await createWorld(options);
  await stage(world);
  await commit(world);
  return world;
};
const reviewOf = async (world: World) => valueOf(await showCommit(world.as("viewer"), 1)).commit.review;

describe("approving", () => {
  test("approving binds the approval to the content and invalidates the cards", async () => {
    const world = await inReview();
    const { hash } = valueOf(await showCommit(world.as("viewer"), 1)).commit;
    expect(valueOf(await approveCommit(world.as("approver"), { number: 1, seenHash: hash }))).toMatchObject({
      commit: { review: "approved" },
      missing: 0,
    });
    expect(await reviewOf(world)).toBe("approved");
    expect(await world.table("approvals")).toMatchObject([
      { commit_hash: hash, decision: "approved", decided_by: people.approver },
    ]);
    expect((await world.eventTypes()).at(-1)).toBe("commit.approved");
    expect(await world.table("cards")).toMatchObject([{ desired_version: 2 }]);
  });

  test("approving one's own commit is refused in team mode, naming the reviewers", async () => {
    const world = await createWorld();
    await stage(world, {}, "approver");
    await commit(world, "approver");
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await approveCommit(world.as("approver"), decide))).toEqual({
      code: "self_approval",
      number: 1,
      reviewers: [people.admin, people.otherApprover],
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("approving one's own commit is refused to an admin as well", async () => {
    const world = await createWorld();
    await stage(world, {}, "admin");
    await commit(world, "admin");
    expect(reasonOf(await approveCommit(world.as("admin"), decide)).code).toBe("self_approval");
  });

  test("approving one's own commit is allowed in solo mode", async () => {
    const world = await createWorld({ mode: "solo", members: [["admin", "admin"]] });
    await stage(world, {}, "admin");
    await commit(world, "admin");
    expect(valueOf(await approveCommit(world.as("admin"), decide)).commit.review).toBe("approved");
  });

  test("approving or rejecting content that has changed since is refused", async () => {
    const world = await inReview();
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await approveCommit(world.as("approver"), { number: 1, seenHash: "0".repeat(64) }))).toEqual({
      code: "commit_changed",
      number: 1,
    });
    expect(reasonOf(await rejectCommit(world.as("approver"), { ...refuse, seenHash: "0".repeat(64) }))).toEqual({
      code: "commit_changed",
      number: 1,
    });
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("approving content that changes in between conflicts and approves nothing", async () => {
    const world = await inReview();
    world.db.interrupt(2, () =>
      world.run("UPDATE commits SET hash = 'edited' WHERE workspace_id = ?1", world.workspaceId),
    );
    expect(reasonOf(await approveCommit(world.as("approver"), decide))).toEqual({ code: "conflict" });
    expect(await world.table("approvals")).toEqual([]);
    expect(await reviewOf(world)).toBe("in_review");
  });

  test("approving a draft commit is refused", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world, "author", true);
    expect(reasonOf(await approveCommit(world.as("approver"), decide))).toEqual({
      code: "not_in_review",
      number: 1,
      review: "draft",
    });
  });

  test("approving a commit that does not exist is refused", async () => {
    expect(reasonOf(await approveCommit((await createWorld()).as("approver"), { number: 9, seenHash: null }))).toEqual({
      code: "commit_not_found",
      number: 9,
    });
  });

  test.each(["approved", "rejected"] as const)(
    "deciding a commit that is %s already says who decided it and when",
    async (review) => {
      const world = await inReview();
      if (review === "approved") valueOf(await approveCommit(world.as("otherApprover"), decide));
      else valueOf(await rejectCommit(world.as("otherApprover"), refuse));
      const reason = {
        code: "already_decided",
        number: 1,
        review,
        decidedBy: people.otherApprover,
        decidedAt: "2026-11-23T08:00:00.000Z",
        next: review === "approved" ? "push" : null,
      };
      expect(reasonOf(await approveCommit(world.as("approver"), decide))).toEqual(reason);
      expect(reasonOf(await rejectCommit(world.as("approver"), refuse))).toEqual(reason);
    },
  );
});

describe("what follows a decision", () => {
  const approveAgain = async (world: World) => reasonOf(await approveCommit(world.as("otherApprover"), decide));
  const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;

  test("what follows an approval is a push, for those who may", async () => {
    const world = await inReview();
    expect(valueOf(await approveCommit(world.as("approver"), decide))).toMatchObject({ missing: 0, next: "push" });
  });

  test("what follows is nothing once the commit is in progress, and nothing once it is applied", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    const running = { code: "push_in_progress", number: 1, target: "d1cv", state: "pending" };
    expect(await approveAgain(world)).toEqual(running);
    expect(reasonOf(await rejectCommit(world.as("otherApprover"), refuse))).toEqual(running);
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    expect(await approveAgain(world)).toEqual({ code: "already_applied", number: 1, targets: ["d1cv", "ai-agent"] });
  });

  test("what follows a failed push is its retry, also after another approval", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", failure);
    expect(await approveAgain(world)).toMatchObject({ code: "already_decided", next: "retry" });
    valueOf(await setRole(world.as("admin"), { userIds: [people.approver], role: "viewer" }));
    expect(valueOf(await approveCommit(world.as("otherApprover"), decide))).toMatchObject({ next: "retry" });
  });
});

describe("two decisions at once", () => {
  test("two approvals at once approve once, and the second names the first", async () => {
    const world = await inReview();
    const results = await Promise.all([
      approveCommit(world.as("approver"), decide),
      approveCommit(world.as("otherApprover"), decide),
    ]);
    const [lost, ...more] = results.filter((result) => !result.ok);
    expect(more).toEqual([]);
    expect(lost).toMatchObject({
      reason: { code: "already_decided", review: "approved", decidedBy: expect.stringMatching(/U0(PRIYA01|PAUL001)/) },
    });
    expect((await world.eventTypes()).filter((type) => type === "commit.approved")).toHaveLength(1);
    expect(await world.table("approvals")).toHaveLength(1);
  });

  test("an approval and a rejection at once: the first one stands", async () => {
    for (let round = 0; round < 4; round += 1) {
      const world = await inReview();
      const results = await Promise.all([
        approveCommit(world.as("approver"), decide),
        rejectCommit(world.as("otherApprover"), refuse),
      ]);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await reviewOf(world)).toBe(results[0].ok ? "approved" : "rejected");
      expect(await world.table("approvals")).toHaveLength(1);
    }
  });

  test("a person who approves twice at once counts as one approval", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    const results = await Promise.all([
      approveCommit(world.as("approver"), decide),
      approveCommit(world.as("approver"), decide),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await world.table("approvals")).toHaveLength(1);
    expect(await reviewOf(world)).toBe("in_review");
  });

  test("an approval delivered twice at once counts once, with the same reply", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    const ctx = world.as("approver");
    const results = await Promise.all([approveCommit(ctx, decide), approveCommit(ctx, decide)]);
    expect(results.map((result) => valueOf(result).missing)).toEqual([1, 1]);
    expect(await world.table("approvals")).toHaveLength(1);
  });
});

describe("two needed approvals", () => {
  test("a second approval by the same person is refused when two are needed", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    expect(valueOf(await approveCommit(world.as("approver"), decide))).toMatchObject({
      commit: { review: "in_review" },
      missing: 1,
    });
    expect(await reviewOf(world)).toBe("in_review");
    expect(reasonOf(await approveCommit(world.as("approver"), decide))).toEqual({
      code: "already_approved",
      number: 1,
      missing: 1,
    });
    expect(valueOf(await approveCommit(world.as("otherApprover"), decide))).toMatchObject({
      commit: { review: "approved" },
      missing: 0,
    });
    expect(await reviewOf(world)).toBe("approved");
  });

  test("two approvals by two people at once approve the commit", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    const results = await Promise.all([
      approveCommit(world.as("approver"), decide),
      approveCommit(world.as("otherApprover"), decide),
    ]);
    expect(new Set(results.map(valueOf).map(({ missing }) => missing))).toEqual(new Set([0, 1]));
    expect(await reviewOf(world)).toBe("approved");
  });

  test("an approval of earlier content does not count towards two approvals", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    valueOf(await approveCommit(world.as("approver"), decide));
    await world.run("UPDATE commits SET hash = 'edited' WHERE workspace_id = ?1", world.workspaceId);
    expect(valueOf(await approveCommit(world.as("otherApprover"), decide))).toMatchObject({ missing: 1 });
    expect(await reviewOf(world)).toBe("in_review");
    expect(valueOf(await approveCommit(world.as("approver"), decide))).toMatchObject({ missing: 0 });
  });

  test("a reviewer who has approved may still reject the commit", async () => {
    const world = await inReview({ approvalsNeeded: 2 });
    valueOf(await approveCommit(world.as("approver"), decide));
    expect(valueOf(await rejectCommit(world.as("approver"), refuse)).commit.review).toBe("rejected");
    expect(await reviewOf(world)).toBe("rejected");
    expect(await world.table("approvals")).toMatchObject([
      { decision: "rejected", reason: refuse.reason, decided_by: people.approver },
    ]);
  });
});

describe("rejecting", () => {
  test("rejecting keeps the reason, and the changes stay with the commit", async () => {
    const world = await inReview();
    expect(valueOf(await rejectCommit(world.as("approver"), refuse))).toMatchObject({
      commit: { review: "rejected" },
      missing: 0,
    });
    const { commit, approvals, changes } = valueOf(await showCommit(world.as("viewer"), 1));
    expect(commit.review).toBe("rejected");
    expect(approvals).toMatchObject([{ decision: "rejected", reason: "Eight is too many" }]);
    expect(changes.map(({ state }) => state)).toEqual(["committed"]);
    expect((await world.eventTypes()).at(-1)).toBe("commit.rejected");
    expect(await world.table("cards")).toMatchObject([{ desired_version: 2 }]);
  });

  test("rejecting is allowed to the commit's own author", async () => {
    const world = await createWorld();
    await stage(world, {}, "approver");
    await commit(world, "approver");
    expect(valueOf(await rejectCommit(world.as("approver"), refuse)).commit.review).toBe("rejected");
  });

  test("two rejections at once reject once, and the second names the first", async () => {
    const world = await inReview();
    const results = await Promise.all([
      rejectCommit(world.as("approver"), refuse),
      rejectCommit(world.as("otherApprover"), refuse),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: { code: "already_decided", review: "rejected" } });
  });
});

describe("requesting review", () => {
  test("requesting review sends a draft to review and posts its card", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world, "author", true);
    expect(valueOf(await requestReview(world.as("author"), { number: 1, channelId, reviewers: [] }))).toMatchObject({
      commit: { review: "in_review" },
      again: false,
      channelId,
    });
    expect(await reviewOf(world)).toBe("in_review");
    expect(await world.table("cards")).toHaveLength(1);
  });

  test("requesting review again posts another card and invalidates the first", async () => {
    const world = await inReview();
    expect(
      valueOf(await requestReview(world.as("author"), { number: 1, channelId: "C0OTHER", reviewers: [] })),
    ).toMatchObject({
      again: true,
    });
    expect(
      (await world.table("cards")).map(({ channel_id, desired_version }) => [channel_id, desired_version]),
    ).toEqual([
      [channelId, 2],
      ["C0OTHER", 1],
    ]);
  });

  test("requesting review of a decided commit is refused", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    expect(reasonOf(await requestReview(world.as("author"), { number: 1, channelId, reviewers: [] }))).toEqual({
      code: "already_decided",
      number: 1,
      review: "approved",
      next: null,
    });
  });
});
