import { ErrorCode } from "@slack/web-api";
import * as z from "zod/mini";

export type SlackFailure =
  | { kind: "rate_limited"; error: string; retryAfterMs: number }
  /** Slack does not take these blocks. */
  | { kind: "invalid"; error: string }
  /** Worth another try, as is whatever we do not know. `about`: whether the next message would meet the same. */
  | { kind: "transient"; error: string; about: "message" | "slack" }
  /** Slack refuses our token, or a scope is missing: the operator has to fix it, and nothing is given up meanwhile. */
  | { kind: "unauthorized"; error: string }
  /** What we write to is gone, or it is no longer ours to write to. */
  | { kind: "gone"; error: string };

const platformError = z.object({ code: z.literal(ErrorCode.PlatformError), data: z.object({ error: z.string() }) });
const rateLimitError = z.object({ code: z.literal(ErrorCode.RateLimitedError), retryAfter: z.number() });

/** Slack spells it in two ways (docs.slack.dev, "chat.postMessage": errors). */
const rateLimits = new Set(["ratelimited", "rate_limited"]);

/** No message of the workspace can be written meanwhile. */
const slackErrors = new Set(["message_limit_exceeded", "request_timeout", "service_unavailable", "team_added_to_org"]);
const unauthorizedErrors = new Set([
  "access_denied",
  "accesslimited",
  "account_inactive",
  "ekm_access_denied",
  "enterprise_is_restricted",
  "invalid_auth",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "not_authed",
  "org_login_required",
  "team_access_not_granted",
  "token_expired",
  "token_revoked",
  "two_factor_setup_required",
]);
const invalidErrors = new Set([
  "invalid_arguments",
  "invalid_attachments",
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "only_one_table_allowed",
  "too_many_attachments",
]);
/** The only ones after which nothing is tried again: a code that is not here may pass. */
const goneErrors = new Set([
  // Messages.
  "cant_update_message",
  "cannot_reply_to_message",
  "edit_window_closed",
  "is_inactive",
  "message_not_found",
  // Channels and people.
  "cannot_dm_bot",
  "channel_not_found",
  "is_archived",
  "messages_tab_disabled",
  "not_in_channel",
  "restricted_action",
  "restricted_action_non_threadable_channel",
  "restricted_action_read_only_channel",
  "restricted_action_thread_locked",
  "restricted_action_thread_only_channel",
  "thread_not_found",
  "user_disabled",
  "user_is_bot",
  "user_not_found",
  "user_not_visible",
  "users_not_found",
  // Forms.
  "exchanged_trigger_id",
  "expired_trigger_id",
  "hash_conflict",
  "invalid_trigger_id",
  "not_found",
  "push_limit_reached",
  "view_not_found",
]);

/** Where an answer is no JSON, web-api takes its text for the code. */
const isCode = (text: string): boolean => /^[a-z0-9_:.-]{1,80}$/i.test(text);

/** Sorts what web-api throws (docs.slack.dev, "chat.postMessage" and "chat.update": errors). */
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
  if (!isCode(code)) return { kind: "transient", about: "slack", error: "an answer that is no JSON" };
  if (rateLimits.has(code)) return { kind: "rate_limited", error: code, retryAfterMs: 30_000 };
  if (invalidErrors.has(code)) return { kind: "invalid", error: code };
  if (unauthorizedErrors.has(code)) return { kind: "unauthorized", error: code };
  if (goneErrors.has(code)) return { kind: "gone", error: code };
  return { kind: "transient", about: slackErrors.has(code) ? "slack" : "message", error: code };
};

/** A form was to be opened more than three seconds after the person asked for it, or a second time. */
export const isTriggerSpent = (error: unknown): boolean =>
  ["expired_trigger_id", "exchanged_trigger_id"].includes(failureOf(error).error);
