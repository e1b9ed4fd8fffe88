import { describe, expect, test } from "vitest";
import type { Choice } from "../../domain/commits/resolve.ts";
import type { Take } from "../../domain/commits/conflict.ts";
import {
  type Person,
  type World,
  approvedCommit,
  channelId,
  completed,
  createWorld,
  everythingButDriftOf,
  jobFor,
  people,
  push,
  reasonOf,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { approveCommit, rejectCommit } from "../reviews/decide-commit.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { startPush } from "../pushes/start-push.ts";
import { dropCommit } from "./close-commit.ts";
import { createCommit } from "./create-commit.ts";
import { listConflicts } from "./list-conflicts.ts";
import { resolveConflicts } from "./resolve-conflicts.ts";

const python = { name: "Python", category: "Backend", experience_years: 5 };
const failure = { kind: "failed", error: { code: "disk_full", message: "no space" } } as const;
const all = (take: Take): Choice => ({ row: null, field: null, target: null, take });
const years = (take: Take, target: string | null = null): Choice => ({
  row: { entityType: "technology", entityId: "python-1" },
  field: "experience_years",
  target,
  take,
});

/** Somebody else gives Python so many years, at these targets. */
const change = (world: World, value: number, targets: readonly ("d1cv" | "ai")[] = ["d1cv", "ai"]): void => {
  for (const target of targets) {
    const row = world[target].row("technology", "python-1")?.values ?? python;
    world[target].put("technology", "python-1", { ...row, experience_years: value });
  }
};

const resolve = (world: World, choices: Choice[], seen: string | null = null, person: Person = "author", number = 1) =>
  resolveConflicts(world.as(person), { number, choices, seen });
const approve = (world: World) => approveCommit(world.as("approver"), { number: 1, seenHash: null });
const start = (world: World, scope = "all") => startPush(world.as("approver"), { number: 1, scope, channelId });

describe("the conflicts of a commit", () => {
  test("conflicts are listed with their three values, once where targets agree", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    const { conflicts, unanswered } = valueOf(await listConflicts(world.as("viewer"), 1));
    expect(unanswered).toEqual([]);
    expect(conflicts).toMatchObject([
      { targets: ["d1cv", "ai-agent"], fields: [{ field: "experience_years", base: 5, live: 7, yours: 8 }] },
    ]);
  });

  test("a target that cannot be asked is named, and the conflicts of the others are listed", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    world.ai.isDown = true;
    const listed = valueOf(await listConflicts(world.as("viewer"), 1));
    expect(listed).toMatchObject({ conflicts: [{ targets: ["d1cv"] }], unanswered: ["ai-agent"] });
  });
});

