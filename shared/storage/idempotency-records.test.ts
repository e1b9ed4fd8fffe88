import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { takeNumber, takenNumber } from "./counters.ts";
import { read } from "./database.ts";
import { insertInbox, keepOutcome, seenQuery } from "./inbox.ts";
import { writeQuietly } from "./write.ts";

const now = "2026-09-24T10:00:00.000Z";

const seen = async (workspaceId: string, key: string) => (await read(env.DB, seenQuery(env.DB, workspaceId, key)))[0];

test("a request without effect is not known", async () => {
  expect(await seen("T0INBOX01", "slack:1")).toBeNull();
});

test("a request's outcome is kept with what its batch found out", async () => {
  const workspaceId = "T0INBOX02";
  await writeQuietly(env.DB, [
    insertInbox(env.DB, workspaceId, "slack:1", now),
    takeNumber(env.DB, workspaceId, "commit"),
    keepOutcome(env.DB, workspaceId, "slack:1", {
      commit: { number: takenNumber(workspaceId, "commit"), message: 'It\'s "a" ?3 message' },
      targets: ["d1cv"],
    }),
  ]);
  expect(await seen(workspaceId, "slack:1")).toEqual({
    outcome: { commit: { number: 1, message: 'It\'s "a" ?3 message' }, targets: ["d1cv"] },
  });
  expect(await seen("T0INBOX03", "slack:1")).toBeNull();
});

test("an outcome that a row has no room for is left out, and the request is known all the same", async () => {
  const workspaceId = "T0INBOX04";
  await writeQuietly(env.DB, [
    insertInbox(env.DB, workspaceId, "slack:1", now),
    keepOutcome(env.DB, workspaceId, "slack:1", "x".repeat(600_000)),
  ]);
  expect(await seen(workspaceId, "slack:1")).toEqual({ outcome: null });
});
