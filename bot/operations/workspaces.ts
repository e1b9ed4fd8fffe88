/**
 * `/operations/workspaces`: who has installed the app, and the targets of the operator's own workspace. For those with
 * an operator's pass: `npm run setup` asks here.
 */
import type { Context, Hono } from "hono";
import { systemActor } from "../../shared/domain/workspace/actor.ts";
import { currentTraceId } from "../../shared/log.ts";
import { installedWorkspacesQuery, workspaceQuery } from "../../shared/storage/workspace/workspaces.ts";
import { giveTargets } from "../../shared/use-cases/operations/give-targets.ts";
import type { Deps } from "../env.ts";
import { withPass } from "./callers.ts";

const maxWorkspaces = 100;

export const mountWorkspaces = (app: Hono, deps: Deps): void => {
  app.get(
    "/operations/workspaces",
    withPass(deps, "listWorkspaces", async (c) =>
      c.json({ workspaces: await deps.databases.gather(installedWorkspacesQuery(maxWorkspaces)) }),
    ),
  );
  app.post(
    "/operations/workspaces/:workspace/targets",
    withPass(deps, "giveTargets", (c) => give(deps, c)),
  );
};

const give = async (deps: Deps, c: Context): Promise<Response> => {
  const workspaceId = c.req.param("workspace") ?? "";
  // Before a context is made for it, which would give an unknown workspace its place in a database.
  if (!(await deps.databases.find(workspaceQuery(workspaceId)))) return c.json({ error: "no_workspace" }, 404);
  const given = await deps.withEffects(
    (effects) => {
      const actor = systemActor("operator");
      const request = { workspaceId, actor, idempotencyKey: null, traceId: currentTraceId(), effects };
      return giveTargets(deps.useCaseContext(request), deps.ownTargets);
    },
    (work) => c.executionCtx.waitUntil(work),
  );
  if (given.ok) return c.json({ targets: given.value });
  return c.json({ error: given.reason.code }, 409);
};