describe("resolving", () => {
  test("mine makes the refused push possible after another approval, and it applies on top of what is live", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    expect(reasonOf(await start(world))).toMatchObject({ code: "drifted" });

    const done = valueOf(await resolve(world, [all("mine")]));
    expect(done).toMatchObject({ decided: 1, left: [], discarded: [], voided: true, commit: { review: "in_review" } });
    const [row] = await world.table("commits");
    expect(row).toMatchObject({ review: "in_review", hash: done.commit.hash });
    expect((await world.eventTypes()).at(-1)).toBe("commit.conflicts_resolved");
    expect(reasonOf(await start(world))).toMatchObject({ code: "not_approved", missing: 1 });

    valueOf(await approve(world));
    valueOf(await start(world));
    const [update] = (await jobFor(world, "d1cv")).operations.updates;
    expect(update).toMatchObject({ changes: { experience_years: 8 } });
    expect(update?.ifVersion).toBe(world.d1cv.row("technology", "python-1")?.version);
  });

  test("theirs drops a field from the commit, and the rest of it is pushed", async () => {
    const world = await createWorld();
    await approvedCommit(world, { values: { experience_years: 8, level: "Expert" } });
    change(world, 7);
    valueOf(await resolve(world, [years("theirs")]));
    valueOf(await approve(world));
    valueOf(await start(world));
    expect((await jobFor(world, "d1cv")).operations.updates).toMatchObject([{ changes: { level: "Expert" } }]);
    expect(await world.table("staged_changes")).toMatchObject([{ payload: '{"level":"Expert"}' }]);
    expect(await world.table("commits")).toMatchObject([{ summary: "Python: level empty → Expert" }]);
  });

  test("another value is read as its field's kind, and a wrong one is refused", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    const before = await everythingButDriftOf(world.workspaceId);
    expect(reasonOf(await resolve(world, [years({ value: "many" })]))).toMatchObject({ code: "invalid_values" });
    expect(await everythingButDriftOf(world.workspaceId)).toEqual(before);
    valueOf(await resolve(world, [years({ value: "9" })]));
    expect(await world.table("staged_changes")).toMatchObject([{ payload: '{"experience_years":9}' }]);
  });

  test("a commit of which nothing is left is dropped with its changes", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    const done = valueOf(await resolve(world, [all("theirs")]));
    expect(done).toMatchObject({ commit: { review: "dropped" }, discarded: [1], left: [] });
    expect(await world.table("commits")).toMatchObject([{ review: "dropped" }]);
    expect(await world.table("staged_changes")).toMatchObject([{ state: "discarded", commit_id: done.commit.id }]);
    expect((await world.eventTypes()).slice(-2)).toEqual(["commit.conflicts_resolved", "commit.dropped"]);
  });

  test("a row of which nothing is left goes out of the commit, and the others stay", async () => {
    const world = await createWorld();
    await approvedCommit(world, {}, { row: "go-1", values: { level: "Expert" } });
    change(world, 7);
    expect(valueOf(await resolve(world, [all("theirs")])).discarded).toEqual([1]);
    expect(await world.table("staged_changes")).toMatchObject([
      { number: 1, state: "discarded", commit_id: null },
      { number: 2, state: "committed" },
    ]);
  });

  test("a deletion can be kept, and taken back", async () => {
    for (const take of ["mine", "theirs"] as const) {
      const world = await createWorld();
      await approvedCommit(world, { action: "DELETE", row: "python-1", values: {} });
      change(world, 7);
      const { commit: after } = valueOf(await resolve(world, [all(take)]));
      expect(after.review).toBe(take === "mine" ? "in_review" : "dropped");
      if (take === "theirs") continue;
      valueOf(await approve(world));
      valueOf(await start(world));
      const [deletion] = (await jobFor(world, "d1cv")).operations.deletes;
      expect(deletion?.ifVersion).toBe(world.d1cv.row("technology", "python-1")?.version);
    }
  });

  test("a row that is gone is created again with the values that are known of it", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.d1cv.remove("technology", "python-1");
    valueOf(await resolve(world, [all("mine")]));
    valueOf(await approve(world));
    valueOf(await start(world));
    expect((await jobFor(world, "d1cv")).operations.inserts).toMatchObject([
      { id: "python-1", values: { name: "Python", experience_years: 8 } },
    ]);
    expect((await jobFor(world, "ai-agent")).operations.updates).toMatchObject([{ id: "python-1" }]);
    expect(await world.table("staged_changes")).toMatchObject([
      { number: 1, state: "committed" },
      { number: 2, state: "committed" },
    ]);
  });

  test("an approval stays where the content is the same again", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7, ["d1cv"]);
    const [before] = await world.table("commits");
    valueOf(await resolve(world, [all("mine")]));
    change(world, 5, ["d1cv"]);
    valueOf(await resolve(world, [all("mine")]));
    const [after] = await world.table("commits");
    expect(after?.["hash"]).toBe(before?.["hash"]);
  });

  test("one field is resolved and the other stays in conflict", async () => {
    const world = await createWorld();
    await approvedCommit(world, { values: { experience_years: 8, level: "Expert" } });
    for (const target of [world.d1cv, world.ai]) {
      target.put("technology", "python-1", { ...python, experience_years: 7, level: "Beginner" });
    }
    expect(valueOf(await resolve(world, [years("mine")])).left).toMatchObject([
      { fields: [{ field: "level", base: null, live: "Beginner", yours: "Expert" }] },
    ]);
  });
});

describe("a commit that one target has applied", () => {
  const partly = async (): Promise<World> => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", failure);
    change(world, 7, ["ai"]);
    return world;
  };

  test("mine goes to the target that is left, by a retry", async () => {
    const world = await partly();
    valueOf(await resolve(world, [all("mine")]));
    valueOf(await approve(world));
    valueOf(await retryPush(world.as("approver"), { number: 1, target: null }));
    await report(world, "ai-agent", completed);
    expect(await world.table("commits")).toMatchObject([{ status: "applied_all" }]);
  });

  test("theirs leaves the commit to the target that has it", async () => {
    const world = await partly();
    expect(valueOf(await resolve(world, [all("theirs")])).commit.review).toBe("approved");
    expect(await world.table("commits")).toMatchObject([{ status: "applied_all", review: "approved" }]);
    expect(await world.table("commit_targets")).toMatchObject([{ target: "d1cv", state: "applied" }]);
    expect(await world.table("staged_changes")).toMatchObject([{ state: "committed", targets: '["d1cv"]' }]);
  });
});

