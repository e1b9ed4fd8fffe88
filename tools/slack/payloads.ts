/**
 * What Slack sends to an app, and how it shows its own objects, in the shapes that it documents
 * (docs.slack.dev/reference/interaction-payloads, /apis/events-api, /interactivity/implementing-slash-commands).
 * The local Slack and the tests' Slack send nothing else.
 */
import type { ModalView } from "@slack/types";
import type { JsonObject } from "./json.ts";
import type { App, Message, States, StoredView, Team, Workspace } from "./workspace.ts";

/** The deprecated verification token that Slack still sends; the signature is what counts. */
export const verificationToken = "local-verification-token";

/** Who does something, and in which workspace. */
export interface Sender {
  team: Pick<Team, "id" | "domain" | "enterpriseId" | "enterpriseName" | "isOrgWide">;
  app: Pick<App, "id" | "botUser">;
  user: { id: string; name: string };
}

export interface Place {
  id: string;
  /** "directmessage" in a direct message. */
  name: string;
}

export const placeOf = ({ id, name, is_im: isIm }: { id: string; name: string; is_im?: boolean }): Place => ({
  id,
  name: isIm ? "directmessage" : name,
});

/** A message as the Web API and interaction payloads carry it. */
export const toApiMessage = ({ team, app }: Pick<Workspace, "team" | "app">, message: Message): JsonObject => ({
  type: "message",
  user: message.user,
  ts: message.ts,
  text: message.text,
  team: team.id,
  ...(message.user === app.botUser ? { bot_id: app.botId, app_id: app.id } : {}),
  ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
  ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
  ...(message.reply_count > 0 ? { thread_ts: message.ts, reply_count: message.reply_count } : {}),
  ...(message.edited_ts ? { edited: { user: message.user, ts: message.edited_ts } } : {}),
});

const modalFrame = (view: ModalView): JsonObject => ({
  title: view.title,
  submit: view.submit ?? null,
  close: view.close ?? null,
  clear_on_close: view.clear_on_close ?? false,
  notify_on_close: view.notify_on_close ?? false,
});

/** Slack reports the same fields of a Home tab, which has none of them. */
const homeFrame: JsonObject = { submit: null, close: null, clear_on_close: false, notify_on_close: false };

