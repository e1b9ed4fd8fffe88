/** What each of many pushes costs that are started at the same moment. */
import { expect, test } from "vitest";
import { databasesOf } from "../../storage/databases.ts";
import { rowCountingDatabase } from "../../../test/support/shared/row-counting-database.ts";
import { approvedCommit, channelId, createQueues, createWorld, valueOf } from "../../../test/support/shared/world.ts";
import { createWithEffects } from "../../with-effects.ts";
import { startPush } from "./start-push.ts";

/** Starts so many pushes, each of a commit of its own, as so many requests. */
const pushAtOnce = async (count: number) => {
  const world = await createWorld();
  const numbers: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const create = { action: "CREATE", row: null, values: { name: `Tool ${index}`, category: "Backend" } } as const;
    numbers.push(await approvedCommit(world, create));
  }
  world.effects.take();
  const db = rowCountingDatabase();
  const queues = createQueues();
  const nothing = async (): Promise<void> => {};
  const withEffects = createWithEffects({
    databases: databasesOf({ DB: db }, world.system.nowMs),
    nowMs: world.system.nowMs,
    queues,
    notifyFollowers: nothing,
    wakeSlackOutbox: nothing,
    watchDeadline: nothing,
  });
  await Promise.all(
    numbers.map((number) =>
      withEffects(async (effects) =>
        valueOf(await startPush({ ...world.as("approver"), db, effects }, { number, scope: "all", channelId })),
      ),
    ),
  );
  const relayed = db.statements.filter(({ sql }) => /^(?:UPDATE|DELETE FROM) outbox/.test(sql));
  return {
    messages: queues["cv-push"].sent.map(({ jobId }) => jobId),
    left: (await world.table("outbox")).length,
    rowsEach: db.rowsRead / count,
    rowsOfRelayEach: relayed.reduce((sum, { rows }) => sum + rows, 0) / count,
  };
};

test("a push costs as many messages and rows when a hundred are started at once", async () => {
  const [one, twenty, hundred] = [await pushAtOnce(1), await pushAtOnce(20), await pushAtOnce(100)];
  for (const [count, { messages, left, rowsEach, rowsOfRelayEach }] of [
    [1, one],
    [20, twenty],
    [100, hundred],
  ] as const) {
    expect(messages).toHaveLength(count);
    expect(new Set(messages).size).toBe(count);
    expect(left).toBe(0);
    expect(rowsOfRelayEach).toBeLessThan(15);
    expect(rowsEach).toBeLessThan(one.rowsEach * 1.5);
  }
}, 120_000);
