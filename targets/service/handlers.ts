/** Handlers that run only for callers who may: of signed requests, and of reads with a token. */
import type { Context } from "hono";
import type * as z from "zod/mini";
import { traceIdOf } from "../../shared/trace.ts";
import { authorizeRead, readSigned, type SignedBody } from "./authentication.ts";
import { configOf } from "./config.ts";
import { log } from "./log.ts";
import { answerOf, type Refusal } from "./refusal.ts";
import type { Target, TargetEnv } from "./target.ts";

type Call<Env extends TargetEnv> = Context<{ Bindings: Env }>;
type Handler<Env extends TargetEnv> = (c: Call<Env>) => Promise<Response>;

interface Received {
  nowMs: number;
  /** Null without a valid `traceparent`. */
  traceId: string | null;
}

export const onSigned =
  <Env extends TargetEnv, Body extends SignedBody>(
    target: Target<Env>,
    schema: z.ZodMiniType<Body>,
    handle: (c: Call<Env>, body: Body, received: Received) => Promise<Response>,
  ): Handler<Env> =>
  async (c) => {
    const nowMs = Date.now();
    const signed = await readSigned(c.req.raw, schema, { target: target.name, config: configOf(c.env), nowMs });
    if (!signed.ok) return refuse(c, signed.reason);
    return handle(c, signed.value, { nowMs, traceId: traceIdOf(c.req.header("traceparent")) });
  };

/** The portfolio is that of the path, else `?portfolio=`. */
export const onRead =
  <Env extends TargetEnv>(handle: (c: Call<Env>, portfolioId: string) => Promise<Response>): Handler<Env> =>
  async (c) => {
    const portfolioId = c.req.param("portfolioId") ?? c.req.query("portfolio") ?? "";
    const allowed = await authorizeRead(c.req.raw.headers, portfolioId, configOf(c.env));
    return allowed.ok ? handle(c, portfolioId) : refuse(c, allowed.reason);
  };

/** Returns a refusal, and logs its cause. */
export const refuse = <Env extends TargetEnv>(c: Call<Env>, refusal: Refusal): Response => {
  const { status, body } = answerOf(refusal);
  log("target.refused", {
    path: c.req.path,
    code: refusal.code,
    ...(refusal.code === "unauthorized" ? { cause: refusal.cause } : {}),
  });
  return c.json(body, status);
};
