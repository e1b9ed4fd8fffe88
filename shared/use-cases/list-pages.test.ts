/** Commits and events by page. */
import { describe, expect, test } from "vitest";
import { anyCommits, createBusyWorld } from "../../test/support/shared/use-case-fixtures.ts";
import { type World, commit, createWorld, people, reasonOf, stage, valueOf } from "../../test/support/shared/world.ts";
import { dropCommit } from "./commits/close-commit.ts";
import { type ListCommitsInput, listCommits } from "./commits/list-commits.ts";
import { listEvents } from "./workspace/list-events.ts";

const list = async (world: World, input: Partial<ListCommitsInput> = {}) => {
  const { commits, older, newer } = valueOf(await listCommits(world.as("viewer"), { ...anyCommits, ...input }));
  return { numbers: commits.map(({ number }) => number), older, newer };
};

const worldOf = async (commits: number): Promise<World> => {
  const world = await createWorld();
  for (let count = 0; count < commits; count += 1) {
    await stage(world, { values: { experience_years: String(10 + count) } });
    await commit(world);
  }
  return world;
};

describe("commits", () => {
  test("commits are listed by page, and each page links to its neighbours", async () => {
    const world = await worldOf(7);
    expect(await list(world, { limit: 3 })).toEqual({ numbers: [7, 6, 5], older: 5, newer: null });
    expect(await list(world, { limit: 3, before: 5 })).toEqual({ numbers: [4, 3, 2], older: 2, newer: "newest" });
    expect(await list(world, { limit: 3, before: 2 })).toEqual({ numbers: [1], older: null, newer: 5 });
    expect(await list(world, { limit: 7 })).toMatchObject({ older: null, newer: null });
  });

  test("commits that arrive later do not move the pages of a list", async () => {
    const world = await worldOf(4);
    const before = await list(world, { limit: 2, before: 3 });
    await stage(world, { row: "go-1", values: { level: "Expert" } });
    await commit(world);
    expect((await list(world, { limit: 2, before: 3 })).numbers).toEqual(before.numbers);
  });

  test.each<[Partial<ListCommitsInput>, number[]]>([
    [{ status: "review" }, [3]],
    [{ status: "IN-REVIEW" }, [3]],
    [{ status: "draft" }, [4]],
    [{ status: "failed" }, [1]],
    [{ status: "approved" }, [2, 1]],
    [{ status: "pending" }, [4, 3, 2]],
    [{ status: "applied" }, []],
    [{ author: people.author }, [4, 3, 2, 1]],
    [{ author: people.otherAuthor }, []],
    [{ since: "2026-11-23T08:00:00.001Z" }, []],
    [{ since: "2026-11-23T08:00:00.000Z" }, [4, 3, 2, 1]],
  ])("commits filtered by %j are %j", async (input, numbers) => {
    expect((await list(await createBusyWorld(), input)).numbers).toEqual(numbers);
  });

  test("dropped commits are listed only on request", async () => {
    const world = await worldOf(2);
    valueOf(await dropCommit(world.as("author"), 1));
    expect((await list(world)).numbers).toEqual([2]);
    expect((await list(world, { status: "dropped" })).numbers).toEqual([1]);
  });

  test("a list of commits refuses an unknown status and suggests the nearest", async () => {
    const world = await createWorld();
    const refused = await listCommits(world.as("viewer"), { ...anyCommits, status: "aproved" });
    expect(reasonOf(refused)).toMatchObject({ code: "unknown_status", suggestion: "approved" });
  });
});

describe("the log", () => {
  test("the log lists the newest events first, with their numbers, by page", async () => {
    const world = await createBusyWorld();
    const first = valueOf(await listEvents(world.as("viewer"), { limit: 4, before: null }));
    const newest = valueOf(await listEvents(world.as("viewer"), { limit: 100, before: null })).events;
    const ofChanges = newest.filter(({ type }) => /^(?:dead_letter|change|commit)\./.test(type)).slice(0, 4);
    expect(ofChanges.map(({ type, commitNumber, changeNumber }) => [type, commitNumber, changeNumber])).toEqual([
      ["dead_letter.kept", null, null],
      ["change.staged", null, 5],
      ["commit.created", 4, null],
      ["change.staged", null, 4],
    ]);
    const second = valueOf(await listEvents(world.as("viewer"), { limit: 4, before: first.older }));
    expect(second.newer).toBe("newest");
    const third = valueOf(await listEvents(world.as("viewer"), { limit: 4, before: second.older }));
    expect(third.newer).toBe(first.older);
    const all = valueOf(await listEvents(world.as("viewer"), { limit: 100, before: null })).events;
    expect([...first.events, ...second.events, ...third.events]).toEqual(all.slice(0, 12));
    expect(all.find(({ type }) => type === "push.started")).toMatchObject({ pushNumber: 1, commitNumber: 1 });
  });

  test("the log leaves out the progress of jobs", async () => {
    const world = await createBusyWorld();
    const log = async () => valueOf(await listEvents(world.as("viewer"), { limit: 100, before: null }));
    const before = await log();
    await world.run(
      `INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at)
       SELECT workspace_id, 'job.progress', actor_kind, actor_id, data, trace_id, created_at
       FROM job_events WHERE workspace_id = ?1`,
      world.workspaceId,
    );
    expect(await log()).toEqual(before);
  });

  test.each(["UPDATE job_events SET actor_id = 'U0OTHER01'", "DELETE FROM job_events"])(
    "the log is append-only: %s is refused",
    async (statement) => {
      const world = await createBusyWorld();
      const before = await world.table("job_events");
      await expect(world.run(`${statement} WHERE workspace_id = ?1`, world.workspaceId)).rejects.toThrow("append-only");
      expect(await world.table("job_events")).toEqual(before);
    },
  );
});
