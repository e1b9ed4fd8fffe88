import { Hono } from "hono/tiny";
import { currentTraceId, inTrace, log } from "../shared/log.ts";
import { readWithin } from "../shared/read-within.ts";
import { traceIdOf } from "../shared/trace.ts";
import { createApi } from "./api/app.ts";
import { mountSignIn } from "./api/sign-in/routes.ts";
import type { Deps } from "./env.ts";
import { mountSmokePush } from "./operations/smoke-push.ts";
import { mountWorkspaces } from "./operations/workspaces.ts";
import { mountInstallation } from "./install/routes.ts";
import { mountPages } from "./pages.ts";
import { mountOperations } from "./operations/routes.ts";
import { createSlackApp } from "./slack/app.ts";
import { unsigned } from "./slack/core/declined.ts";
import { receiveCompletion } from "./webhooks/completion.ts";

/** A form with everything that Slack lets people type has some hundred kilobytes. */
const maxSlackBytes = 1024 * 1024;

export const createApp = (deps: Deps): Hono => {
  const app = new Hono();
  const { receiver } = createSlackApp(deps);

  app.use("*", (c, next) =>
    inTrace(traceIdOf(c.req.header("traceparent")), async () => {
      await next();
      for (const writing of [deps.refusals.written(), deps.counts.written()])
        if (writing) c.executionCtx.waitUntil(writing);
    }),
  );
  app.get("/health", (c) => c.json({ ok: true }));
  mountOperations(app, deps);
  app.post("/slack/events", async (c) => {
    const body = await readWithin(c.req.raw, maxSlackBytes);
    if (!body) {
      deps.refusals.record({ ...unsigned, code: "too_large" });
      return c.json({ error: "too_large", maxBytes: maxSlackBytes }, 413);
    }
    const waitUntil = (work: Promise<unknown>): void => c.executionCtx.waitUntil(work);
    return receiver.handle({ body, headers: c.req.raw.headers, deps, waitUntil });
  });
  mountSignIn(app, deps);
  app.post("/v2/webhook/:target", receiveCompletion(deps));
  mountInstallation(app, deps);
  mountPages(app, deps);
  mountSmokePush(app, deps);
  mountWorkspaces(app, deps);
  app.route("/v2", createApi(deps));

  app.notFound((c) =>
    c.json({ error: "not_found", message: `There is nothing at ${c.req.method} ${c.req.path}` }, 404),
  );
  app.onError((error, c) => {
    const traceId = currentTraceId();
    log("request.failed", { traceId, path: c.req.path, error: error.stack ?? error.message });
    return c.json({ error: "internal", message: "This could not be finished", traceId }, 500);
  });
  return app;
};
