import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { read } from "../database.ts";
import { writeQuietly } from "../write.ts";
import { insertWorkspace, workspaceIdsQuery } from "./workspaces.ts";

test("a schedule's runs take turns over all workspaces, a limited number each", async () => {
  const ids = Array.from({ length: 7 }, (_, index) => `T0TURN${index}`);
  const now = "2026-11-01T00:00:00.000Z";
  await writeQuietly(
    env.DB,
    ids.map((workspaceId) => insertWorkspace({ workspaceId, now })),
  );
  const { results } = await env.DB.prepare("SELECT workspace_id FROM workspaces ORDER BY workspace_id").all();
  const turns = await Promise.all([0, 1, 2, 3].map((turn) => read(env.DB, workspaceIdsQuery(2, 401 + turn))));
  const taken = turns.map(([list]) => list);
  expect(Math.max(...taken.map((list) => list.length))).toBe(2);
  expect(taken.flat().toSorted()).toEqual(results.map((row) => row["workspace_id"]));
});
