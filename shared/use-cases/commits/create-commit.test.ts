import { describe, expect, test } from "vitest";
import { commitHash } from "../../domain/commits/commit-hash.ts";
import {
  type World,
  channelId,
  commit,
  completed,
  createWorld,
  everythingOf,
  jobFor,
  people,
  push,
  reasonOf,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { reopenCommit } from "./close-commit.ts";
import { createCommit, maxMessageLength } from "./create-commit.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { listStaged } from "../staging/list-staged.ts";
import { showCommit } from "./show-commit.ts";
import { startPush } from "../pushes/start-push.ts";
import { unstageChanges } from "../staging/unstage-changes.ts";

const input = { message: "Skill updates", draft: false, channelId, only: null };

describe("a commit", () => {
  test("a commit takes the author's own changes, requests review and posts its card", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { row: "go-1", values: { level: "Expert" }, targets: ["d1cv"] });
    await stage(world, { row: "jquery-1", values: { level: "Expert" } }, "otherAuthor");
    const ctx = world.as("author");
    const before = world.db.roundTrips;
    const created = valueOf(await createCommit(ctx, { ...input, message: "  Skill updates " }));
    expect(world.db.roundTrips - before).toBeLessThanOrEqual(3);
    expect(created).toMatchObject({
      commit: { number: 1, message: "Skill updates", review: "in_review", status: "pending", createdBy: people.author },
      changeCount: 2,
      targets: ["d1cv", "ai-agent"],
      channelId,
    });
    expect(created.reviewers.toSorted()).toEqual([people.admin, people.approver, people.otherApprover].toSorted());
    const { commit, changes, targets } = valueOf(await showCommit(world.as("viewer"), 1));
    expect(commit).toEqual(created.commit);
    expect(commit.hash).toBe(await commitHash(changes, ["d1cv", "ai-agent"]));
    expect(changes.map(({ number, state }) => [number, state])).toEqual([
      [1, "committed"],
      [2, "committed"],
    ]);
    expect(targets.map(({ target, state }) => [target, state])).toEqual([
      ["d1cv", "pending"],
      ["ai-agent", "pending"],
    ]);
    expect(valueOf(await listStaged(world.as("viewer"))).changes.map(({ createdBy }) => createdBy)).toEqual([
      people.otherAuthor,
    ]);
    expect(await world.table("cards")).toMatchObject([
      { kind: "commit", subject_id: commit.id, channel_id: channelId, desired_version: 1, shown_version: 0 },
    ]);
    expect((await world.eventTypes()).slice(-2)).toEqual(["commit.created", "commit.review_requested"]);
  });

  test("a draft commit requests no review and posts no card", async () => {
    const world = await createWorld();
    await stage(world);
    expect(valueOf(await createCommit(world.as("author"), { ...input, draft: true }))).toMatchObject({
      commit: { review: "draft" },
      channelId: null,
    });
    expect(await world.table("cards")).toEqual([]);
    expect((await world.eventTypes()).at(-1)).toBe("commit.created");
  });

  test("a commit posts its card in the workspace's channel when it has one", async () => {
    const world = await createWorld();
    await world.run("UPDATE workspaces SET channel_id = 'C0CARDS' WHERE workspace_id = ?1", world.workspaceId);
    await stage(world);
    expect(valueOf(await createCommit(world.as("author"), input)).channelId).toBe("C0CARDS");
    expect(await world.table("cards")).toMatchObject([{ channel_id: "C0CARDS" }]);
  });

  test("a commit's reviewers exclude its author, unless the workspace is solo", async () => {
    const team = await createWorld();
    await stage(team, {}, "approver");
    expect(valueOf(await createCommit(team.as("approver"), input)).reviewers).not.toContain(people.approver);
    const solo = await createWorld({ mode: "solo", members: [["admin", "admin"]] });
    await stage(solo, {}, "admin");
    expect(valueOf(await createCommit(solo.as("admin"), input)).reviewers).toEqual([people.admin]);
  });

  test("a commit is for all targets that its changes name, also where a value is live already", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { values: { experience_years: "5" }, targets: ["ai"] });
    await stage(world, { row: "go-1", values: { level: "Expert" }, targets: ["d1cv"] });
    expect(valueOf(await createCommit(world.as("author"), input)).targets).toEqual(["d1cv", "ai-agent"]);
  });

  test("commits made at once get numbers one after the other", async () => {
    const world = await createWorld();
    const persons = ["author", "otherAuthor", "approver", "otherApprover", "admin"] as const;
    for (const person of persons) await stage(world, {}, person);
    const numbers = await Promise.all(persons.map((person) => commit(world, person)));
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  test("a commit that loses its race takes no number", async () => {
    const world = await createWorld();
    await stage(world);
    world.db.interrupt(2, async () => {
      valueOf(await unstageChanges(world.as("author"), { numbers: "all" }));
    });
    expect(reasonOf(await createCommit(world.as("author"), input))).toEqual({ code: "conflict" });
    expect(await world.table("commits")).toEqual([]);
    await stage(world);
    expect(await commit(world)).toBe(1);
  });

  test("committing and unstaging one change at once: exactly one of them wins", async () => {
    for (let round = 0; round < 5; round += 1) {
      const world = await createWorld();
      await stage(world);
      await stage(world, { row: "go-1", values: { level: "Expert" } });
      const [created, unstaged] = await Promise.all([
        createCommit(world.as("author"), input),
        unstageChanges(world.as("author"), { numbers: [2] }),
      ]);
      expect([created.ok, unstaged.ok].filter(Boolean)).toHaveLength(1);
      const states = (await world.table("staged_changes")).map(({ state }) => state);
      expect(states).toEqual(created.ok ? ["committed", "committed"] : ["staged", "discarded"]);
      expect(await world.table("commits")).toHaveLength(created.ok ? 1 : 0);
    }
  });

  test("committing the same changes twice at once: one of them conflicts", async () => {
    const world = await createWorld();
    await stage(world);
    const results = await Promise.all([
      createCommit(world.as("author"), input),
      createCommit(world.as("author"), input),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await world.table("commits")).toHaveLength(1);
  });
});

/** What the newest job for a target asks of it. */
const asked = async (world: World, target: string) => (await jobFor(world, target)).operations;

/** Commits the author's changes with these numbers, and applies that to d1cv: as the operations ask for. */
const applyOnly = async (world: World, only: number[] | null): Promise<void> => {
  const { commit } = valueOf(await createCommit(world.as("author"), { ...input, only }));
  valueOf(await approveCommit(world.as("approver"), { number: commit.number, seenHash: null }));
  await push(world, commit.number, "d1cv");
  const { inserts, updates, deletes } = await asked(world, "d1cv");
  for (const { entityType, id, values } of inserts) world.d1cv.put(entityType, id, values);
  for (const { entityType, id, changes } of updates) {
    world.d1cv.put(entityType, id, { ...world.d1cv.row(entityType, id)?.values, ...changes });
  }
  for (const { entityType, id } of deletes) world.d1cv.remove(entityType, id);
  valueOf(await report(world, "d1cv", completed));
};

const rust = { action: "CREATE", row: null, values: { name: "Rust", category: "Backend", level: "Beginner" } } as const;

describe("a partial commit", () => {
  test("a partial commit takes the chosen changes and leaves the others staged", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await stage(world, { row: "jquery-1", values: { level: "Expert" } });
    const created = valueOf(await createCommit(world.as("author"), { ...input, only: [3, 1, 3] }));
    expect(created.changeCount).toBe(2);
    expect(
      Object.fromEntries((await world.table("staged_changes")).map(({ number, state }) => [number, state])),
    ).toEqual({ 1: "committed", 2: "staged", 3: "committed" });
  });

  test("a partial commit leaves the row's next change staged on top of it", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { values: { experience_years: "9" } });
    await applyOnly(world, [1]);
    expect(await asked(world, "d1cv")).toMatchObject({
      updates: [{ id: "python-1", changes: { experience_years: 8 } }],
    });
    await applyOnly(world, null);
    expect(await asked(world, "d1cv")).toMatchObject({
      updates: [{ id: "python-1", changes: { experience_years: 9 } }],
    });
    expect(world.d1cv.row("technology", "python-1")?.values).toMatchObject({ experience_years: 9 });
  });

  test("a partial commit that creates a row leaves an update to follow it", async () => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    await stage(world, { row: change.entityId, values: { level: "Expert" } });
    await applyOnly(world, [1]);
    const version = world.d1cv.row("technology", change.entityId)?.version;
    await applyOnly(world, null);
    expect(await asked(world, "d1cv")).toEqual({
      inserts: [],
      updates: [{ entityType: "technology", id: change.entityId, changes: { level: "Expert" }, ifVersion: version }],
      deletes: [],
    });
  });

  test("a partial commit that creates a row leaves its removal to follow it", async () => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    await stage(world, { action: "DELETE", row: change.entityId, values: {} });
    await applyOnly(world, [1]);
    await applyOnly(world, null);
    expect(await asked(world, "d1cv")).toMatchObject({ inserts: [], deletes: [{ id: change.entityId }] });
  });

  test("a partial commit is not pushed before the commit that creates its row", async () => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    await stage(world, { row: change.entityId, values: { level: "Expert" } });
    valueOf(await createCommit(world.as("author"), { ...input, only: [1] }));
    valueOf(await createCommit(world.as("author"), { ...input, only: [2] }));
    valueOf(await approveCommit(world.as("approver"), { number: 2, seenHash: null }));
    expect(reasonOf(await startPush(world.as("approver"), { number: 2, scope: "all", channelId }))).toMatchObject({
      code: "drifted",
      conflicts: [{ name: "Rust", kind: "not_yet" }],
    });
  });

  test("a drift between two partial commits of one row is still found", async () => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    await stage(world, { row: change.entityId, values: { level: "Expert" } });
    await applyOnly(world, [1]);
    world.d1cv.put("technology", change.entityId, { name: "Rust", category: "Backend", level: "Advanced" });
    const { commit } = valueOf(await createCommit(world.as("author"), input));
    valueOf(await approveCommit(world.as("approver"), { number: commit.number, seenHash: null }));
    expect(
      reasonOf(await startPush(world.as("approver"), { number: commit.number, scope: "d1cv", channelId })),
    ).toMatchObject({ code: "drifted", conflicts: [{ kind: "changed", fields: [{ field: "level" }] }] });
  });

  test("a reopened partial commit and the rest amount to the original changes", async () => {
    const world = await createWorld();
    const { change } = await stage(world, rust);
    await stage(world, { row: change.entityId, values: { level: "Expert" } });
    valueOf(await createCommit(world.as("author"), { ...input, only: [1] }));
    valueOf(await reopenCommit(world.as("author"), 1));
    await applyOnly(world, null);
    expect(await asked(world, "d1cv")).toMatchObject({
      inserts: [{ id: change.entityId, values: { name: "Rust", level: "Expert" } }],
      updates: [],
    });
  });

  test.each<[string, number[], object]>([
    ["a number that is not staged", [1, 9, 8], { code: "change_not_found", numbers: [9, 8] }],
    ["somebody else's change", [1, 4], { code: "not_author", number: 4, author: people.otherAuthor }],
    ["a change to a row that a change left out makes", [3], { code: "missing_dependency", number: 3, on: 2 }],
  ])("a partial commit refuses %s", async (_what, only, reason) => {
    const world = await createWorld();
    await stage(world);
    const { change } = await stage(world, rust);
    await stage(world, { row: change.entityId, values: { level: "Expert" } });
    await stage(world, { row: "go-1", values: { level: "Expert" } }, "otherAuthor");
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await createCommit(world.as("author"), { ...input, only }))).toEqual(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });
});

