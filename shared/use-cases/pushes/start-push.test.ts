import { describe, expect, test } from "vitest";
import {
  approvedCommit,
  channelId,
  commit,
  completed,
  createWorld,
  everythingButDriftOf,
  everythingOf,
  jobFor,
  people,
  push,
  reasonOf,
  report,
  stage,
  timeouts,
  type World,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit, rejectCommit } from "../reviews/decide-commit.ts";
import { unstageChanges } from "../staging/unstage-changes.ts";
import { startPush } from "./start-push.ts";
import { createCommit } from "../commits/create-commit.ts";
import { reopenCommit } from "../commits/close-commit.ts";
import { explainPush } from "../reviews/explain-checks.ts";
import { deliver } from "../../../test/support/shared/deliver.ts";

const input = { number: 1, scope: "all", channelId };
const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;
const timeout = { kind: "timeout", error: { code: "timeout", message: "Timeout" } } as const;
const start = (world: World, scope = "all") => startPush(world.as("approver"), { ...input, scope });
const jobs = async (world: World) =>
  (await world.table("jobs")).map(({ target, state, dispatched_at }) => [target, state, dispatched_at !== null]);

test("a commit that is too large for a target is refused with its size, and the checks say so", async () => {
  const world = await createWorld();
  for (let index = 0; index < 160; index += 1) {
    const values = { name: `Tool ${index}`, category: "Tools", summary: "名".repeat(2900) };
    await stage(world, { action: "CREATE", row: null, values, targets: ["d1cv"] });
  }
  const number = await commit(world);
  valueOf(await approveCommit(world.as("approver"), { number, seenHash: null }));
  expect(reasonOf(await start(world))).toMatchObject({
    code: "push_too_large",
    number,
    oversized: [{ target: "d1cv" }],
    maxBytes: 900_000,
  });
  const { checks } = valueOf(await explainPush(world.as("author"), number));
  expect(checks.find(({ name }) => name === "fits")).toMatchObject({ state: "blocked", command: `reopen ${number}` });
});

describe("an older commit beside a newer one", () => {
  /** Commit 1 sets Python to 8 years. Commit 2 sets it to 5 again, which d1cv has already, and is applied there. */
  const newerSent = async () => {
    const world = await createWorld();
    await stage(world, { values: { experience_years: "8" } });
    await commit(world);
    const row = world.ai.row("technology", "python-1");
    world.ai.put("technology", "python-1", { ...row?.values, experience_years: 7 });
    await stage(world, { values: { experience_years: "5" } }, "otherAuthor");
    valueOf(await createCommit(world.as("otherAuthor"), { message: "Back", draft: false, channelId, only: null }));
    for (const number of [1, 2]) valueOf(await approveCommit(world.as("approver"), { number, seenHash: null }));
    world.clock.ms += 1000;
    await push(world, 2, "d1cv");
    await deliver(world, "d1cv");
    return world;
  };
  const newerApplied = async () => {
    const world = await newerSent();
    valueOf(await report(world, "d1cv", completed));
    return world;
  };
  const onItsWay = {
    code: "newer_on_its_way",
    number: 1,
    by: [{ target: "d1cv", commitNumber: 2, entityId: "python-1", fields: ["experience_years"] }],
  };

  test.each<[string, (world: World) => Promise<unknown>]>([
    ["is on its way", async () => null],
    ["has an unknown outcome", async (world) => valueOf(await report(world, "d1cv", timeout))],
  ])("while the newer one %s the older one waits, and the checks say for which", async (_, then) => {
    const world = await newerSent();
    await then(world);
    expect(reasonOf(await start(world, "d1cv"))).toMatchObject(onItsWay);
    const { checks } = valueOf(await explainPush(world.as("author"), 1));
    expect(checks.find(({ name }) => name === "not_superseded")).toMatchObject({
      state: "blocked",
      isOnItsWay: true,
      command: null,
    });
  });

  test("a newer one that its target has refused stands in no older one's way", async () => {
    const world = await newerSent();
    valueOf(await report(world, "d1cv", failure));
    expect(valueOf(await start(world, "d1cv")).targets).toEqual(["d1cv"]);
  });

  test("a newer one that is pushed while the older one is being prepared stops it in its batch", async () => {
    const world = await newerSent();
    valueOf(await report(world, "d1cv", failure));
    const late = world.as("approver");
    // The push of the newer one comes between what the older one reads and what it writes.
    const started = await startPush(
      {
        ...late,
        targets: (...args) => {
          const client = late.targets(...args);
          return {
            ...client,
            rows: async (...asked: Parameters<typeof client.rows>) => {
              valueOf(await startPush(world.as("approver"), { ...input, number: 2, scope: "d1cv" }));
              return client.rows(...asked);
            },
          };
        },
      },
      { ...input, scope: "d1cv" },
    );
    expect(reasonOf(started)).toEqual({ code: "conflict" });
    expect(reasonOf(await start(world, "d1cv"))).toMatchObject(onItsWay);
  });

  test("a commit covers the targets that it names, also where its value is live already", async () => {
    const world = await newerApplied();
    expect(world.d1cv.applied).toMatchObject([{ operations: { updates: [{ changes: { experience_years: 5 } }] } }]);
  });

  test("pushing it over the newer one is refused, with the field, the target and the commit", async () => {
    const world = await newerApplied();
    const refused = await startPush(world.as("approver"), { number: 1, scope: "d1cv", channelId });
    expect(reasonOf(refused)).toEqual({
      code: "superseded",
      number: 1,
      by: [
        {
          target: "d1cv",
          commitNumber: 2,
          entityType: "technology",
          entityId: "python-1",
          fields: ["experience_years"],
        },
      ],
      canReopen: true,
    });
    const { checks } = valueOf(await explainPush(world.as("author"), 1));
    expect(checks.find(({ name }) => name === "not_superseded")).toMatchObject({
      state: "blocked",
      command: "reopen 1",
    });
  });

  test("the way on is to reopen it: its changes are committed anew, on what is live", async () => {
    const world = await newerApplied();
    valueOf(await reopenCommit(world.as("author"), 1));
    const number = await commit(world);
    valueOf(await approveCommit(world.as("approver"), { number, seenHash: null }));
    expect((await push(world, number, "d1cv")).targets).toEqual(["d1cv"]);
  });
});

