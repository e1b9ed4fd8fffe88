import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { statusOf } from "../../../test/support/shared/commit-status.ts";
import { type CommitTargetState, stateNames } from "../../domain/states.ts";
import { createWorld } from "../../../test/support/shared/world.ts";
import { commitQuery, insertCommit } from "./commits.ts";
import { commitTargetsQuery, inOrderOfTargets, projectCommitStatus } from "./commit-targets.ts";
import { targetsQuery } from "../pushes/targets.ts";
import { takeNumber } from "../counters.ts";
import { read } from "../database.ts";
import { row, sql } from "../sql.ts";
import { writeQuietly } from "../write.ts";
import { insertTarget, unsealed } from "../pushes/targets.ts";

const now = "2026-11-23T08:00:00.000Z";
const later = "2026-11-23T09:00:00.000Z";

type Standing = { target: string; state: CommitTargetState }[];

/** Every way in which a commit for these targets can stand. */
const combinations = (targets: string[]): Standing[] =>
  targets.reduce<Standing[]>(
    (standings, target) =>
      standings.flatMap((standing) => stateNames("commit_target").map((state) => [...standing, { target, state }])),
    [[]],
  );

const all = [["d1cv"], ["ai-agent"], ["d1cv", "ai-agent"], ["d1cv", "ai-agent", "blog"]].flatMap(combinations);

test("a commit's status in SQL is the domain's, for every state at every target", async () => {
  const { workspaceId, portfolioId } = await createWorld();
  const blog = {
    workspaceId,
    name: "blog",
    alias: null,
    position: 2,
    portfolioId,
    binding: null,
    url: "https://blog.example",
    credentials: "blog",
    ...unsealed,
  };
  await writeQuietly(env.DB, [insertTarget(blog, now)]);
  expect(all).toHaveLength(4 + 4 + 16 + 64);
  for (const [index, standing] of all.entries()) {
    const id = `commit-${index}`;
    await writeQuietly(env.DB, [
      takeNumber(workspaceId, "commit"),
      insertCommit(workspaceId, {
        id,
        message: "m",
        summary: null,
        hash: "h",
        review: "approved",
        createdBy: "U",
        createdAt: now,
      }),
      ...standing.map(({ target, state }) => {
        const error = state === "failed" ? `${target} is broken` : null;
        const appliedAt = state === "applied" ? now : null;
        const values = { workspaceId, commitId: id, target, state, error, appliedAt, updatedAt: now };
        return sql`INSERT INTO commit_targets ${row(values)}`;
      }),
      projectCommitStatus({ workspaceId, now: later }, id),
    ]);
    const [commit, reached, targets] = await read(
      env.DB,
      commitQuery(workspaceId, { id }),
      commitTargetsQuery(workspaceId, { id }),
      targetsQuery(workspaceId),
    );
    expect(commit?.status, JSON.stringify(standing)).toBe(statusOf(inOrderOfTargets(reached, targets)));
    const failed = standing.find(({ target, state }) => state === "failed" && target === commit?.errorTarget);
    expect(commit?.errorMessage ?? null).toBe(failed ? `${failed.target} is broken` : null);
    expect(commit?.errorTarget !== null).toBe(standing.some(({ state }) => state === "failed"));
  }
});

test.each<[Standing, string]>([
  [
    [
      { target: "d1cv", state: "pending" },
      { target: "ai-agent", state: "pending" },
    ],
    "pending",
  ],
  [
    [
      { target: "d1cv", state: "in_flight" },
      { target: "ai-agent", state: "pending" },
    ],
    "pending",
  ],
  [
    [
      { target: "d1cv", state: "applied" },
      { target: "ai-agent", state: "in_flight" },
    ],
    "applied_d1cv",
  ],
  [
    [
      { target: "d1cv", state: "pending" },
      { target: "ai-agent", state: "applied" },
    ],
    "applied_ai",
  ],
  [
    [
      { target: "d1cv", state: "applied" },
      { target: "ai-agent", state: "applied" },
    ],
    "applied_all",
  ],
  [[{ target: "d1cv", state: "applied" }], "applied_all"],
  [
    [
      { target: "d1cv", state: "applied" },
      { target: "ai-agent", state: "failed" },
    ],
    "failed",
  ],
  [
    [
      { target: "d1cv", state: "applied" },
      { target: "ai-agent", state: "applied" },
      { target: "blog", state: "pending" },
    ],
    "applied_d1cv_ai",
  ],
])("a commit with the target states %j has the status %s", (standing, status) => {
  expect(statusOf(standing)).toBe(status);
});
