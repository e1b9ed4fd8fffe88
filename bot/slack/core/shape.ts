/**
 * The least of a payload that Bolt and the listeners rely on, as Slack documents it (docs.slack.dev, "Interaction
 * payloads", "Events API"): what is signed and does not have it is refused before anything reads it.
 */
import * as z from "zod/mini";
import type { Body } from "./payload.ts";

const text = z.optional(z.nullable(z.string()));
/** Bolt keeps clients in an object by these, where "constructor" is a name like any other. */
const slackId = z.string().check(z.regex(/^[A-Z0-9]*$/));
const maybeSlackId = z.optional(z.nullable(slackId));
const withSlackId = z.looseObject({ id: slackId, team_id: maybeSlackId, enterprise_id: maybeSlackId });
const withId = z.looseObject({ id: z.string(), name: text });

/** Null in an installation for a whole organisation: then the person's workspace counts. */
const maybeTeam = z.optional(z.nullable(withSlackId));
const origin = {
  user: withSlackId,
  team: maybeTeam,
  enterprise: z.optional(z.nullable(withSlackId)),
  response_url: text,
};

const chosen = z.looseObject({ value: z.optional(z.string()), text: z.optional(z.looseObject({ text: z.string() })) });
const maybeChosen = z.optional(z.nullable(chosen));
/** What stands in an input, whichever kind it is. */
const input = z.looseObject({
  type: z.string(),
  value: text,
  selected_option: maybeChosen,
  selected_options: z.optional(z.nullable(z.array(chosen))),
  selected_date: text,
  selected_user: text,
  selected_users: z.optional(z.nullable(z.array(z.string()))),
  selected_channel: text,
  selected_conversation: text,
});
const inputs = z.record(z.string(), z.record(z.string(), input));
const label = z.optional(z.nullable(z.looseObject({ text: z.string() })));
const view = z.looseObject({
  id: z.string(),
  type: z.string(),
  callback_id: text,
  private_metadata: text,
  hash: text,
  title: label,
  close: label,
  submit: label,
  blocks: z.optional(z.array(z.looseObject({ type: z.string() }))),
  state: z.optional(z.looseObject({ values: inputs })),
  app_installed_team_id: maybeSlackId,
});
const maybeView = z.optional(z.nullable(view));

const action = z.extend(input, { action_id: z.string(), block_id: text });

const shapes = {
  event: z.looseObject({
    team_id: maybeSlackId,
    enterprise_id: maybeSlackId,
    event: z
      .looseObject({
        type: z.string(),
        user: z.optional(z.union([z.string(), z.extend(withId, { deleted: z.optional(z.boolean()) })])),
        channel: z.optional(z.union([z.string(), withId])),
        item: z.optional(z.looseObject({})),
        tab: text,
        view: z.optional(z.looseObject({})),
        tokens: z.optional(z.looseObject({ bot: z.optional(z.nullable(z.array(z.string()))) })),
        team_ids: z.optional(z.array(slackId)),
      })
      .check(z.refine(({ type, tokens }) => type !== "tokens_revoked" || tokens !== undefined))
      .check(z.refine(({ type, team_ids: teams }) => type !== "team_access_revoked" || teams !== undefined)),
    event_id: text,
    authorizations: z.optional(
      z.nullable(z.array(z.looseObject({ team_id: maybeSlackId, enterprise_id: maybeSlackId }))),
    ),
  }),
  command: z.looseObject({
    command: z.string(),
    text: z.optional(z.string()),
    team_id: slackId,
    enterprise_id: maybeSlackId,
    user_id: z.string(),
    channel_id: z.string(),
    channel_name: text,
    trigger_id: z.string(),
    response_url: text,
  }),
  options: z.looseObject({
    ...origin,
    type: z.literal("block_suggestion"),
    action_id: z.string(),
    block_id: z.string(),
    value: z.string(),
    channel: z.optional(withId),
    view: maybeView,
  }),
  actions: z.looseObject({
    ...origin,
    type: z.literal("block_actions"),
    trigger_id: z.string(),
    container: z.looseObject({ type: z.string() }),
    channel: z.optional(withId),
    message: z.optional(z.nullable(z.looseObject({ ts: z.string() }))),
    view: maybeView,
    actions: z.array(action).check(z.minLength(1)),
  }),
  shortcut: z.looseObject({ ...origin, callback_id: z.string(), trigger_id: z.string() }),
  message: z.looseObject({
    ...origin,
    callback_id: z.string(),
    trigger_id: z.string(),
    channel: withId,
    message: z.looseObject({ ts: z.string(), text, user: text, thread_ts: text }),
  }),
  view: z.looseObject({
    ...origin,
    type: z.string(),
    response_urls: z.optional(z.array(z.looseObject({ response_url: z.string() }))),
    view,
  }),
} as const;

const isObject = (value: unknown): value is Body => typeof value === "object" && value !== null;

/** What Slack leaves out where it is empty: the words after a command, and what is typed in a view. */
export const completed = (body: Body): Body => {
  if (body["command"] !== undefined) return { ...body, text: body["text"] ?? "" };
  const { view } = body;
  if (!isObject(view)) return body;
  const state = view["state"] ?? {};
  return isObject(state) ? { ...body, view: { ...view, state: { ...state, values: state["values"] ?? {} } } } : body;
};

/** In the order in which Bolt looks; null for what nobody listens to. */
const shapeOf = (body: Body): keyof typeof shapes | null => {
  if (body["event"] !== undefined) return "event";
  if (body["command"] !== undefined) return "command";
  if (body["name"] !== undefined || body["type"] === "block_suggestion") return "options";
  if (body["actions"] !== undefined) return "actions";
  switch (body["type"]) {
    case "shortcut":
      return "shortcut";
    case "message_action":
      return "message";
    case "view_submission":
    case "view_closed":
      return "view";
    default:
      return null;
  }
};

/** @returns the paths that are missing or of another kind; null when nobody listens to such payloads */
export const misshapen = (body: Body): string[] | null => {
  const shape = shapeOf(body);
  if (shape === null) return null;
  const parsed = shapes[shape].safeParse(body);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
};