describe("a push", () => {
  test("a push writes its jobs, first dispatch, cards and events in one batch", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    const roundTrips = world.db.roundTrips;
    const ctx = world.as("approver");
    const started = valueOf(await startPush(ctx, input));
    expect(world.db.roundTrips - roundTrips).toBe(2);
    expect(started).toMatchObject({
      pushNumber: 1,
      targets: ["d1cv", "ai-agent"],
      channelId,
    });

    const [row] = await world.table("pushes");
    expect(row).toMatchObject({
      number: 1,
      scope: "all",
      state: "running",
      requested_by: people.approver,
      trace_id: ctx.traceId,
      finished_at: null,
    });
    const d1cv = await jobFor(world, "d1cv");
    expect(d1cv).toMatchObject({
      state: "pending",
      attempt: 1,
      position: 0,
      deadlineAt: "2026-11-23T08:00:20.000Z",
      dispatchedAt: "2026-11-23T08:00:00.000Z",
    });
    expect(d1cv.operations.updates).toEqual([
      {
        entityType: "technology",
        id: "python-1",
        changes: { experience_years: 8 },
        ifVersion: world.d1cv.row("technology", "python-1")?.version,
      },
    ]);
    expect(await jobFor(world, "ai-agent")).toMatchObject({
      state: "pending",
      position: 1,
      dispatchedAt: null,
      deadlineAt: null,
    });
    expect(
      new Set((await world.table("commit_targets")).map(({ target, state }) => `${String(target)} ${String(state)}`)),
    ).toEqual(new Set(["ai-agent pending", "d1cv in_flight"]));
    expect(await world.table("commits")).toMatchObject([{ status: "pending", applied_by: people.approver }]);
    expect(
      (await world.table("outbox")).map(({ destination, payload }) => [destination, JSON.parse(String(payload))]),
    ).toEqual([
      [
        "queue:cv-push",
        { workspaceId: world.workspaceId, jobId: d1cv.id, attempt: 1, traceId: world.as("approver").traceId },
      ],
    ]);
    const cards = await world.table("cards");
    expect(cards.map(({ kind, desired_version }) => [kind, desired_version])).toEqual([
      ["commit", 3],
      ["push", 1],
      ["push_plan", 1],
    ]);
    expect(cards[2]).toMatchObject({
      parent_card_id: cards[1]?.["id"],
      subject_id: row?.["id"],
      channel_id: channelId,
    });
    expect((await world.eventTypes()).slice(-2)).toEqual(["push.started", "job.dispatched"]);
  });

  test.each<[string, string[]]>([
    ["all", ["d1cv", "ai-agent"]],
    ["both", ["d1cv", "ai-agent"]],
    ["d1cv", ["d1cv"]],
    ["ai", ["ai-agent"]],
    ["AI-AGENT", ["ai-agent"]],
  ])("a push to %s is for the targets %j", async (scope, targets) => {
    const world = await createWorld();
    await approvedCommit(world);
    expect(valueOf(await start(world, scope)).targets).toEqual(targets);
    expect(await jobs(world)).toEqual(targets.map((target, index) => [target, "pending", index === 0]));
    expect(await world.table("pushes")).toMatchObject([{ scope: targets.length > 1 ? "all" : targets[0] }]);
  });

  test("a push continues with the targets that are left", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1, "d1cv");
    await report(world, "d1cv", completed);
    expect(valueOf(await start(world))).toMatchObject({ targets: ["ai-agent"], pushNumber: 2 });
    expect(await jobFor(world, "ai-agent")).toMatchObject({
      state: "pending",
      dispatchedAt: "2026-11-23T08:00:00.000Z",
    });
  });

  test("a push is only for the targets that its commit changes", async () => {
    const world = await createWorld();
    await approvedCommit(world, { targets: ["ai"] });
    expect(valueOf(await start(world)).targets).toEqual(["ai-agent"]);
  });

  test("a push sends inserts, updates and deletes, with each row once", async () => {
    const world = await createWorld();
    await approvedCommit(
      world,
      {},
      { values: { level: "Expert" } },
      { action: "CREATE", row: null, values: { name: "Rust", category: "Backend" } },
      { row: "rust", values: { experience_years: "1" } },
      { action: "DELETE", row: "jquery-1", values: {} },
    );
    await push(world, 1);
    expect((await jobFor(world, "d1cv")).operations).toEqual({
      inserts: [
        {
          entityType: "technology",
          id: expect.stringMatching(/^rust-/),
          values: { name: "Rust", category: "Backend", experience_years: 1 },
        },
      ],
      updates: [
        {
          entityType: "technology",
          id: "python-1",
          changes: { experience_years: 8, level: "Expert" },
          ifVersion: expect.any(String),
        },
      ],
      deletes: [
        { entityType: "technology", id: "jquery-1", ifVersion: world.d1cv.row("technology", "jquery-1")?.version },
      ],
    });
  });
});

