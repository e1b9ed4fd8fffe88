/** A workspace in which every verb has something to do, and the verbs: for what must hold for all of them. */
import type { Role } from "../domain/roles.ts";
import type { Result } from "../result.ts";
import { dropCommit, reopenCommit } from "../verbs/close-commit.ts";
import type { VerbContext } from "../verbs/context.ts";
import { createCommit } from "../verbs/create-commit.ts";
import { approveCommit, rejectCommit } from "../verbs/decide-commit.ts";
import { listCommits } from "../verbs/list-commits.ts";
import { listStaged } from "../verbs/list-staged.ts";
import { requestReview } from "../verbs/request-review.ts";
import { retryPush } from "../verbs/retry-push.ts";
import { setMode } from "../verbs/set-mode.ts";
import { showCommit } from "../verbs/show-commit.ts";
import { showStatus } from "../verbs/show-status.ts";
import { stageChange } from "../verbs/stage-change.ts";
import { startPush } from "../verbs/start-push.ts";
import { unstageChanges } from "../verbs/unstage-changes.ts";
import {
  type World,
  type WorldOptions,
  approvedCommit,
  channelId,
  commit,
  createWorld,
  push,
  report,
  stage,
  stageInput,
} from "./world.ts";

/** Commit 1 has failed at d1cv, 2 is approved, 3 waits for review, 4 is a draft; a fifth change is staged. All by the author. */
export const createBusyWorld = async (options: WorldOptions = {}): Promise<World> => {
  const world = await createWorld(options);
  await approvedCommit(world);
  await push(world, 1);
  await report(world, "d1cv", { kind: "failed", error: { code: "disk_full", message: "d1cv has no space" } });
  await approvedCommit(world, { row: "go-1", values: { level: "Expert" } });
  await stage(world, { row: "jquery-1", values: { summary: "Long ago" } });
  await commit(world);
  await stage(world, { values: { summary: "Snakes" } });
  await commit(world, "author", true);
  await stage(world, { row: "go-1", values: { summary: "Gophers" } });
  return world;
};

interface Verb {
  name: string;
  /** The least role that may. */
  needs: Role;
  reads?: true;
  run: (ctx: VerbContext) => Promise<Result<unknown, { code: string }>>;
}

export const everyVerb: Verb[] = [
  { name: "listStaged", needs: "viewer", reads: true, run: (ctx) => listStaged(ctx) },
  { name: "listCommits", needs: "viewer", reads: true, run: (ctx) => listCommits(ctx, 20) },
  { name: "showCommit", needs: "viewer", reads: true, run: (ctx) => showCommit(ctx, 1) },
  { name: "showStatus", needs: "viewer", reads: true, run: (ctx) => showStatus(ctx) },
  { name: "stageChange", needs: "editor", run: (ctx) => stageChange(ctx, stageInput({ values: { level: "Expert" } })) },
  { name: "unstageChanges", needs: "editor", run: (ctx) => unstageChanges(ctx, { numbers: [5] }) },
  { name: "createCommit", needs: "editor", run: (ctx) => createCommit(ctx, { message: "m", draft: false, channelId }) },
  { name: "requestReview", needs: "editor", run: (ctx) => requestReview(ctx, { number: 4, channelId }) },
  { name: "dropCommit", needs: "editor", run: (ctx) => dropCommit(ctx, 3) },
  { name: "reopenCommit", needs: "editor", run: (ctx) => reopenCommit(ctx, 3) },
  { name: "approveCommit", needs: "approver", run: (ctx) => approveCommit(ctx, { number: 3, seenHash: null }) },
  {
    name: "rejectCommit",
    needs: "approver",
    run: (ctx) => rejectCommit(ctx, { number: 3, seenHash: null, reason: "no" }),
  },
  { name: "startPush", needs: "approver", run: (ctx) => startPush(ctx, { number: 2, scope: "all", channelId }) },
  { name: "retryPush", needs: "approver", run: (ctx) => retryPush(ctx, { number: 1, target: null }) },
  { name: "setMode", needs: "admin", run: (ctx) => setMode(ctx, "solo") },
];
