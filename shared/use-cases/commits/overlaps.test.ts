/** Who else is about to change the same rows, wherever somebody looks at a commit or at what is staged. */
import { describe, expect, test } from "vitest";
import {
  type World,
  commit,
  completed,
  createWorld,
  people,
  push,
  report,
  stage,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { anyCommits } from "../../../test/support/shared/use-case-fixtures.ts";
import { approveCommit } from "../reviews/decide-commit.ts";
import { listStaged } from "../staging/list-staged.ts";
import { overlapsOfStaged } from "../staging/stage-change.ts";
import { unstageChanges } from "../staging/unstage-changes.ts";
import { editChange } from "../staging/edit-change.ts";
import { listActionItems } from "../workspace/list-action-items.ts";
import { dropCommit, reopenCommit } from "./close-commit.ts";
import { createCommit, overlapsOfCreated } from "./create-commit.ts";
import { listCommits } from "./list-commits.ts";
import { showCommit } from "./show-commit.ts";

/** Commit 1 of the author on python-1. */
const createCommitted = async (): Promise<World> => {
  const world = await createWorld();
  await stage(world);
  await commit(world);
  return world;
};
const years = { values: { experience_years: "9" } };
const row = {
  entityType: "technology",
  entityId: "python-1",
  targets: ["d1cv", "ai-agent"],
  fields: ["experience_years"],
  whole: false,
};
const ofCommit = { commit: 1, change: null, author: people.author, rows: [row], rowCount: 1 };
const ofChange = { commit: null, change: 2, author: people.otherAuthor, rows: [row], rowCount: 1 };

const shown = async (world: World, number = 1) => valueOf(await showCommit(world.as("approver"), number)).overlaps;
const versions = async (world: World) =>
  (await world.table("cards")).filter(({ kind }) => kind === "commit").map((card) => Number(card["desired_version"]));

describe("an overlap", () => {
  test("a staged change names the open commit on its row, and the commit names it from that moment", async () => {
    const world = await createCommitted();
    expect(overlapsOfStaged(await stage(world, years, "otherAuthor"))).toEqual([ofCommit]);
    expect(await shown(world)).toEqual([ofChange]);
    const { overlaps } = valueOf(await listStaged(world.as("otherAuthor")));
    expect([...overlaps]).toEqual([[2, [ofCommit]]]);
    const { actionItems } = valueOf(await listActionItems(world.as("approver")));
    expect(actionItems).toMatchObject([{ kind: "approve", overlaps: [ofChange] }]);
  });

  test("two open commits name each other, in the list as well", async () => {
    const world = await createCommitted();
    await stage(world, years, "otherAuthor");
    const created = valueOf(
      await createCommit(world.as("otherAuthor"), { message: "Nine", draft: false, channelId: null, only: null }),
    );
    expect(overlapsOfCreated(created)).toEqual([ofCommit]);
    const other = { ...ofChange, commit: 2, change: null };
    expect(await shown(world)).toEqual([other]);
    const { commits, overlaps } = valueOf(await listCommits(world.as("viewer"), anyCommits));
    expect(commits.map(({ number }) => number)).toEqual([2, 1]);
    expect(overlaps).toEqual([[ofCommit], [other]]);
  });

  test("an overlap ends at each target that has applied the other commit", async () => {
    const world = await createCommitted();
    await stage(world, years, "otherAuthor");
    valueOf(await approveCommit(world.as("approver"), { number: 1, seenHash: null }));
    await push(world, 1);
    await report(world, "d1cv", completed);
    const overlapping = async () => valueOf(await listStaged(world.as("viewer"))).overlaps.get(2);
    expect(await overlapping()).toEqual([{ ...ofCommit, rows: [{ ...row, targets: ["ai-agent"] }] }]);
    await report(world, "ai-agent", completed);
    expect(await overlapping()).toEqual([]);
  });
});

describe("what the card of a commit says of others", () => {
  test.each<[string, (world: World) => Promise<unknown>]>([
    ["staged", async () => null],
    [
      "edited",
      async (world) => valueOf(await editChange(world.as("otherAuthor"), { number: 2, values: { level: "Expert" } })),
    ],
    ["unstaged", async (world) => valueOf(await unstageChanges(world.as("otherAuthor"), { numbers: [2] }))],
    ["committed", (world) => commit(world, "otherAuthor")],
  ])("the card is rewritten when somebody else's change to its row is %s", async (what, act) => {
    const world = await createCommitted();
    const before = await versions(world);
    if (what === "staged") await stage(world, years, "otherAuthor");
    else {
      await stage(world, years, "otherAuthor");
      before.splice(0, before.length, ...(await versions(world)));
      await act(world);
    }
    const after = (await versions(world)).slice(0, before.length);
    expect(after).toEqual(before.map((version) => version + 1));
  });

  test.each([
    ["dropped", dropCommit],
    ["reopened", reopenCommit],
  ] as const)("the card is rewritten when another commit on its row is %s", async (_what, close) => {
    const world = await createCommitted();
    const cards = (await versions(world)).length;
    await stage(world, years, "otherAuthor");
    await commit(world, "otherAuthor");
    const before = (await versions(world)).slice(0, cards);
    valueOf(await close(world.as("otherAuthor"), 2));
    expect((await versions(world)).slice(0, cards)).toEqual(before.map((version) => version + 1));
  });

  test("a change to another row rewrites no card", async () => {
    const world = await createCommitted();
    const before = await versions(world);
    await stage(world, { row: "go-1", values: { level: "Expert" } }, "otherAuthor");
    expect(await versions(world)).toEqual(before);
  });
});

test("the overlaps of a list cost one statement, however many rows and commits overlap", async () => {
  const statementsFor = async (commits: number): Promise<number[]> => {
    const world = await createWorld();
    for (let made = 0; made < commits; made += 1) {
      await stage(world, { values: { experience_years: String(10 + made) } });
      await stage(world, { row: "go-1", values: { experience_years: String(10 + made) } });
      await commit(world);
      await stage(world, { values: { level: "Expert" } }, "otherAuthor").catch(() => null);
    }
    const counts: number[] = [];
    for (const list of [listStaged, listActionItems, (ctx: ReturnType<World["as"]>) => listCommits(ctx, anyCommits)]) {
      const [trips, before] = [world.db.roundTrips, world.db.statements];
      valueOf<unknown>(await list(world.as("viewer")));
      counts.push(world.db.roundTrips - trips, world.db.statements - before);
    }
    return counts;
  };
  const [few, many] = [await statementsFor(1), await statementsFor(8)];
  expect(many).toEqual(few);
});
