/** Conflicts of a commit are recorded when they are found, once, and cleared when they are over. */
import { describe, expect, test } from "vitest";
import {
  type World,
  approvedCommit,
  commit,
  completed,
  createWorld,
  push,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { anyCommits } from "../../../test/support/shared/use-case-fixtures.ts";
import { verifyTargets } from "../portfolio/verify-targets.ts";
import { retryPush } from "../pushes/retry-push.ts";
import { startPush } from "../pushes/start-push.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { explainPush } from "../reviews/explain-checks.ts";
import { listActionItems } from "../workspace/list-action-items.ts";
import { createCommit } from "./create-commit.ts";
import { listCommits } from "./list-commits.ts";
import { listConflicts } from "./list-conflicts.ts";
import { resolveConflicts } from "./resolve-conflicts.ts";
import { showCommit } from "./show-commit.ts";

/** Somebody sets Python's years at both targets, behind the product's back. */
const set = (world: World, years: number): void => {
  for (const target of [world.d1cv, world.ai]) {
    target.put("technology", "python-1", { ...target.row("technology", "python-1")?.values, experience_years: years });
  }
};

const both = ["ai-agent", "d1cv"];
const drifted = async (world: World, number = 1) =>
  valueOf(await showCommit(world.as("viewer"), number)).commit.drifted;
const steps = async (world: World, person: "author" | "approver" = "approver") => {
  const { actionItems, waiting } = valueOf(await listActionItems(world.as(person)));
  return [actionItems, waiting].map((items) => items.map(({ kind }) => kind));
};
const start = (world: World, number = 1) => startPush(world.as("approver"), { number, scope: "all", channelId: null });

const looks: [string, (world: World) => Promise<unknown>][] = [
  ["a look at its checks", (world) => explainPush(world.as("viewer"), 1)],
  ["a look at its conflicts", (world) => listConflicts(world.as("viewer"), 1)],
  ["a push, which is refused or starts", (world) => start(world)],
  ["a look at all rows of the targets", (world) => verifyTargets(world.as("approver"))],
];

describe("what becomes known of conflicts", () => {
  test.each(looks)(
    "%s records that an approved commit is in conflict, with its values, an event and new cards",
    async (_what, look) => {
      const world = await createWorld();
      await approvedCommit(world);
      expect(await steps(world)).toEqual([["push"], []]);
      set(world, 7);
      expect(await drifted(world)).toEqual([]);
      const versions = async () => (await world.table("cards")).map((card) => Number(card["desired_version"]));
      const before = await versions();
      await look(world);

      const { commit: shown, targets } = valueOf(await showCommit(world.as("viewer"), 1));
      expect(shown.drifted).toEqual(both);
      const fields = [{ field: "experience_years", base: 5, live: 7, yours: 8 }];
      expect(targets.map(({ drift }) => drift)).toMatchObject([
        { count: 1, conflicts: [{ targets: ["d1cv"], fields }] },
        { count: 1, conflicts: [{ targets: ["ai-agent"], fields }] },
      ]);
      expect((await world.eventTypes()).at(-1)).toBe("commit.drifted");
      expect(await versions()).toEqual(before.map((version) => version + 1));
      expect(valueOf(await listCommits(world.as("viewer"), anyCommits)).commits[0]?.drifted).toEqual(both);
      expect(await steps(world)).toEqual([[], ["resolve"]]);
      expect(await steps(world, "author")).toEqual([["resolve"], []]);
    },
  );

  test.each(looks)("%s writes nothing where that is known already", async (_what, look) => {
    const world = await createWorld();
    await approvedCommit(world);
    set(world, 7);
    await explainPush(world.as("viewer"), 1);
    const before = await world.table("job_events");
    await look(world);
    expect(await world.table("job_events")).toEqual(before);
  });

  test.each(looks)("%s clears what is no conflict any more", async (_what, look) => {
    const world = await createWorld();
    await approvedCommit(world);
    set(world, 7);
    await explainPush(world.as("viewer"), 1);
    set(world, 5);
    await look(world);
    expect(await drifted(world)).toEqual([]);
    const events = (await world.table("job_events")).filter(({ type }) => type === "commit.drifted");
    expect(events.map(({ data }) => JSON.parse(String(data)).count)).toEqual([1, 0]);
  });

  test("a target that gives no answer leaves what is known of it", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    set(world, 7);
    await explainPush(world.as("viewer"), 1);
    set(world, 5);
    world.ai.isDown = true;
    await explainPush(world.as("viewer"), 1);
    await listConflicts(world.as("viewer"), 1);
    await verifyTargets(world.as("approver"));
    expect(await drifted(world)).toEqual(["ai-agent"]);
  });

  test("a refused retry records the conflict, and who resolves it stands before the retry", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1, "d1cv");
    await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } });
    set(world, 7);
    await retryPush(world.as("approver"), { number: 1, target: null });
    expect(await drifted(world)).toEqual(["d1cv"]);
    expect(await steps(world, "author")).toEqual([["resolve"], []]);
  });

  test("resolving clears it, and one that is left stays known", async () => {
    const world = await createWorld();
    await approvedCommit(
      world,
      {},
      { row: "go-1", values: { level: "Expert" } },
      { row: "jquery-1", values: { level: "Expert" } },
    );
    set(world, 7);
    world.d1cv.remove("technology", "go-1");
    await explainPush(world.as("viewer"), 1);
    const choose = (entityId: string) =>
      resolveConflicts(world.as("author"), {
        number: 1,
        choices: [{ row: { entityType: "technology", entityId }, field: null, target: null, take: "theirs" }],
        seen: null,
      });
    const { commit: left } = valueOf(await choose("python-1"));
    expect([left.drifted, await drifted(world)]).toEqual([["d1cv"], ["d1cv"]]);
    const { commit: over } = valueOf(await choose("go-1"));
    expect([over.drifted, await drifted(world)]).toEqual([[], []]);
  });
});

