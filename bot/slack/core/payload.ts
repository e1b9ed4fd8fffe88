/** A verified request of Slack as its payload: of what kind, from whom, and how a repeat of it is recognized. */
import { jsonObjectIn } from "../../../shared/json.ts";
import type { ViewOutput } from "@slack/bolt";
import * as z from "zod/mini";
import { clickOf } from "./buttons/row-menu.ts";
import { triedKeyOf } from "./modals/origin.ts";

export type Body = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Slash commands come as a form, interactions as a form with JSON in `payload`, events as JSON. */
export const parseBody = (raw: string, contentType: string): Body | null => {
  if (/^\s*application\/json\b/i.test(contentType)) return jsonObjectIn(raw);
  const form = new URLSearchParams(raw);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : jsonObjectIn(payload);
};

/** For the log: `/cv`, `block_actions`, `view_submission`, … */
export const kindOf = (body: Body): string => textOf(body["command"] ?? body["type"]);

const interaction = z.object({ user: z.object({ id: z.string() }) });

/** Null for an event, which nobody waits for. */
export const userOf = (body: Body): string | null => {
  if (body["command"]) return textOf(body["user_id"]) || null;
  const parsed = interaction.safeParse(body);
  return parsed.success ? parsed.data.user.id : null;
};

const command = z.object({ command: z.string(), text: z.optional(z.string()), trigger_id: z.string() });
const submission = z.object({
  type: z.literal("view_submission"),
  view: z.looseObject({
    id: z.string(),
    hash: z.optional(z.string()),
    private_metadata: z.optional(z.string()),
    title: z.object({ text: z.string() }),
  }),
});
const shortcut = z.object({ type: z.enum(["shortcut", "message_action"]), trigger_id: z.string() });
const click = z.object({
  type: z.literal("block_actions"),
  trigger_id: z.string(),
  actions: z.array(
    z.looseObject({
      action_id: z.string(),
      type: z.string(),
      text: z.optional(z.object({ text: z.string() })),
      value: z.optional(z.string()),
      selected_option: z.optional(
        z.nullable(z.looseObject({ value: z.string(), text: z.object({ text: z.string() }) })),
      ),
    }),
  ),
});
const loss = z.object({
  type: z.literal("event_callback"),
  event_id: z.string(),
  event: z.union([
    z.object({ type: z.enum(["app_uninstalled", "tokens_revoked"]) }),
    z.object({ type: z.literal("team_access_revoked"), team_ids: z.array(z.string()) }),
    z.object({ type: z.literal("user_change"), user: z.object({ deleted: z.literal(true) }) }),
  ]),
});
const payload = z.union([command, submission, click, shortcut, loss]);

/** Whether Slack says that the app has lost its token, which it says once more when the token is gone already. */
export const isLoss = (body: Body): boolean => {
  const parsed = loss.safeParse(body);
  const type = parsed.data?.event.type;
  return type === "app_uninstalled" || type === "tokens_revoked";
};

/** Null for what is harmless to lose. */
export const payloadOf = (body: Body): z.infer<typeof payload> | null => payload.safeParse(body).data ?? null;

const ts = z.optional(z.nullable(z.string()));
const placed = z.object({
  message_ts: ts,
  container: z.optional(z.nullable(z.object({ message_ts: ts, thread_ts: ts }))),
  message: z.optional(z.nullable(z.object({ ts, thread_ts: ts }))),
});

/**
 * The thread of which the message is a reply that was clicked on, or had its menu used (docs.slack.dev, "block_actions
 * payload"): an answer by `response_url` has to name it, or it stands in the channel.
 */
export const threadOf = (body: Body): string | null => {
  const parsed = placed.safeParse(body);
  if (!parsed.success) return null;
  const { container, message, message_ts: own } = parsed.data;
  const thread = container?.thread_ts ?? message?.thread_ts ?? null;
  return thread === (container?.message_ts ?? own ?? message?.ts) ? null : thread;
};

/** The form that was submitted; null for anything else. */
export const submittedView = (body: Body): ViewOutput | null =>
  submission.safeParse(body).success ? (body["view"] as ViewOutput) : null;

/**
 * What a repeat of the same request has as well, and must not be lost with; null for what is harmless to lose:
 * typeahead, an input that draws its form anew, a Home that is opened, words to the app (all of which come again when
 * somebody looks again). A shortcut only opens a form, but leaves it loading.
 */
export const keyOf = (body: Body): string | null => {
  const payload = payloadOf(body);
  if (payload === null) return null;
  if ("command" in payload) return payload.trigger_id;
  switch (payload.type) {
    case "view_submission": {
      // The same form submitted again, because the first answer was lost, has the same id and hash.
      const { id, hash = "", private_metadata: metadata } = payload.view;
      return triedKeyOf(metadata) ?? `view:${id}:${hash}`;
    }
    case "block_actions":
      return payload.actions.some((action) => clickOf(action) !== null) ? payload.trigger_id : null;
    case "shortcut":
    case "message_action":
      return payload.trigger_id;
    case "event_callback":
      return `event:${payload.event_id}`;
  }
};
