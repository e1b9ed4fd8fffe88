/** What has to happen after each use case is what it wrote, and nothing else. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createBusyWorld, personWith, useCaseFixtures } from "../../test/support/shared/use-case-fixtures.ts";
import { type World, createQueues, everythingOf, people } from "../../test/support/shared/world.ts";
import type { Effect } from "../effects.ts";
import { createWithEffects } from "../with-effects.ts";
import { openHome, welcome } from "./workspace/open-home.ts";

type Rows = Record<string, Record<string, unknown>[]>;

/** A busy world in which somebody has opened their Home, and everything that has to happen has happened. */
const settled = async (): Promise<World> => {
  const world = await createBusyWorld();
  await openHome(world.as("admin"));
  await env.DB.exec("DELETE FROM outbox");
  world.effects.take();
  return world;
};

const rowsOf = async (world: World): Promise<Rows> => (await everythingOf(world.workspaceId)) as Rows;

/** The rows of a table in which a column has another value than before; new rows among them. */
const changedIn = (table: string, column: string, before: Rows, after: Rows) =>
  (after[table] ?? []).filter(
    (row) => before[table]?.find(({ id }) => id === row["id"])?.[column] !== row[column] && row[column] !== null,
  );

/** What has to happen, as the rows say it. */
const impliedBy = (workspaceId: string, before: Rows, after: Rows): Effect[] => {
  const deadlines = changedIn("jobs", "deadline_at", before, after).map((row) => String(row["deadline_at"]));
  const [at] = deadlines.toSorted();
  return [
    ...(changedIn("outbox", "id", before, after).length > 0 ? [{ kind: "relay_outbox", workspaceId } as const] : []),
    ...(changedIn("cards", "desired_version", before, after).length > 0
      ? [{ kind: "wake_slack_outbox", workspaceId } as const]
      : []),
    ...(changedIn("job_events", "id", before, after).length > 0
      ? [{ kind: "notify_followers", workspaceId } as const]
      : []),
    ...(at === undefined ? [] : [{ kind: "watch_deadline", workspaceId, at } as const]),
  ];
};

const named = (effects: readonly Effect[]): string[] =>
  effects.map((effect) => JSON.stringify({ ...effect, claimed: undefined })).toSorted();

/** An edge that notes what it carries out. */
const edgeOf = (world: World) => {
  const done: string[] = [];
  const queues = createQueues();
  const withEffects = createWithEffects({
    ...world.system,
    queues,
    notifyFollowers: async (workspaceId) => void done.push(`notify_followers ${workspaceId}`),
    wakeSlackOutbox: async (workspaceId) => void done.push(`wake_slack_outbox ${workspaceId}`),
    watchDeadline: async (workspaceId) => void done.push(`watch_deadline ${workspaceId}`),
  });
  return { done, withEffects, sent: () => Object.values(queues).flatMap(({ sent }) => sent) };
};

/** For the use cases that only read, which leave it as it is. */
let untouched: World;
beforeAll(async () => {
  untouched = await settled();
});

describe.each(useCaseFixtures)("$name", ({ role, reads, run }) => {
  test("a use case has the effects of what it wrote, and its repeat none", async () => {
    const world = reads ? untouched : await settled();
    const before = await rowsOf(world);
    const ctx = world.as(personWith[role]);
    const { done, withEffects, sent } = edgeOf(world);
    const { effects, after } = await withEffects(async (collected) => {
      await run({ ...ctx, effects: collected });
      const effects = collected.take();
      collected.add(effects);
      return { effects, after: await rowsOf(world) };
    });
    expect(named(effects)).toEqual(named(impliedBy(world.workspaceId, before, after)));
    const others = effects.filter(({ kind }) => kind !== "relay_outbox");
    expect(done.toSorted()).toEqual(others.map(({ kind }) => `${kind} ${world.workspaceId}`).toSorted());
    expect(sent()).toHaveLength(after["outbox"]?.length ?? 0);
    expect(await world.table("outbox")).toEqual([]);
    await run(ctx);
    expect(world.effects.take()).toEqual([]);
  });
});

test.each([
  ["opening Home", openHome],
  ["looking at the direct messages for the first time", welcome],
])("%s wakes the outbox of Slack messages", async (_name, open) => {
  const world = await settled();
  await open(world.as("viewer"));
  expect(world.effects.take()).toEqual([{ kind: "wake_slack_outbox", workspaceId: world.workspaceId }]);
  expect(await world.table("cards")).toContainEqual(expect.objectContaining({ subject_id: people.viewer }));
});