describe("a refused commit", () => {
  test.each<[string, string, object]>([
    ["without a message", "   ", { code: "message_required" }],
    [
      "with too long a message",
      "x".repeat(maxMessageLength + 1),
      { code: "message_too_long", length: 501, maxLength: 500 },
    ],
  ])("a commit %s is refused and stores nothing", async (_name, message, reason) => {
    const world = await createWorld();
    await stage(world);
    const before = await everythingOf(world.workspaceId);
    expect(reasonOf(await createCommit(world.as("author"), { ...input, message }))).toEqual(reason);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("a commit is refused when only others have staged changes", async () => {
    const world = await createWorld();
    await stage(world, {}, "otherAuthor");
    expect(reasonOf(await createCommit(world.as("author"), input))).toEqual({ code: "nothing_staged" });
  });

  test("a commit is refused when its changes cancel out, and they stay staged", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { values: { experience_years: "5" } });
    expect(reasonOf(await createCommit(world.as("author"), input))).toEqual({ code: "empty_commit", numbers: [1, 2] });
    expect(valueOf(await listStaged(world.as("author"))).changes).toHaveLength(2);
  });
});

describe("unstaging", () => {
  test("unstaging discards changes by number, with an event for each", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await stage(world, { row: "jquery-1", values: { level: "Expert" } });
    expect(
      valueOf(await unstageChanges(world.as("author"), { numbers: [1, 3, 3] })).changes.map(({ number }) => number),
    ).toEqual([1, 3]);
    expect((await world.table("staged_changes")).map(({ state }) => state)).toEqual([
      "discarded",
      "staged",
      "discarded",
    ]);
    expect((await world.eventTypes()).slice(-2)).toEqual(["change.discarded", "change.discarded"]);
  });

  test("unstaging all discards only one's own changes", async () => {
    const world = await createWorld();
    await stage(world);
    await stage(world, {}, "otherAuthor");
    expect(
      valueOf(await unstageChanges(world.as("author"), { numbers: "all" })).changes.map(({ number }) => number),
    ).toEqual([1]);
    expect(reasonOf(await unstageChanges(world.as("author"), { numbers: "all" }))).toEqual({ code: "nothing_staged" });
  });

  test("unstaging a number that is not staged discards none of the others", async () => {
    const world = await createWorld();
    await stage(world);
    expect(reasonOf(await unstageChanges(world.as("author"), { numbers: [1, 7] }))).toEqual({
      code: "change_not_found",
      numbers: [7],
    });
    expect((await world.table("staged_changes")).map(({ state }) => state)).toEqual(["staged"]);
  });
});
