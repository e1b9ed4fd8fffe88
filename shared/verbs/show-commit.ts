import type { Result } from "../result.ts";
import type { VerbContext } from "./context.ts";
import { type CommitDetails, type NoSuchCommit, loadCommit } from "./load-commit.ts";
import type { Refused, Session } from "./session.ts";

/** A commit by number, with its changes, decisions and jobs. */
export const showCommit = (
  ctx: VerbContext,
  number: number,
): Promise<Result<CommitDetails & { session: Session }, Refused | NoSuchCommit>> => loadCommit(ctx, number, "read");
