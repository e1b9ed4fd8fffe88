import { ErrorCode } from "@slack/web-api";
import * as z from "zod/mini";
import { DatabaseOutage } from "../../../shared/storage/database.ts";
import { failureOf } from "./slack-error.ts";

/** Slack has not taken what somebody is to read, and may take it later. */
export class Undelivered extends Error {
  override readonly name = "Undelivered";

  /** How long Slack asks to wait; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

const codeOf = z.object({ code: z.string() });
const ofSlack = new Set<string>([
  ErrorCode.RequestError,
  ErrorCode.HTTPError,
  ErrorCode.RateLimitedError,
  ErrorCode.PlatformError,
]);

/** Whether what failed is D1 or Slack, for a while, and not the code: then the same request may work later. */
export const isOutage = (error: unknown): boolean => {
  if (error instanceof DatabaseOutage || error instanceof Undelivered) return true;
  // Bolt wraps what has no code.
  if (error instanceof Error && "original" in error) return isOutage(error.original);
  const parsed = codeOf.safeParse(error);
  if (!parsed.success || !ofSlack.has(parsed.data.code)) return false;
  return ["transient", "rate_limited"].includes(failureOf(error).kind);
};
