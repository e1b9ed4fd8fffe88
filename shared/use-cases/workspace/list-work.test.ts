import { describe, expect, test } from "vitest";
import { apiCommitCard } from "../../contract/resources.ts";
import { createBusyWorld } from "../../../test/support/shared/use-case-fixtures.ts";
import {
  type Person,
  type World,
  approvedCommit,
  commit,
  completed,
  createWorld,
  push,
  report,
  stage,
  stageInput,
  valueOf,
} from "../../../test/support/shared/world.ts";
import { stageChanges } from "../staging/stage-changes.ts";
import { listWork } from "./list-work.ts";

const worked = async (world: World, person: Person, { limit = 20, after = 0 } = {}) =>
  valueOf(await listWork(world.as(person, { idempotencyKey: null }), { limit, after }));

describe("the work of a person", () => {
  test("a page of work takes two round trips, however many commits it lists", async () => {
    const world = await createBusyWorld();
    const ctx = world.as("admin", { idempotencyKey: null });
    const before = world.db.roundTrips;
    const { cards } = valueOf(await listWork(ctx, { limit: 100, after: 0 }));
    expect(cards.size).toBe(3);
    expect(world.db.roundTrips - before).toBe(2);
  });

  test("a commit stands once, with its first step, though several people have something to do", async () => {
    const world = await createBusyWorld();
    const { actionItems, waiting, counts } = await worked(world, "author");
    expect(actionItems.map(({ kind }) => kind)).toEqual(["resolve", "ask", "commit"]);
    expect(waiting.map(({ kind, commit: { number } }) => `${kind} ${number}`)).toEqual(["retry 1", "push 2"]);
    expect(counts).toEqual({ actionItems: 3, onTheWay: 0, waiting: 2 });
  });

  test("a page of work leaves out so many of each list and says when there is more", async () => {
    const world = await createBusyWorld();
    const first = await worked(world, "viewer", { limit: 2 });
    const second = await worked(world, "viewer", { limit: 2, after: 2 });
    expect([first.next, second.next]).toEqual([2, null]);
    expect([...first.waiting, ...second.waiting]).toHaveLength(first.counts.waiting);
  });

  test("a commit whose push has ended is listed as finished until ten minutes later", async () => {
    const world = await createWorld();
    const number = await approvedCommit(world);
    await push(world, number);
    expect((await worked(world, "viewer")).finished).toEqual([]);
    await report(world, "d1cv", completed);
    await report(world, "ai-agent", completed);
    const { finished, cards } = await worked(world, "viewer");
    expect(finished.map((each) => each.number)).toEqual([number]);
    expect([...cards.values()]).toMatchObject([{ pushes: [{ state: "completed" }], jobs: [{}, {}] }]);
    world.clock.ms += 11 * 60_000;
    expect((await worked(world, "viewer")).finished).toEqual([]);
  });

  test("a listed commit has its rows, or where there are more than twenty its summary alone", async () => {
    const world = await createWorld();
    await stage(world);
    const small = await commit(world);
    const rows = Array.from({ length: 21 }, (_, at) => ({
      name: `Row ${at}`,
      category: "Backend",
      experience_years: "1",
    }));
    await stageChanges(
      world.as("author"),
      rows.map((values) => stageInput({ action: "CREATE", row: null, values })),
    );
    const large = await commit(world);
    const cards = [...(await worked(world, "approver")).cards.values()].map(apiCommitCard);
    expect(cards.find((card) => card.number === small)).toMatchObject({ operationCount: 1, changeCount: 1 });
    expect(cards.find((card) => card.number === large)).toMatchObject({
      operations: null,
      operationCount: null,
      changeCount: 21,
      summary: "21 technologies added",
    });
  });
});