describe("another commit that is applied", () => {
  /** Commit 1 of the author and commit 2 of another author, both approved. */
  const createBoth = async (values: Record<string, string>): Promise<World> => {
    const world = await createWorld();
    await approvedCommit(world);
    await stage(world, { values }, "otherAuthor");
    await commit(world, "otherAuthor");
    valueOf(await approveCommit(world.as("approver"), { number: 2, seenHash: null }));
    return world;
  };

  test("a commit is in conflict from the moment that another one is applied to its field, without asking a target", async () => {
    const world = await createBoth({ experience_years: "9" });
    await push(world, 2);
    expect(await drifted(world)).toEqual([]);
    const calls = world.d1cv.calls?.length;
    await report(world, "d1cv", completed);
    expect(world.d1cv.calls?.length).toBe(calls);
    expect(await drifted(world)).toEqual(["d1cv"]);
    await report(world, "ai-agent", completed);
    expect(await drifted(world)).toEqual(both);
    const { targets } = valueOf(await showCommit(world.as("viewer"), 1));
    expect(targets[0]?.drift?.conflicts[0]?.fields).toEqual([
      { field: "experience_years", base: 5, live: 9, yours: 8 },
    ]);
    expect(await drifted(world, 2)).toEqual([]);
  });

  test.each([
    ["another field", { level: "Expert" }],
    ["the same value", { experience_years: "8" }],
  ])("a commit is in no conflict after another one has set %s", async (_what, values) => {
    const world = await createBoth(values);
    await push(world, 2);
    await report(world, "d1cv", completed);
    expect(await drifted(world)).toEqual([]);
  });

  test("a commit of changes that were staged before another one was applied is in conflict from its beginning", async () => {
    const world = await createWorld();
    await stage(world, { values: { experience_years: "9" } }, "otherAuthor");
    world.clock.ms += 1000;
    await approvedCommit(world);
    await push(world, 1);
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    const made = valueOf(
      await createCommit(world.as("otherAuthor"), { message: "Nine", draft: false, channelId: null, only: null }),
    );
    expect(made.commit.drifted.toSorted()).toEqual(both);
    expect(await drifted(world, 2)).toEqual(both);
    expect(await steps(world)).toEqual([["approve"], ["resolve"]]);
  });
});

test("a commit that its author drops or an approver rejects is not called in conflict", async () => {
  const world = await createWorld();
  await stage(world);
  await commit(world);
  set(world, 7);
  await explainPush(world.as("viewer"), 1);
  expect(await steps(world)).toEqual([["approve"], ["resolve"]]);
  await world.run("UPDATE commits SET review = 'rejected' WHERE workspace_id = ?1", world.workspaceId);
  expect(await steps(world)).toEqual([[], ["revise"]]);
});
