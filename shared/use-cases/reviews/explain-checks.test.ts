import { describe, expect, test } from "vitest";
import { isClear } from "../../domain/commits/checks.ts";
import {
  approvedCommit,
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
import { dropCommit } from "../commits/close-commit.ts";
import { explainPush } from "./explain-checks.ts";

const why = async (world: World, person: "viewer" | "author" | "approver" = "approver") =>
  valueOf(await explainPush(world.as(person), 1));
const blocked = async (world: World, person?: "viewer" | "author" | "approver") =>
  (await why(world, person)).checks.filter(({ state }) => state !== "open");

describe("the checks of a commit", () => {
  test("the checks of a ready commit all pass after asking each target", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.d1cv.calls = [];
    world.ai.calls = [];
    const before = await everythingOf(world.workspaceId);
    const explained = await why(world);
    expect(isClear(explained.checks)).toBe(true);
    expect(explained).toMatchObject({ targets: ["d1cv", "ai-agent"], mode: "team", commit: { number: 1 } });
    expect([world.d1cv.calls, world.ai.calls]).toEqual([["GET rows"], ["GET rows"]]);
    expect(await everythingOf(world.workspaceId)).toEqual(before);
  });

  test("the checks of a commit show who has approved and who still can", async () => {
    const world = await createWorld({ approvalsNeeded: 2 });
    await stage(world);
    await commit(world);
    expect(await blocked(world)).toMatchObject([
      {
        name: "approvals",
        given: [],
        needed: 2,
        who: [people.admin, people.otherApprover, people.approver],
        mine: true,
      },
    ]);
  });

  test("the checks of a commit show a push in progress and its target", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    expect(await blocked(world, "viewer")).toMatchObject([
      { name: "permission", readerRole: "viewer" },
      { name: "no_push_on_its_way", target: "d1cv", since: "2026-11-23T08:00:00.000Z", mine: false },
    ]);
  });

  test("the checks of a commit show the last failure", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "no space" } });
    expect(await blocked(world)).toMatchObject([
      { name: "last_outcome", target: "d1cv", error: "no space", command: "retry 1", mine: true },
    ]);
  });

  test("the checks of a commit show drift, and note a target that is down", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    world.d1cv.isDown = true;
    world.ai.put("technology", "python-1", { name: "Python", category: "Backend", experience_years: 7 });
    expect(await blocked(world)).toMatchObject([
      { name: "reachable", state: "note", target: "d1cv", problem: "could not be reached" },
      { name: "no_drift", state: "note", target: "d1cv" },
      { name: "no_drift", state: "blocked", target: "ai-agent", count: 1, conflicts: [{ fields: [{ live: 7 }] }] },
    ]);
  });

  test("the checks ask a target that is down once for all types of rows", async () => {
    const world = await createWorld();
    const project = { name: "Atlas", description: "Maps" };
    for (const target of [world.d1cv, world.ai]) target.put("project", "atlas-1", project);
    await approvedCommit(world, {}, { entityType: "project", row: "atlas-1", values: { role: "Lead" } });
    world.d1cv.isDown = true;
    world.d1cv.calls = [];
    await why(world);
    expect(world.d1cv.calls).toEqual(["GET rows"]);
  });

  test("the checks show a target that is down for a commit of new rows", async () => {
    const world = await createWorld();
    await approvedCommit(world, { action: "CREATE", row: null, values: { name: "Rust", category: "Backend" } });
    world.ai.isDown = true;
    expect(await blocked(world)).toMatchObject([
      { name: "reachable", target: "ai-agent" },
      { name: "no_drift", state: "note", target: "ai-agent" },
    ]);
  });

  test("the checks ask no target for a commit that is applied or closed", async () => {
    const world = await createWorld();
    await push(world, await approvedCommit(world));
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await commit(world);
    valueOf(await dropCommit(world.as("author"), 2));
    world.d1cv.calls = [];
    expect(await blocked(world)).toMatchObject([{ name: "not_applied", applied: ["d1cv", "ai-agent"] }]);
    expect(valueOf(await explainPush(world.as("viewer"), 2)).checks[0]).toMatchObject({ closed: "dropped" });
    expect(world.d1cv.calls).toEqual([]);
  });

  test("the checks of a commit that does not exist are refused", async () => {
    const world = await createWorld();
    expect(reasonOf(await explainPush(world.as("viewer"), 9))).toEqual({ code: "commit_not_found", number: 9 });
  });
});
