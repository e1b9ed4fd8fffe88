import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { takeNumber, takenNumber } from "./counters.ts";
import { read } from "./database.ts";
import { insertIdempotencyRecord, saveResult, idempotencyRecordQuery } from "./idempotency-records.ts";
import { writeQuietly } from "./write.ts";

const now = "2026-09-24T10:00:00.000Z";

const recordOf = async (workspaceId: string, key: string) =>
  (await read(env.DB, idempotencyRecordQuery(workspaceId, key)))[0];

test("a request that wrote nothing has no idempotency record", async () => {
  expect(await recordOf("T0RECORD01", "slack:1")).toBeNull();
});

test("an idempotency record keeps the result with the numbers its batch took", async () => {
  const workspaceId = "T0RECORD02";
  await writeQuietly(env.DB, [
    insertIdempotencyRecord({ workspaceId, now }, "slack:1"),
    takeNumber(workspaceId, "commit"),
    saveResult(workspaceId, "slack:1", {
      commit: { number: takenNumber(workspaceId, "commit"), message: 'It\'s "a" ?3 message' },
      targets: ["d1cv"],
    }),
  ]);
  expect(await recordOf(workspaceId, "slack:1")).toEqual({
    result: { commit: { number: 1, message: 'It\'s "a" ?3 message' }, targets: ["d1cv"] },
  });
  expect(await recordOf("T0RECORD03", "slack:1")).toBeNull();
});

test("a result that is too large is left out of its idempotency record", async () => {
  const workspaceId = "T0RECORD04";
  await writeQuietly(env.DB, [
    insertIdempotencyRecord({ workspaceId, now }, "slack:1"),
    saveResult(workspaceId, "slack:1", "x".repeat(600_000)),
  ]);
  expect(await recordOf(workspaceId, "slack:1")).toEqual({ result: null });
});
