import type { Push } from "../../domain/pushes/push.ts";
import { type Result, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { pushesOfCommitQuery } from "../../storage/pushes/pushes.ts";
import type { UseCaseContext } from "../context.ts";
import { type CommitDetails, loadCommit } from "./load-commit.ts";
import type { ReadRefusal, Session } from "../session.ts";

/** A commit by number, with its changes, decisions and jobs. */
export const showCommit = (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<CommitDetails & { session: Session }, ReadRefusal<"commit_not_found">>> =>
  loadCommit(ctx, number, "read");

/** The same with its pushes, newest first. */
export const showCommitWithPushes = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<CommitDetails & { session: Session; pushes: Push[] }, ReadRefusal<"commit_not_found">>> => {
  const [loaded, [pushes]] = await Promise.all([
    loadCommit(ctx, number, "read"),
    read(ctx.db, pushesOfCommitQuery(ctx.workspaceId, { number })),
  ]);
  return loaded.ok ? ok({ ...loaded.value, pushes }) : loaded;
};
