import { beforeAll, describe, expect, test } from "vitest";
import { createBusyWorld, useCaseFixtures } from "../../test/support/shared/use-case-fixtures.ts";
import {
  completed,
  everythingOf,
  jobFor,
  reasonOf,
  type World,
  stage,
  valueOf,
  webhookOf,
} from "../../test/support/shared/world.ts";
import { recordOutcome } from "./pushes/record-outcome.ts";
import { settleJob } from "./pushes/settle-job.ts";
import { showCommit } from "./commits/show-commit.ts";

/** Workspaces with the same people, the same numbers and the same row ids; only their ids and portfolios differ. */
const createMine = async (): Promise<World> => {
  const world = await createBusyWorld();
  await stage(world, { values: { summary: "Mine" } }, "admin");
  return world;
};

/** Every test leaves this one as it was. */
let other: World;
/** For what only reads. */
let untouched: World;
/** Its author is its admin, and nobody else has a role. */
let withoutRoles: World;
beforeAll(async () => {
  other = await createBusyWorld();
  untouched = await createMine();
  withoutRoles = await createMine();
  const { run, workspaceId } = withoutRoles;
  await run("DELETE FROM members WHERE workspace_id = ?1 AND user_id <> 'U0AVERY01'", workspaceId);
  await run("UPDATE members SET role = 'admin' WHERE workspace_id = ?1", workspaceId);
});

const callsOf = (world: World): string[] => [...world.d1cv.calls, ...world.ai.calls];

/** Everything by which a workspace's rows differ from another's. */
const idsOf = (everything: Record<string, unknown[]>): string[] =>
  Object.values(everything)
    .flat()
    .flatMap((row) => (row !== null && typeof row === "object" && "id" in row ? [String(row.id)] : []))
    .filter((id) => id.startsWith("id"));

describe.each(useCaseFixtures)("$name", ({ reads, role, run }) => {
  test("a use case neither shows nor changes another workspace or its portfolio", async () => {
    const mine = reads ? untouched : await createMine();
    const before = await everythingOf(other.workspaceId);
    const calls = callsOf(other);
    const answer = JSON.stringify(valueOf(await run(mine.as("admin"))));
    expect(await everythingOf(other.workspaceId)).toEqual(before);
    expect(callsOf(other)).toEqual(calls);
    expect(answer).not.toContain(other.workspaceId);
    expect(answer).not.toContain(other.portfolioId);
    const foreign = idsOf(before);
    expect(foreign.length).toBeGreaterThan(20);
    expect(foreign.filter((id) => answer.includes(id))).toEqual([]);
  });

  test("a use case takes no role from another workspace", async () => {
    const before = await everythingOf(withoutRoles.workspaceId);
    const result = await run(withoutRoles.as("otherApprover"));
    if (!result.ok) expect(result.reason).toMatchObject({ code: "forbidden", role: "viewer" });
    // People may end their own tokens, whatever their role.
    if (role === "viewer" && reads !== true) expect(result).toMatchObject({ ok: true });
    else expect(await everythingOf(withoutRoles.workspaceId)).toEqual(before);
  });
});

describe("reports of targets", () => {
  test("a target's report changes only a job of its own workspace", async () => {
    const mine = await createMine();
    const before = await everythingOf(other.workspaceId);
    valueOf(await recordOutcome(mine.system, webhookOf(mine, await jobFor(mine, "d1cv"), completed)));
    expect(await everythingOf(other.workspaceId)).toEqual(before);
  });

  test("a target's report about another workspace's job is refused", async () => {
    const before = await everythingOf(other.workspaceId);
    const foreign = webhookOf(untouched, await jobFor(other, "d1cv"), completed);
    expect(reasonOf(await recordOutcome(untouched.system, foreign))).toEqual({ code: "unauthorized" });
    expect(await everythingOf(other.workspaceId)).toEqual(before);
  });

  test("a target's report may carry an id that another workspace has used", async () => {
    const [mine, theirs] = [await createMine(), await createBusyWorld()];
    const [one, two] = [
      webhookOf(mine, await jobFor(mine, "d1cv"), completed),
      webhookOf(theirs, await jobFor(theirs, "d1cv"), completed),
    ];
    if (!one.webhook || !two.webhook) throw new Error("a webhook has a sender");
    valueOf(await recordOutcome(mine.system, one));
    expect(
      await recordOutcome(theirs.system, {
        ...two,
        webhook: { ...two.webhook, idempotencyKey: one.webhook.idempotencyKey },
      }),
    ).toMatchObject({ ok: true });
  });
});

test("settling a job asks only the target of its own workspace", async () => {
  const mine = await createMine();
  const calls = callsOf(other);
  const before = await everythingOf(other.workspaceId);
  const job = await jobFor(mine, "d1cv");
  await mine.run("UPDATE jobs SET state = 'pending' WHERE workspace_id = ?1 AND id = ?2", mine.workspaceId, job.id);
  await mine.run(
    "UPDATE jobs SET state = 'timeout', deadline_at = created_at WHERE workspace_id = ?1 AND id = ?2",
    mine.workspaceId,
    job.id,
  );
  expect(await settleJob(mine.system, await jobFor(mine, "d1cv"))).toBe("recorded");
  expect(mine.d1cv.calls).toContain("POST cancel");
  expect(callsOf(other)).toEqual(calls);
  expect(await everythingOf(other.workspaceId)).toEqual(before);
});

test("the same number is a different commit in each workspace", async () => {
  const ids = await Promise.all(
    [untouched, other].map(async (world) => valueOf(await showCommit(world.as("viewer"), 1)).commit.id),
  );
  expect(new Set(ids).size).toBe(2);
});
