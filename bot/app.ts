import { Hono } from "hono/tiny";
import { log } from "../shared/log.ts";
import { newTraceId } from "../shared/ids.ts";
import { createApi } from "./api/app.ts";
import type { Deps } from "./env.ts";
import { mountPages } from "./pages.ts";
import { createSlackApp } from "./slack/app.ts";
import { receiveCompletion } from "./webhooks/completion.ts";

export const createApp = (deps: Deps): Hono => {
  const app = new Hono();
  const { receiver } = createSlackApp(deps);

  app.get("/health", (c) => c.json({ ok: true }));
  app.post("/slack/events", async (c) =>
    receiver.handle({
      body: new Uint8Array(await c.req.arrayBuffer()),
      headers: c.req.raw.headers,
      deps,
      waitUntil: (work) => c.executionCtx.waitUntil(work),
    }),
  );
  app.post("/v2/webhook/:target", receiveCompletion(deps));
  mountPages(app, deps);
  app.route("/v2", createApi(deps));

  app.notFound((c) =>
    c.json({ error: "not_found", message: `There is nothing at ${c.req.method} ${c.req.path}` }, 404),
  );
  app.onError((error, c) => {
    const traceId = newTraceId();
    log("request.failed", { traceId, path: c.req.path, error: error.stack ?? error.message });
    return c.json({ error: "internal", message: "This could not be finished", traceId }, 500);
  });
  return app;
};