describe("a refused push", () => {
  const expectRefused = async (world: World, reason: object, scope = "all") => {
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await start(world, scope))).toMatchObject(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  };

  test("a push without an approval is refused and names possible reviewers", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    const reviewers = [people.admin, people.approver, people.otherApprover];
    await expectRefused(world, {
      code: "not_approved",
      review: "in_review",
      missing: 1,
      reviewers: expect.arrayContaining(reviewers),
    });
  });

  test("a push of a commit that nobody can approve is refused", async () => {
    const world = await createWorld({ members: [["approver", "approver"]] });
    await stage(world, {}, "approver");
    await commit(world, "approver");
    await expectRefused(world, { code: "not_approved", missing: 1, reviewers: [] });
  });

  test("a push of a rejected commit is refused", async () => {
    const world = await createWorld();
    await stage(world);
    await commit(world);
    valueOf(await rejectCommit(world.as("otherApprover"), { number: 1, seenHash: null, reason: null }));
    await expectRefused(world, { code: "not_approved", review: "rejected" });
  });

  test("a push is refused when the approval was for other content", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await world.run("UPDATE commits SET hash = 'edited' WHERE workspace_id = ?1", world.workspaceId);
    await expectRefused(world, { code: "not_approved", review: "in_review", missing: 1 });
  });

  test("a push with one of two approvals is refused", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    await stage(world);
    await commit(world);
    valueOf(await approveCommit(world.as("otherApprover"), { number: 1, seenHash: null }));
    await expectRefused(world, { code: "not_approved", review: "in_review", missing: 1 });
  });

  test("a push to an unknown target, or one without changes, is refused", async () => {
    const world = await createWorld();
    await approvedCommit(world, { targets: ["d1cv"] });
    await expectRefused(world, { code: "unknown_target", typed: "d1cvv", suggestion: "d1cv" }, "d1cvv");
    await expectRefused(world, { code: "no_changes_for_target", targets: ["ai-agent"] }, "ai");
  });

  test("a push of what is applied already is refused", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", completed);
    await expectRefused(world, { code: "already_applied", targets: ["d1cv"] }, "d1cv");
    await report(world, "ai-agent", completed);
    await expectRefused(world, { code: "already_applied", targets: ["d1cv", "ai-agent"] });
  });

  test.each(["all", "d1cv", "ai"])(
    "a second push to %s is refused while one is in progress or unknown",
    async (scope) => {
      const world = await createWorld();
      await approvedCommit(world);
      await push(world, 1);
      await expectRefused(world, { code: "push_in_progress", state: "pending" }, scope);
      await report(world, "d1cv", { kind: "accepted" });
      await expectRefused(world, { code: "push_in_progress" }, scope);
      await report(world, "d1cv", timeout);
      await expectRefused(world, { code: "push_in_progress" }, scope);
    },
  );

  test("a push of a commit that does not exist is refused", async () => {
    await expectRefused(await createWorld(), { code: "commit_not_found", number: 1 });
  });
});

