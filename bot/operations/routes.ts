/** What machines ask about the service: whether it answers, whether it can work, and its figures. */
import type { Context, Hono } from "hono";
import { log } from "../../shared/log.ts";
import { read } from "../../shared/storage/database.ts";
import { schemaVersionQuery } from "../../shared/storage/operations/signals.ts";
import { within } from "../../shared/within.ts";
import { readOperations } from "../../shared/use-cases/operations/read-operations.ts";
import type { Deps } from "../env.ts";
import { exposition } from "./exposition.ts";

/** The newest migration that this code needs; a newer one of the next version does no harm. */
export const neededSchema = "0029_claimed_messages.sql";

/** Probes give up after some seconds, and would not learn which part it was. */
const patienceMs = 3000;

type Part = "database" | "schema" | "queues" | "targets";
type Failed = Partial<Record<Part, string>>;

const checkDatabase = async ({ db }: Deps): Promise<Failed> => {
  try {
    const late = () => new Error("late");
    const [{ name }] = await within(patienceMs, read(db, schemaVersionQuery()), late);
    return name >= neededSchema ? {} : { schema: `has ${name}, and the code needs ${neededSchema}` };
  } catch (error) {
    log("ready.database_failed", { error: String(error) });
    return { database: "gives no answer" };
  }
};

/** Empty where it can work. Names of parts and bindings, never values. */
const failedParts = async (deps: Deps): Promise<Failed> => {
  const queues = Object.entries(deps.queues).flatMap(([name, queue]) =>
    typeof queue?.sendBatch === "function" ? [] : [name],
  );
  const targets = deps.unboundTargets;
  return {
    ...(await checkDatabase(deps)),
    ...(queues.length > 0 ? { queues: `without a binding: ${queues.join(", ")}` } : {}),
    ...(targets.length > 0 ? { targets: `without a binding: ${targets.join(", ")}` } : {}),
  };
};

/** Compares digests of equal length, so that the time says nothing about the token. */
const isToken = async (given: string, token: string): Promise<boolean> => {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await digest(given), await digest(token));
};

const noStore = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Runs `answer` for callers with the operators' token; 404 where none is set, as if there was no such address. */
const forOperators =
  (deps: Deps, answer: (c: Context) => Promise<Response>) =>
  async (c: Context): Promise<Response> => {
    if (deps.metricsToken === null) return c.notFound();
    const [, given = ""] = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    if (await isToken(given, deps.metricsToken)) return answer(c);
    deps.refusals.record({
      via: "api",
      traceId: null,
      operation: "metrics",
      code: "unauthorized",
      workspaceId: null,
      actor: null,
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
};
