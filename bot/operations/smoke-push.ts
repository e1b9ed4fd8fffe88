/** `/operations/smoke-pushes`: a push that proves a deployment. For those with an operator's pass. */
import type { Context, Hono } from "hono";
import { currentTraceId } from "../../shared/log.ts";
import { smokeWorkspace } from "../../shared/domain/operations/smoke.ts";
import { systemActor } from "../../shared/domain/workspace/actor.ts";
import { inSmokeWorkspace, startSmokePush } from "../../shared/use-cases/operations/smoke-push.ts";
import { showPush } from "../../shared/use-cases/pushes/follow-push.ts";
import type { Deps } from "../env.ts";
import { withPass } from "./callers.ts";

export const mountSmokePush = (app: Hono, deps: Deps): void => {
  const inSmoke = <T>(c: Context, run: (ctx: ReturnType<typeof inSmokeWorkspace>) => Promise<T>): Promise<T> =>
    deps.withEffects(
      (effects) => {
        const request = { workspaceId: smokeWorkspace, actor: systemActor("operator"), idempotencyKey: null };
        return run(
          inSmokeWorkspace(deps.useCaseContext({ ...request, traceId: currentTraceId(), effects }), deps.ownTargets),
        );
      },
      (work) => c.executionCtx.waitUntil(work),
    );

  app.post(
    "/operations/smoke-pushes",
    withPass(deps, "smokePush", async (c) => {
      const started = await inSmoke(c, startSmokePush);
      return started.ok
        ? c.json({ push: started.value }, 202)
        : c.json({ error: "not_pushed", ...started.reason }, 409);
    }),
  );
  app.get(
    "/operations/smoke-pushes/:number",
    withPass(deps, "smokePush", async (c) => {
      const shown = await inSmoke(c, (ctx) => showPush(ctx, Number(c.req.param("number"))));
      if (!shown.ok) return c.json({ error: shown.reason.code }, 404);
      const { push, jobs } = shown.value;
      return c.json({
        push: push.number,
        state: push.state,
        targets: jobs.map(({ target, state, verifiedAt, errorMessage }) => ({
          target,
          state,
          verifiedAt,
          errorMessage,
        })),
      });
    }),
  );
};
