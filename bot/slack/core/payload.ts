/** A verified request of Slack as its payload: of what kind, from whom, and how a repeat of it is recognized. */
import { jsonObjectIn } from "../../../shared/json.ts";
import * as z from "zod/mini";
import { decodeButton } from "./buttons/codec.ts";
import { clickedValue, decodeCommand } from "./buttons/command-button.ts";
import { triedKeyOf } from "./modals/origin.ts";

export type Body = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Slash commands come as a form, interactions as a form with JSON in `payload`, events as JSON. */
export const parseBody = (raw: string, contentType: string): Body | null => {
  if (contentType.startsWith("application/json")) return jsonObjectIn(raw);
  const form = new URLSearchParams(raw);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : jsonObjectIn(payload);
};

/** The workspace that a payload comes from, wherever its kind keeps it. */
export const teamOf = (body: Body): string => {
  const { team } = body;
  const inside = typeof team === "object" && team !== null && "id" in team ? team.id : team;
  return textOf(body["team_id"] ?? inside);
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

const command = z.object({ command: z.string(), trigger_id: z.string() });
export const submission = z.object({
  type: z.literal("view_submission"),
  view: z.looseObject({
    id: z.string(),
    hash: z.optional(z.string()),
    private_metadata: z.optional(z.string()),
    title: z.object({ text: z.string() }),
  }),
});
const shortcut = z.object({ type: z.enum(["shortcut", "message_action"]), trigger_id: z.string() });
export const click = z.object({
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
  event: z.object({ type: z.enum(["app_uninstalled", "tokens_revoked"]) }),
});

/**
 * What a repeat of the same request has as well, and must not be lost with; null for what is harmless to lose:
 * typeahead, an input that draws its form anew, a Home that is opened, words to the app (all of which come again when
 * somebody looks again). A shortcut only opens a form, but leaves it loading.
 */
export const keyOf = (body: Body): string | null => {
  const typed = command.safeParse(body);
  if (typed.success) return typed.data.trigger_id;
  const form = submission.safeParse(body);
  // The same form submitted again, because the first answer was lost, has the same id and hash.
  if (form.success) return submissionKey(form.data.view);
  const clicked = click.safeParse(body);
  if (clicked.success) return clicked.data.actions.some(isOurs) ? clicked.data.trigger_id : null;
  const opened = shortcut.safeParse(body);
  if (opened.success) return opened.data.trigger_id;
  const lost = loss.safeParse(body);
  return lost.success ? `event:${lost.data.event_id}` : null;
};

const submissionKey = ({ id, hash, private_metadata: metadata }: z.infer<typeof submission>["view"]): string =>
  triedKeyOf(metadata) ?? `view:${id}:${hash ?? ""}`;

type Clicked = z.infer<typeof click>["actions"][number];

const isOurs = (action: Clicked): boolean => {
  const value = clickedValue(action);
  return decodeCommand(value) !== null || decodeButton(action.action_id, value) !== null;
};
