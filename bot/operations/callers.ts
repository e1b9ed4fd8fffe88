/** Who operates the service: a program with METRICS_TOKEN, or who may write to the database, with a pass of it. */
import type { Context, Handler } from "hono";
import { sha256Hex } from "../../shared/digest.ts";
import { read } from "../../shared/storage/database.ts";
import { operatorPassQuery } from "../../shared/storage/operations/operator-passes.ts";
import { nowOf } from "../../shared/use-cases/context.ts";
import type { Deps } from "../env.ts";

const bearerOf = (c: Context): string | null =>
  /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;

/** Compares digests of equal length, so that the time says nothing about the token. */
export const hasMetricsToken = async ({ metricsToken }: Deps, c: Context): Promise<boolean> => {
  const given = bearerOf(c);
  if (metricsToken === null || given === null) return false;
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await digest(given), await digest(metricsToken));
};

/** A pass is a row that the programs of tools/production write for ten minutes. */
export const hasPass = async (deps: Deps, c: Context): Promise<boolean> => {
  const given = bearerOf(c);
  if (given === null) return false;
  const [found] = await read(deps.databases.first, operatorPassQuery(await sha256Hex(given), nowOf(deps)));
  return found !== null;
};

/** Runs `answer` for who has a pass; others are refused, and counted. */
export const withPass =
  (deps: Deps, operation: string, answer: (c: Context) => Promise<Response>): Handler =>
  async (c) => {
    if (await hasPass(deps, c)) return answer(c);
    deps.refusals.record({
      via: "api",
      operation,
      code: "unauthorized",
      traceId: null,
      workspaceId: null,
      token: null,
    });
    return c.json({ error: "unauthorized" }, 401);
  };