test("whoever resolves a conflict is a contributor and does not approve it in team mode", async () => {
  const world = await createWorld();
  await approvedCommit(world);
  change(world, 7);
  const { commit: after } = valueOf(await resolve(world, [all("mine")], null, "admin"));
  expect(after.contributors).toEqual([people.author, people.admin]);
  expect(reasonOf(await approveCommit(world.as("admin"), { number: 1, seenHash: null }))).toMatchObject({
    code: "contributor_approval",
    changes: [1],
  });
  valueOf(await approve(world));
});

test("whoever takes a row out of a commit does not approve the rest of it", async () => {
  const world = await createWorld();
  await approvedCommit(world, {}, { row: "go-1", values: { level: "Expert" } });
  change(world, 7);
  const { commit, discarded } = valueOf(await resolve(world, [all("theirs")], null, "admin"));
  expect(discarded).toEqual([1]);
  expect(commit.contributors).toEqual([people.author, people.admin]);
  expect(reasonOf(await approveCommit(world.as("admin"), { number: 1, seenHash: null }))).toMatchObject({
    code: "contributor_approval",
  });
});

describe("a refused resolution", () => {
  test("values that are other ones by now are refused, with these values", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    const { seen } = valueOf(await listConflicts(world.as("author"), 1));
    change(world, 6);
    const before = await everythingButDriftOf(world.workspaceId);
    const reason = reasonOf(await resolve(world, [all("mine")], seen));
    expect(reason).toMatchObject({ code: "conflicts_changed", conflicts: [{ fields: [{ live: 6 }] }], count: 1 });
    expect(await everythingButDriftOf(world.workspaceId)).toEqual(before);
    if (reason.code !== "conflicts_changed") throw new Error(reason.code);
    valueOf(await resolve(world, [all("mine")], reason.seen));
  });

  test("the refusal of a push says what its conflicts stand for", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    const reason = reasonOf(await start(world));
    const { seen } = valueOf(await listConflicts(world.as("author"), 1));
    expect(reason).toMatchObject({ code: "drifted", seen });
  });

  test.each<[string, Person, string]>([
    ["somebody else's commit, by an editor", "otherAuthor", "not_author"],
    ["somebody else's commit, by an approver", "approver", "not_author"],
    ["a commit, by a viewer", "viewer", "forbidden"],
  ])("resolving is refused: %s", async (_what, person, code) => {
    const world = await createWorld();
    await approvedCommit(world);
    change(world, 7);
    expect(reasonOf(await resolve(world, [all("mine")], null, person))).toMatchObject({ code });
    valueOf(await resolve(world, [all("mine")], null, "admin"));
  });

  test("a commit without conflicts, or a choice about none of them, is refused", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    expect(reasonOf(await resolve(world, [all("mine")]))).toEqual({ code: "no_conflicts", number: 1, unanswered: [] });
    change(world, 7);
    const other: Choice = { ...years("mine"), field: "level" };
    expect(reasonOf(await resolve(world, [other]))).toMatchObject({ code: "conflicts_changed" });
  });

  test("a row that another commit creates waits for that commit", async () => {
    const world = await createWorld();
    const { change: created } = await stage(world, {
      action: "CREATE",
      row: null,
      values: { name: "Rust", category: "Backend" },
    });
    await stage(world, { row: created.entityId, values: { level: "Expert" } });
    const only = { message: "m", draft: false, channelId };
    valueOf(await createCommit(world.as("author"), { ...only, only: [1] }));
    valueOf(await createCommit(world.as("author"), { ...only, only: [2] }));
    expect(reasonOf(await resolve(world, [all("mine")], null, "author", 2))).toMatchObject({
      code: "drifted",
      conflicts: [{ kind: "not_yet", name: "Rust" }],
    });
    const gone = valueOf(await resolve(world, [all("theirs")], null, "author", 2));
    expect(gone.commit.review).toBe("dropped");
  });

  test("a push that is in progress, a rejected and a dropped commit are refused", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    change(world, 7, ["ai"]);
    expect(reasonOf(await resolve(world, [all("mine")]))).toMatchObject({ code: "push_in_progress", target: "d1cv" });
    await report(world, "d1cv", failure);
    valueOf(await resolve(world, [all("mine")]));
    valueOf(await rejectCommit(world.as("approver"), { number: 1, seenHash: null, reason: "no" }));
    expect(reasonOf(await resolve(world, [all("mine")]))).toMatchObject({ code: "already_decided" });
    valueOf(await dropCommit(world.as("author"), 1));
    expect(reasonOf(await resolve(world, [all("mine")]))).toMatchObject({ code: "already_closed" });
  });
});

test("two people who resolve at once have one effect", async () => {
  const world = await createWorld();
  await approvedCommit(world);
  change(world, 7);
  const results = await Promise.all([resolve(world, [all("mine")]), resolve(world, [all("theirs")], null, "admin")]);
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
});
