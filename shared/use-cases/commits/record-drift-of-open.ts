/** What a look at every row of the targets says of the open commits. */
import type { LiveRow } from "../../domain/commits/conflict.ts";
import { conflictsOf } from "../../domain/commits/resolve.ts";
import type { EntityType } from "../../domain/portfolio/registry.ts";
import { read } from "../../storage/database.ts";
import { changesOfOpenCommitsQuery } from "../../storage/commits/history.ts";
import { openCommitsQuery } from "../../storage/commits/commits.ts";
import { targetsOfOpenCommitsQuery } from "../../storage/commits/commit-targets.ts";
import type { UseCaseContext } from "../context.ts";
import { recordDrift } from "./record-drift.ts";

interface Compared {
  answered: readonly { target: string; live: ReadonlyMap<EntityType, readonly (LiveRow & { id: string })[]> }[];
  /** Rows that are there and cannot be read. */
  checks: readonly { target: string; unreadable: readonly { id: string | null }[] }[];
}

/** Of the newest; nobody has more of them open. */
const maxCommits = 200;

export const recordDriftOfOpen = async (ctx: UseCaseContext, { answered, checks }: Compared): Promise<void> => {
  const { workspaceId } = ctx;
  const [commits, targets, changes] = await read(
    ctx.db,
    openCommitsQuery(workspaceId, maxCommits),
    targetsOfOpenCommitsQuery(workspaceId),
    changesOfOpenCommitsQuery(workspaceId),
  );
  for (const commit of commits) {
    const own = targets.filter(({ commitId, state }) => commitId === commit.id && state !== "applied");
    const found = answered
      .filter(({ target }) => own.some((each) => each.target === target))
      .map(({ target, live }) => {
        const unreadable = checks.find((check) => check.target === target)?.unreadable ?? [];
        const ofCommit = changes.filter(({ commitId }) => commitId === commit.id);
        const conflicts = conflictsOf(ofCommit, {
          targets: [target],
          liveOf: (_target, { entityType, entityId }) =>
            unreadable.some(({ id }) => id === entityId)
              ? undefined
              : (live.get(entityType)?.find(({ id }) => id === entityId) ?? null),
        });
        return { target, conflicts };
      });
    await recordDrift(ctx, { commit, targets: own }, found);
  }
};
