/** Approvals are judged when they are used: at a push, at a retry, in checks, lists and action items. */
import { describe, expect, test } from "vitest";
import type { Role } from "../../domain/workspace/roles.ts";
import {
  type Person,
  type World,
  approvedCommit,
  channelId,
  commit,
  completed,
  createWorld,
  people,
  push,
  reasonOf,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { listCommits } from "../commits/list-commits.ts";
import { showCommit } from "../commits/show-commit.ts";
import { cancelPush } from "../pushes/cancel-push.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { startPush } from "../pushes/start-push.ts";
import { listActionItems } from "../workspace/list-action-items.ts";
import { setRole } from "../workspace/set-role.ts";
import { setSettings } from "../workspace/set-settings.ts";
import { approveCommit, rejectCommit } from "./decide-commit.ts";
import { explainPush } from "./explain-checks.ts";

const give = async (world: World, person: Person, role: Role) =>
  valueOf(await setRole(world.as("admin"), { userIds: [people[person]], role }));
const pushBy = (world: World, person: Person) => startPush(world.as(person), { number: 1, scope: "all", channelId });
const approve = (world: World, person: Person) => approveCommit(world.as(person), { number: 1, seenHash: null });
const stored = async (world: World) => (await world.table("commits")).map(({ review }) => review);

/** The same judgement wherever somebody looks. */
const everywhere = async (world: World) => {
  const { checks } = valueOf(await explainPush(world.as("otherApprover"), 1));
  const page = { limit: 20, before: null, status: null, author: null, since: null };
  const { actionItems } = valueOf(await listActionItems(world.as("otherApprover")));
  return {
    check: checks.find(({ name }) => name === "approvals")?.state,
    shown: valueOf(await showCommit(world.as("viewer"), 1)).commit.review,
    listed: valueOf(await listCommits(world.as("viewer"), page)).commits[0]?.review,
    step: actionItems[0]?.kind,
  };
};
const inReview = { check: "blocked", shown: "in_review", listed: "in_review", step: "approve" };
const approved = { check: "open", shown: "approved", listed: "approved", step: "push" };

describe("an approver who is approver no more", () => {
  test("an approver who is approver no more has approved nothing, and is again when the role comes back", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    expect(await everywhere(world)).toEqual(approved);
    expect(await give(world, "approver", "viewer")).toMatchObject({ returned: [1], approved: [] });
    expect(await everywhere(world)).toEqual(inReview);
    expect(reasonOf(await pushBy(world, "otherApprover"))).toEqual({
      code: "not_approved",
      number: 1,
      review: "in_review",
      missing: 1,
      reviewers: [people.admin, people.otherApprover],
      voided: [{ userId: people.approver, because: "not_approver" }],
    });
    expect(await give(world, "approver", "approver")).toMatchObject({ approved: [1] });
    expect(await everywhere(world)).toEqual(approved);
    valueOf(await pushBy(world, "otherApprover"));
  });

  test("an approver who loses the role between the look and the write of a push lets nothing out", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, () => give(world, "approver", "viewer"));
    expect(reasonOf(await pushBy(world, "otherApprover"))).toEqual({ code: "conflict" });
    expect(await world.table("pushes")).toEqual([]);
  });

  test("an approver who loses the role between the look and the write of an approval approves nothing", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    world.db.interrupt(2, () => give(world, "approver", "editor"));
    expect(reasonOf(await approve(world, "approver"))).toMatchObject({ code: "forbidden", role: "editor" });
    expect(await world.table("approvals")).toEqual([]);
  });

  test("a push that has begun finishes, and its retry is judged anew", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await give(world, "approver", "viewer");
    expect(await stored(world)).toEqual(["approved"]);
    await report(world, "d1cv", completed);
    expect((await world.table("jobs")).map(({ state }) => state)).toEqual(["completed", "pending"]);
    await report(world, "ai-agent", { kind: "failed", error: { code: "disk_full", message: "no space" } });
    expect(await stored(world)).toEqual(["in_review"]);
    const retry = () => retryPush(world.as("otherApprover"), { number: 1, target: null });
    expect(reasonOf(await retry())).toMatchObject({ code: "not_approved", missing: 1 });
    expect(reasonOf(await rejectCommit(world.as("admin"), { number: 1, seenHash: null, reason: null }))).toEqual({
      code: "already_pushed",
      number: 1,
    });
    valueOf(await approve(world, "otherApprover"));
    valueOf(await retry());
    await report(world, "ai-agent", completed);
    await give(world, "otherApprover", "viewer");
    expect(await stored(world)).toEqual(["approved"]);
  });
});