describe("two pushes at once", () => {
  test.each(["all", "d1cv"])("two pushes of one commit to %s at once start one push", async (scope) => {
    const world = await createWorld();
    await approvedCommit(world);
    const results = await Promise.all([start(world, scope), start(world, scope)]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: { code: "conflict" } });
    expect(await world.table("pushes")).toHaveLength(1);
    expect(await world.table("outbox")).toHaveLength(1);
  });

  test("a push to the second target conflicts with a push to all at once", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, () => push(world, 1, "all"));
    expect(reasonOf(await start(world, "ai"))).toEqual({ code: "conflict" });
    expect(await jobs(world)).toEqual([
      ["d1cv", "pending", true],
      ["ai-agent", "pending", false],
    ]);
  });

  test("a push to all conflicts when its second target was applied meanwhile", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, async () => {
      await push(world, 1, "ai");
      await report(world, "ai-agent", completed);
    });
    expect(reasonOf(await start(world))).toEqual({ code: "conflict" });
    expect(valueOf(await start(world)).targets).toEqual(["d1cv"]);
  });

  test("two pushes of one commit to different targets at once both start", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    const results = await Promise.all([start(world, "d1cv"), start(world, "ai")]);
    expect(new Set(results.map((result) => valueOf(result).pushNumber))).toEqual(new Set([1, 2]));
    await report(world, "ai-agent", completed);
    await report(world, "d1cv", completed);
    expect((await world.table("pushes")).map(({ state }) => state)).toEqual(["completed", "completed"]);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
  });

  test("two pushes of different commits at once start under different numbers", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await approvedCommit(world, { row: "go-1", values: { level: "Expert" } });
    const results = await Promise.all([start(world), startPush(world.as("otherApprover"), { ...input, number: 2 })]);
    expect(new Set(results.map((result) => valueOf(result).pushNumber))).toEqual(new Set([1, 2]));
  });

  test("a push conflicts when its commit is dropped in between", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.db.interrupt(2, () =>
      world.run("UPDATE commits SET review = 'dropped' WHERE workspace_id = ?1", world.workspaceId),
    );
    expect(reasonOf(await start(world))).toEqual({ code: "conflict" });
    expect(await world.table("pushes")).toEqual([]);
    expect(await world.table("counters")).not.toContainEqual(expect.objectContaining({ name: "push" }));
  });
});

describe("a push after a failure", () => {
  test("a new push after a failure supersedes waiting jobs and completes the commit", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", failure);
    expect(valueOf(await start(world))).toMatchObject({ pushNumber: 2, targets: ["d1cv", "ai-agent"] });
    expect(await jobs(world)).toEqual([
      ["d1cv", "failed", true],
      ["ai-agent", "cancelled", false],
      ["d1cv", "pending", true],
      ["ai-agent", "pending", false],
    ]);
    expect((await world.table("jobs"))[1]).toMatchObject({ error_code: "superseded", deadline_at: null });
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    expect(await world.table("commits")).toMatchObject([
      { status: "applied_all", error_target: null, error_message: null },
    ]);
    expect((await world.table("pushes")).map(({ state }) => state)).toEqual(["failed", "completed"]);
  });

  test("a push to the target that waited is possible after a failure", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", failure);
    expect(valueOf(await start(world, "ai")).targets).toEqual(["ai-agent"]);
    await report(world, "ai-agent", completed);
    expect(await world.table("commits")).toMatchObject([{ status: "failed", error_target: "d1cv" }]);
    const applied = (await world.table("commit_targets")).find(({ target }) => target === "ai-agent");
    expect(applied).toMatchObject({ state: "applied", applied_at: expect.any(String) });
  });
});

