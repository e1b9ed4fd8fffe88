/** Asks Slack daily whether each workspace's token is still good: the event of its end may have been lost. */
import { systemActor } from "../../../shared/domain/workspace/actor.ts";
import type { Effects } from "../../../shared/effects.ts";
import { newTraceId } from "../../../shared/ids.ts";
import { log } from "../../../shared/log.ts";
import { type Database, read } from "../../../shared/storage/database.ts";
import { workspaceQuery } from "../../../shared/storage/workspace/workspaces.ts";
import { disconnect } from "../../../shared/use-cases/workspace/disconnect.ts";
import type { Deps } from "../../env.ts";
import { type DirectoryDeps, clientOf } from "./directory.ts";
import { failureOf } from "./slack-error.ts";

/** `db` is where the workspaces are. */
type TokenDeps = DirectoryDeps & Pick<Deps, "useCaseContext"> & { db: Database; effects: Effects };

/** Slack has ended it for good. Other refusals may be a token that was set wrongly: the operator repairs that. */
const ended = new Set(["account_inactive", "token_revoked"]);

/** How many of a kind there were; a kind without any is left out. */
export const checkTokens = async (
  deps: TokenDeps,
  workspaceIds: readonly string[],
): Promise<{ tokensEnded?: number; tokensRefused?: number }> => {
  const workspaces = await read(deps.db, ...workspaceIds.map((workspaceId) => workspaceQuery(workspaceId)));
  const counts = { tokensEnded: 0, tokensRefused: 0 };
  for (const workspace of workspaces) {
    if (!workspace || workspace.disconnectedAt !== null) continue;
    const error = await refusalOf(deps, workspace.id);
    if (error === null) continue;
    const ctx = systemContext(deps, workspace.id);
    log("token.refused", { traceId: ctx.traceId, workspaceId: workspace.id, error });
    if (ended.has(error)) {
      counts.tokensEnded += 1;
      await disconnect(ctx, "tokens_revoked");
    } else counts.tokensRefused += 1;
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
};

const systemContext = (deps: TokenDeps, workspaceId: string) =>
  deps.useCaseContext({
    workspaceId,
    actor: systemActor("slack"),
    idempotencyKey: null,
    traceId: newTraceId(),
    effects: deps.effects,
  });

/** Slack's code; null where the token is good, and where Slack does not answer. */
const refusalOf = async (deps: TokenDeps, workspaceId: string): Promise<string | null> => {
  const client = await clientOf(deps, workspaceId);
  if (!client) return null;
  try {
    await client.auth.test();
    return null;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "unauthorized") return failure.error;
    log("token.not_checked", { workspaceId, error: failure.error });
    return null;
  }
};