/** Ways in which a job stops being on its way; only then does the commit's review follow what was judged meanwhile. */
const stops: Record<string, (world: World) => Promise<unknown>> = {
  fails: (world) => report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } }),
  "gives no outcome": (world) =>
    report(world, "d1cv", { kind: "timeout", error: { code: "timeout", message: "late" } }),
  "is taken back": (world) => cancelPush(world.as("otherApprover"), { number: 1 }),
};

test.each(Object.entries(stops))(
  "the earlier pushes of a commit offer no retry once its last one %s",
  async (_, stop) => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } });
    await push(world, 1);
    await give(world, "approver", "viewer");
    expect(await stored(world)).toEqual(["approved"]);
    const [{ id: first } = { id: "" }] = await world.table("pushes");
    const wish = async () =>
      (await world.table("cards")).find(({ kind, subject_id: id }) => kind === "push" && id === first)?.[
        "desired_version"
      ];
    const before = Number(await wish());
    await stop(world);
    expect(await stored(world)).toEqual(["in_review"]);
    expect(await wish()).toBeGreaterThan(before);
  },
);

describe("the policy of today", () => {
  test("the policy of today asks an approved commit for another approval before it is pushed", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    valueOf(await setSettings(world.as("admin"), { approvalsNeeded: 2 }));
    expect(reasonOf(await pushBy(world, "approver"))).toMatchObject({ code: "not_approved", missing: 1, voided: [] });
    expect(reasonOf(await approve(world, "approver"))).toMatchObject({ code: "already_approved", missing: 1 });
    expect(valueOf(await approve(world, "otherApprover"))).toMatchObject({ missing: 0 });
    valueOf(await pushBy(world, "approver"));
  });

  test("the policy of today voids an approval of one's own from solo mode", async () => {
    const world = await createWorld({ members: [["admin", "admin"]] });
    valueOf(await setSettings(world.as("admin"), { mode: "solo" }));
    await stage(world, {}, "admin");
    await commit(world, "admin");
    valueOf(await approve(world, "admin"));
    expect(await give(world, "otherApprover", "approver")).toMatchObject({ isTeamNow: true, returned: [1] });
    expect(await world.table("workspaces")).toMatchObject([{ mode: "team" }]);
    expect(reasonOf(await pushBy(world, "admin"))).toMatchObject({
      code: "not_approved",
      voided: [{ userId: people.admin, because: "own" }],
    });
    expect(await everywhere(world)).toEqual(inReview);
    valueOf(await approve(world, "otherApprover"));
    valueOf(await pushBy(world, "admin"));
  });

  test("a stored review that nobody has judged since is judged when it is read and when it is used", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await world.run("DELETE FROM members WHERE workspace_id = ?1 AND user_id = ?2", world.workspaceId, people.approver);
    expect(await stored(world)).toEqual(["approved"]);
    expect(await everywhere(world)).toMatchObject({ check: "blocked", shown: "in_review", step: "approve" });
    expect(reasonOf(await pushBy(world, "otherApprover"))).toMatchObject({ code: "not_approved" });
    valueOf(await rejectCommit(world.as("otherApprover"), { number: 1, seenHash: null, reason: "Not by them" }));
    expect(await stored(world)).toEqual(["rejected"]);
  });
});

test("the first admin, who has no row yet, gets one with an approval, so that it counts", async () => {
  const world = await createWorld({ members: [["author", "editor"]] });
  await stage(world);
  await commit(world);
  const first = { bootstrap: { admin: people.admin, targets: [] } };
  const decide = { number: 1, seenHash: null };
  expect(valueOf(await approveCommit(world.as("admin", first), decide)).commit.review).toBe("approved");
  valueOf(await startPush(world.as("admin", first), { number: 1, scope: "all", channelId }));
});