describe("drift", () => {
  test("a push rebases a row that was changed in fields the commit leaves alone", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    const staged = world.d1cv.row("technology", "python-1");
    world.d1cv.put("technology", "python-1", { ...staged?.values, level: "Expert" });
    await push(world, 1);
    const [update] = (await jobFor(world, "d1cv")).operations.updates;
    expect(update?.ifVersion).toBe(world.d1cv.row("technology", "python-1")?.version);
    expect(update?.ifVersion).not.toBe(staged?.version);
    expect(update?.changes).toEqual({ experience_years: 8 });
  });

  test.each<[string, (world: World) => void, object]>([
    [
      "a field that the commit sets",
      (world) => world.d1cv.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 6 }),
      {
        targets: ["d1cv"],
        count: 1,
        conflicts: [
          {
            entityId: "python-1",
            name: "Python",
            kind: "changed",
            fields: [{ field: "experience_years", base: 5, live: 6, yours: 8 }],
          },
        ],
      },
    ],
    [
      "the row, which is gone",
      (world) => world.d1cv.remove("technology", "python-1"),
      {
        targets: ["d1cv"],
        conflicts: [
          { name: "Python", kind: "gone", fields: [{ field: "experience_years", base: 5, live: null, yours: 8 }] },
        ],
      },
    ],
    [
      "a row that the commit deletes",
      (world) => world.ai.put("technology", "jquery-1", { name: "jQuery", category: "Frontend", level: "Beginner" }),
      {
        targets: ["ai-agent"],
        conflicts: [
          {
            entityId: "jquery-1",
            kind: "changed",
            action: "DELETE",
            fields: [{ field: "level", base: "Advanced", live: "Beginner", yours: null }],
          },
        ],
      },
    ],
    [
      "a row that the commit deletes, which is gone",
      (world) => world.ai.remove("technology", "jquery-1"),
      { targets: ["ai-agent"], conflicts: [{ kind: "gone", fields: [] }] },
    ],
  ])("a push is refused for drift: %s", async (_name, meanwhile, reason) => {
    const world = await createWorld();
    await approvedCommit(world, {}, { action: "DELETE", row: "jquery-1", values: {} });
    meanwhile(world);
    const before = await everythingButDriftOf(world.workspaceId);
    expect(reasonOf(await start(world))).toMatchObject({ code: "drifted", number: 1, ...reason });
    expect(await everythingButDriftOf(world.workspaceId)).toEqual(before);
  });

  test("a drift at one target does not stop a push to the other", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.ai.remove("technology", "python-1");
    expect(valueOf(await start(world, "d1cv")).targets).toEqual(["d1cv"]);
  });

  test("a push reads as many rows at once as fit an address", async () => {
    const world = await createWorld();
    for (let index = 0; index < 60; index += 1) {
      world.d1cv.put("technology", `tech-${index}`, { name: `Tech ${index}`, category: "Tools" });
      await stage(world, { row: `tech-${index}`, values: { level: "Expert" }, targets: ["d1cv"] });
    }
    await commit(world);
    valueOf(await approveCommit(world.as("approver"), { number: 1, seenHash: null }));
    world.d1cv.calls = [];
    await push(world, 1);
    expect(world.d1cv.calls).toEqual(["GET rows"]);
    expect((await jobFor(world, "d1cv")).operations.updates).toHaveLength(60);
  });

  test("a push to a target that is down sends the versions from staging", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    const seen = world.d1cv.row("technology", "python-1")?.version;
    world.d1cv.isDown = true;
    await push(world, 1);
    expect((await jobFor(world, "d1cv")).operations.updates).toMatchObject([{ ifVersion: seen }]);
  });

  test("a push sends a row's present version when staging could not read it", async () => {
    const world = await createWorld();
    await stage(world);
    valueOf(await unstageChanges(world.as("author"), { numbers: "all" }));
    world.d1cv.isDown = world.ai.isDown = true;
    await approvedCommit(world);
    world.d1cv.isDown = false;
    await push(world, 1);
    expect((await jobFor(world, "d1cv")).operations.updates).toMatchObject([
      { ifVersion: world.d1cv.row("technology", "python-1")?.version },
    ]);
    expect((await jobFor(world, "ai-agent")).operations.updates).toMatchObject([{ ifVersion: null }]);
  });
});

test("a push's first deadline is the dispatch timeout", async () => {
  const world = await createWorld();
  await approvedCommit(world);
  await push(world, 1);
  const { deadlineAt } = await jobFor(world, "d1cv");
  expect(Date.parse(deadlineAt ?? "") - world.clock.ms).toBe(timeouts.dispatchMs);
  const at = deadlineAt ?? "";
  expect(world.effects.take()).toContainEqual({ kind: "watch_deadline", workspaceId: world.workspaceId, at });
});
