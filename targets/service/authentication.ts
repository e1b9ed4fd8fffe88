import { jsonIn } from "../../shared/json.ts";
import type * as z from "zod/mini";
import { maxRequestBytes } from "../../shared/targets/protocol.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { readWithin } from "../../shared/read-within.ts";
import { verify } from "../../shared/signing.ts";
import type { TargetConfig } from "./config.ts";
import type { Refusal } from "./refusal.ts";

/** The maximum body size in bytes: a receipt's JSON has to fit into one D1 value of 2 MB after escaping. */

/** The common fields of signed bodies. */
export interface SignedBody {
  target: string;
  portfolioId: string;
}

/**
 * Verifies a signed request, then parses its body: it must be for this target, and for the portfolio whose
 * secret signed it.
 */
export const readSigned = async <Body extends SignedBody>(
  request: Request,
  schema: z.ZodMiniType<Body>,
  expected: { target: string; config: TargetConfig; nowMs: number },
): Promise<Result<Body, Refusal>> => {
  const raw = await readWithin(request, maxRequestBytes);
  if (!raw) {
    return fail({ code: "too_large", message: `A request is at most ${maxRequestBytes} bytes; split the commit.` });
  }
  const { config, nowMs } = expected;
  const verified = await verify(config.requestSecrets, request.headers, raw, nowMs);
  if (!verified.ok) return fail({ code: "unauthorized", cause: verified.reason });

  const parsed = schema.safeParse(jsonIn(new TextDecoder().decode(raw)));
  if (!parsed.success) return fail({ code: "invalid_request", message: firstIssue(parsed.error) });
  if (parsed.data.portfolioId !== verified.keyName) return fail({ code: "unauthorized", cause: "other_portfolio" });
  if (parsed.data.target !== expected.target) return fail({ code: "unauthorized", cause: "other_target" });
  return ok(parsed.data);
};

/** Checks the `Authorization: Bearer` token against the portfolio's read tokens, in constant time. */
export const authorizeRead = async (
  headers: Headers,
  portfolioId: string,
  config: TargetConfig,
): Promise<Result<null, Refusal>> => {
  const offered = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1];
  if (offered === undefined) return fail({ code: "unauthorized", cause: "no_token" });
  const portfolio = Object.hasOwn(config.portfolios, portfolioId) ? config.portfolios[portfolioId] : undefined;
  const [given, ...taken] = await Promise.all([offered, ...(portfolio?.read ?? [""])].map(digest));
  const matches = taken.map((one) => given !== undefined && crypto.subtle.timingSafeEqual(given, one));
  if (!portfolio) return fail({ code: "unauthorized", cause: "unknown_portfolio" });
  return matches.includes(true) ? ok(null) : fail({ code: "unauthorized", cause: "bad_token" });
};

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

const firstIssue = (error: z.core.$ZodError): string => {
  const [issue] = error.issues;
  const path = issue?.path.join(".") ?? "";
  return path === "" ? "The body is not the JSON that this request needs." : `${path}: ${issue?.message ?? "invalid"}`;
};