/** A view with all the fields of the Web API and of interaction payloads. */
export const toApiView = (workspace: Pick<Workspace, "team" | "app" | "statesOf">, stored: StoredView): JsonObject => {
  const { team, app } = workspace;
  const { view } = stored;
  return {
    id: stored.id,
    team_id: team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? "",
    callback_id: view.callback_id ?? "",
    external_id: view.external_id ?? "",
    hash: stored.hash,
    state: { values: workspace.statesOf(stored) },
    ...(view.type === "modal" ? modalFrame(view) : homeFrame),
    root_view_id: stored.rootId,
    previous_view_id: stored.previousId,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
};

/** The fields of a slash command's form. */
export const commandPayload = (
  { team, app, user }: Sender,
  typed: { command: string; text: string; place: Place; triggerId: string; responseUrl: string },
): Record<string, string> => ({
  token: verificationToken,
  team_id: team.id,
  team_domain: team.domain,
  channel_id: typed.place.id,
  channel_name: typed.place.name,
  user_id: user.id,
  user_name: user.name,
  command: typed.command,
  text: typed.text,
  api_app_id: app.id,
  ...(team.enterpriseId && { enterprise_id: team.enterpriseId, enterprise_name: team.enterpriseName ?? "" }),
  is_enterprise_install: String(team.isOrgWide === true),
  response_url: typed.responseUrl,
  trigger_id: typed.triggerId,
});

/** What every interaction payload carries. */
const originFields = ({ team }: Sender): JsonObject => ({
  token: verificationToken,
  team: { id: team.id, domain: team.domain },
  enterprise: team.enterpriseId === undefined ? null : { id: team.enterpriseId, name: team.enterpriseName ?? "" },
  is_enterprise_install: team.isOrgWide === true,
});

const userFields = ({ team, user }: Sender): JsonObject => ({ id: user.id, username: user.name, team_id: team.id });

const namedUser = (sender: Sender): JsonObject => ({ ...userFields(sender), name: sender.user.name });

/** What payloads of messages and views carry besides; shortcuts do not say which app they are of. */
const commonFields = (sender: Sender): JsonObject => ({
  ...originFields(sender),
  user: namedUser(sender),
  api_app_id: sender.app.id,
});

/** Where something was clicked: the fields of a payload that say so. */
export interface Surface {
  fields: JsonObject;
  /** Of messages alone: what a choice in them says, and where to answer. */
  ofMessage: JsonObject;
}

/** A message with buttons. @param shown as the Web API shows it; Slack sends no copy of an ephemeral message */
export const messageSurface = (
  place: Place,
  { ts, threadTs }: { ts: string; threadTs: string | null },
  shown: JsonObject | null,
  { responseUrl, states = {} }: { responseUrl: string; states?: States },
): Surface => ({
  fields: {
    container: {
      type: "message",
      message_ts: ts,
      channel_id: place.id,
      is_ephemeral: shown === null,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    channel: place,
    ...(shown === null ? {} : { message: shown }),
  },
  ofMessage: { state: { values: states }, response_url: responseUrl },
});

/** @param view as the Web API shows it */
export const viewSurface = (view: JsonObject): Surface => ({
  fields: { container: { type: "view", view_id: view["id"] }, view },
  ofMessage: {},
});

/** A click, or a choice that is sent at once. */
export const actionsPayload = (
  sender: Sender,
  { fields, ofMessage }: Surface,
  action: JsonObject,
  triggerId: string,
): JsonObject => ({
  type: "block_actions",
  ...commonFields(sender),
  trigger_id: triggerId,
  ...fields,
  ...ofMessage,
  actions: [action],
});

/** What somebody has typed so far into an input with typeahead. */
export const suggestionPayload = (
  sender: Sender,
  { fields }: Surface,
  { actionId, blockId, value }: Record<"actionId" | "blockId" | "value", string>,
): JsonObject => ({
  type: "block_suggestion",
  ...commonFields(sender),
  ...fields,
  action_id: actionId,
  block_id: blockId,
  value,
});

/** @param view as the Web API shows it, with what its inputs hold */
export const submissionPayload = (sender: Sender, view: JsonObject, triggerId: string): JsonObject => ({
  type: "view_submission",
  ...commonFields(sender),
  trigger_id: triggerId,
  view,
  response_urls: [],
});

export const closedPayload = (sender: Sender, view: JsonObject, isCleared: boolean): JsonObject => ({
  type: "view_closed",
  ...commonFields(sender),
  view,
  is_cleared: isCleared,
});

interface Called {
  callbackId: string;
  triggerId: string;
  actionTs: string;
}

/** A global shortcut. */
export const shortcutPayload = (sender: Sender, { callbackId, triggerId, actionTs }: Called): JsonObject => ({
  type: "shortcut",
  ...originFields(sender),
  user: userFields(sender),
  action_ts: actionTs,
  callback_id: callbackId,
  trigger_id: triggerId,
});

/** A shortcut from a message's menu. */
export const messageActionPayload = (
  sender: Sender,
  { callbackId, triggerId, actionTs }: Called,
  { place, message, responseUrl }: { place: Place; message: JsonObject; responseUrl: string },
): JsonObject => ({
  type: "message_action",
  ...originFields(sender),
  user: namedUser(sender),
  action_ts: actionTs,
  callback_id: callbackId,
  trigger_id: triggerId,
  response_url: responseUrl,
  channel: place,
  message_ts: message["ts"],
  message,
});

/** An event in the envelope of the Events API. */
/** The end of an installation for all of an organisation names no workspace. */
const placesOf = ({ id, enterpriseId, isOrgWide }: Sender["team"], { type }: JsonObject): JsonObject => {
  const isOfAll = isOrgWide === true && (type === "app_uninstalled" || type === "tokens_revoked");
  return {
    team_id: isOfAll ? null : id,
    ...(enterpriseId && { enterprise_id: enterpriseId }),
    context_team_id: isOfAll ? null : id,
  };
};

export const eventPayload = (
  { team, app }: Pick<Sender, "team" | "app">,
  event: JsonObject,
  { eventId, atMs, context }: { eventId: string; atMs: number; context: string },
): JsonObject => ({
  token: verificationToken,
  ...placesOf(team, event),
  context_enterprise_id: team.enterpriseId ?? null,
  api_app_id: app.id,
  event,
  type: "event_callback",
  event_id: eventId,
  event_time: Math.floor(atMs / 1000),
  authorizations: [
    {
      enterprise_id: team.enterpriseId ?? null,
      team_id: team.isOrgWide ? null : team.id,
      user_id: app.botUser,
      is_bot: true,
      is_enterprise_install: team.isOrgWide === true,
    },
  ],
  is_ext_shared_channel: false,
  event_context: `4-${context}`,
});
