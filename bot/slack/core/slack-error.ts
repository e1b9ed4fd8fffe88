import { ErrorCode } from "@slack/web-api";
import * as z from "zod/mini";

export type SlackFailure =
  | { kind: "rate_limited"; error: string; retryAfterMs: number }
  /** Slack does not take these blocks. */
  | { kind: "invalid"; error: string }
  /** Worth another try. `about`: whether the next message would meet the same. */
  | { kind: "transient"; error: string; about: "message" | "slack" }
  /** Slack refuses our token, or a scope is missing: the operator has to fix it, and nothing is given up meanwhile. */
  | { kind: "unauthorized"; error: string }
  /** This message can never be written: it or its channel is gone, or we may not. */
  | { kind: "gone"; error: string };

const platformError = z.object({ code: z.literal(ErrorCode.PlatformError), data: z.object({ error: z.string() }) });
const rateLimitError = z.object({ code: z.literal(ErrorCode.RateLimitedError), retryAfter: z.number() });

const transientErrors = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
const unauthorizedErrors = new Set([
  "invalid_auth",
  "not_authed",
  "missing_scope",
  "org_login_required",
  "ekm_access_denied",
  "not_allowed_token_type",
]);
const invalidErrors = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]);

/** Sorts what web-api throws (docs.slack.dev, "chat.postMessage": errors). */
export const failureOf = (error: unknown): SlackFailure => {
  const limited = rateLimitError.safeParse(error);
  if (limited.success) {
    return { kind: "rate_limited", error: "ratelimited", retryAfterMs: Math.max(1, limited.data.retryAfter) * 1000 };
  }
  const refused = platformError.safeParse(error);
  if (!refused.success) {
    return { kind: "transient", about: "slack", error: error instanceof Error ? error.message : String(error) };
  }
  const { error: code } = refused.data.data;
  if (code === "ratelimited") return { kind: "rate_limited", error: code, retryAfterMs: 30_000 };
  if (invalidErrors.has(code)) return { kind: "invalid", error: code };
  if (unauthorizedErrors.has(code)) return { kind: "unauthorized", error: code };
  return transientErrors.has(code)
    ? { kind: "transient", about: "message", error: code }
    : { kind: "gone", error: code };
};

/** A form was to be opened more than three seconds after the person asked for it, or a second time. */
export const isTriggerSpent = (error: unknown): boolean =>
  ["expired_trigger_id", "exchanged_trigger_id"].includes(failureOf(error).error);
