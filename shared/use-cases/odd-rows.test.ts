/** Rows with ids of any service, and stored rows that cannot be read: they stop nobody. */
import { describe, expect, test } from "vitest";
import {
  type World,
  approvedCommit,
  channelId,
  commit,
  createWorld,
  push,
  reasonOf,
  stage,
  valueOf,
} from "../../test/support/shared/world.ts";
import { deliver } from "../../test/support/shared/deliver.ts";
import { createCommit } from "./commits/create-commit.ts";
import { dropCommit, reopenCommit } from "./commits/close-commit.ts";
import { listRows } from "./portfolio/list-rows.ts";
import { startPush } from "./pushes/start-push.ts";
import { explainPush } from "./reviews/explain-checks.ts";
import { listStaged } from "./staging/list-staged.ts";
import { stageChange } from "./staging/stage-change.ts";
import { unstageChanges } from "./staging/unstage-changes.ts";
import { listActionItems } from "./workspace/list-action-items.ts";

const oddIds = ["c++", "名前/1 x", "a,b", "..", "100 %", 'O\'Neil "x"', "?ids=a#b"];

test.each(oddIds)("a row with the id %j is staged, committed, pushed and applied", async (id) => {
  const world = await createWorld();
  for (const target of [world.d1cv, world.ai]) target.put("technology", id, { name: "Odd", category: "Tools" });
  await approvedCommit(world, { row: id, values: { level: "Expert" } });
  await push(world, 1);
  await deliver(world, "d1cv");
  expect(world.d1cv.row("technology", id)?.values).toMatchObject({ level: "Expert" });
  expect(valueOf(await listActionItems(world.as("author"))).onTheWay).toHaveLength(1);
});

test("a row of a target that cannot be read is named, and the others are listed", async () => {
  const world = await createWorld();
  const odd = { id: "odd-1", version: "1", deletedAt: null, values: { name: 7, category: ["Tools"] } };
  const go = { id: "go-9", version: "1", deletedAt: null, values: { name: "Go", category: "Language" } };
  const answer = { status: 200, body: { rows: [{ ...odd, values: { name: { first: "Odd" } } }, go] } };
  world.d1cv.answerNext("rows", answer, answer);
  const { rows, unreadable } = valueOf(await listRows(world.as("viewer"), "technology"));
  expect(rows.map(({ id }) => id)).toEqual(["go-9"]);
  expect(unreadable).toEqual([{ id: "odd-1", cause: expect.stringMatching(/^values\.name: /) }]);
  const refused = await stageChange(world.as("author"), {
    action: "UPDATE",
    entityType: "technology",
    row: "odd-1",
    values: { level: "Expert" },
    targets: ["d1cv"],
    note: null,
    source: null,
  });
  expect(reasonOf(refused)).toMatchObject({ code: "row_unreadable", entityId: "odd-1", target: "d1cv" });
});

describe("a stored row that cannot be read", () => {
  /** As a version wrote it that knew another type of entity, or as somebody wrote it by hand. */
  const spoil = (world: World, number: number, column: string, value: string) =>
    world.run(
      `UPDATE staged_changes SET ${column} = ?3 WHERE workspace_id = ?1 AND number = ?2`,
      world.workspaceId,
      number,
      value,
    );

  test.each([
    ["entity_type", "award"],
    ["payload", "{"],
    ["payload", '{"name":{"first":"Odd"}}'],
    ["base", "[]"],
    ["targets", "d1cv"],
  ])("a staged change whose %s is %s stops no list, no commit and no other change", async (column, value) => {
    const world = await createWorld();
    await stage(world);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await spoil(world, 1, column, value);
    const numbers = async () => valueOf(await listStaged(world.as("author"))).changes.map(({ number }) => number);
    expect(await numbers()).toEqual([2]);
    await stage(world, { row: "go-1", values: { experience_years: "4" } });
    valueOf(await createCommit(world.as("author"), { message: "Go", draft: false, channelId, only: null }));
    expect(await numbers()).toEqual([]);
    expect(await world.table("staged_changes")).toMatchObject([
      { number: 1, state: "staged" },
      { number: 2, state: "committed" },
      { number: 3, state: "committed" },
    ]);
  });

  test("an admin hears of it, with its cause, and unstages it; nobody else may", async () => {
    const world = await createWorld();
    await stage(world);
    await spoil(world, 1, "base", "[]");
    const seen = async (who: "admin" | "author") =>
      valueOf(await listActionItems(world.as(who))).actionItems.filter(({ kind }) => kind === "unreadable");
    expect(await seen("admin")).toMatchObject([
      { rows: [{ table: "staged_changes", number: 1, cause: expect.stringMatching(/^base: /) }] },
    ]);
    expect(await seen("author")).toEqual([]);
    expect(reasonOf(await unstageChanges(world.as("author"), { numbers: [1] }))).toMatchObject({ code: "forbidden" });
    valueOf(await unstageChanges(world.as("admin"), { numbers: [1] }));
    expect(await seen("admin")).toEqual([]);
    expect(await world.table("staged_changes")).toMatchObject([{ state: "discarded" }]);
  });

  test("its commit is not pushed in part, and can be dropped", async () => {
    const world = await createWorld();
    const number = await approvedCommit(world, {}, { row: "go-1", values: { level: "Expert" } });
    await spoil(world, 1, "payload", "{");
    const because = { code: "commit_unreadable", number, rows: [{ table: "staged_changes", number: 1 }] };
    expect(reasonOf(await startPush(world.as("approver"), { number, scope: "all", channelId }))).toMatchObject(because);
    expect(reasonOf(await explainPush(world.as("author"), number))).toMatchObject(because);
    expect(reasonOf(await reopenCommit(world.as("author"), number))).toMatchObject(because);
    expect(valueOf(await dropCommit(world.as("author"), number))).toMatchObject({ changeCount: 2 });
    expect(await world.table("jobs")).toEqual([]);
  });

  test("the stored operations of a job stop no list; the push fails, and a retry prepares them again", async () => {
    const world = await createWorld();
    await approvedCommit(world);
    await push(world, 1);
    await world.run("UPDATE jobs SET operations = ?2 WHERE workspace_id = ?1", world.workspaceId, '{"inserts":[{}');
    expect(valueOf(await listActionItems(world.as("author"))).onTheWay).toHaveLength(1);
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    expect(await commit(world)).toBe(2);
  });

  /** Nothing rewrites the log, so a row that cannot be read is one that came so. */
  const unreadableEvent = `INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at)
    SELECT workspace_id, type, actor_kind, actor_id, '{', trace_id, created_at FROM job_events`;

  test.each([
    ["job_events", unreadableEvent],
    ["staged_changes", "UPDATE staged_changes SET contributors = '{'"],
    ["approvals", "UPDATE approvals SET decided_at = '{'"],
    ["cards", "UPDATE cards SET kind = '{'"],
  ])("a row of %s that cannot be read stops neither the action items nor a commit", async (_table, statement) => {
    const world = await createWorld();
    await approvedCommit(world);
    await world.run(`${statement} WHERE workspace_id = ?1`, world.workspaceId);
    expect(await listActionItems(world.as("admin"), { events: 20 })).toMatchObject({ ok: true });
    await stage(world, { row: "jquery-1", values: { level: "Expert" } });
    expect(await commit(world)).toBe(2);
  });

  test("the row of one workspace is nothing to another", async () => {
    const world = await createWorld();
    const other = await createWorld();
    await stage(world);
    await spoil(world, 1, "base", "[]");
    await stage(other);
    expect(valueOf(await listActionItems(other.as("admin"))).actionItems).toEqual([]);
  });
});
