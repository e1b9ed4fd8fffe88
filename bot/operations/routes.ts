/** What machines ask about the service: whether it answers, whether it can work, and its figures. */
import type { Context, Hono } from "hono";
import { workspaceIdsQuery } from "../../shared/storage/workspace/workspaces.ts";
import { failedParts } from "../../shared/use-cases/operations/check-readiness.ts";
import { readOperations } from "../../shared/use-cases/operations/read-operations.ts";
import type { Deps } from "../env.ts";
import { examineService, examineWorkspace } from "../slack/core/examine.ts";
import { checks } from "../../shared/domain/operations/checks.ts";
import { hasMetricsToken, hasPass } from "./callers.ts";
import { exposition } from "./exposition.ts";

/** Of one answer: three requests to Slack and to each target. `?page=1` looks at the next ones. */
const maxWorkspaces = 10;
const turnOf = (c: Context): number => Math.max(0, Math.trunc(Number(c.req.query("page") ?? "0")) || 0);

const noStore = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Runs `answer` for operators; 404 where they have no token and none is brought, as if there was no such address. */
const forOperators =
  (deps: Deps, answer: (c: Context) => Promise<Response>) =>
  async (c: Context): Promise<Response> => {
    if ((await hasMetricsToken(deps, c)) || (await hasPass(deps, c))) return answer(c);
    if (deps.metricsToken === null) return c.notFound();
    deps.refusals.record({
      via: "api",
      traceId: null,
      operation: "metrics",
      code: "unauthorized",
      workspaceId: null,
      token: null,
    });
    return c.json({ error: "unauthorized" }, 401, { ...noStore, "WWW-Authenticate": "Bearer" });
  };

export const mountOperations = (app: Hono, deps: Deps): void => {
  app.get("/healthz", (c) =>
    c.json({ ok: true, ...(deps.version === null ? {} : { version: deps.version }) }, 200, noStore),
  );
  app.get("/readyz", async (c) => {
    const failed = await failedParts(deps);
    const ok = Object.keys(failed).length === 0;
    return c.json(ok ? { ok } : { ok, failed }, ok ? 200 : 503, noStore);
  });
  app.get(
    "/metrics",
    forOperators(deps, async (c) =>
      c.text(exposition(await readOperations(deps)), 200, {
        ...noStore,
        "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      }),
    ),
  );
  app.get(
    "/doctor",
    forOperators(deps, async (c) => {
      const service = await examineService(deps);
      const works = service.every(({ check, ok }) => check !== "database" || ok);
      const workspaceIds = works ? await deps.databases.gather(workspaceIdsQuery(maxWorkspaces, turnOf(c))) : [];
      const found = [...service, ...(await Promise.all(workspaceIds.map((id) => examineWorkspace(deps, id)))).flat()];
      const findings = found.map((finding) => {
        const { says, remedy } = checks[finding.check];
        return { ...finding, says, remedy: finding.ok === false ? remedy : null };
      });
      return c.json({ ok: findings.every(({ ok }) => ok !== false), version: deps.version, findings }, 200, noStore);
    }),
  );
};
