/** What Slack sends, in the shapes that it documents (docs.slack.dev, "Interaction payloads"), with its signature. */
import { createHmac } from "node:crypto";

export interface Person {
  workspaceId: string;
  userId: string;
}

/** Where and on what something was clicked. */
export type Clicked =
  | {
      on: "message";
      channel: string;
      ts: string;
      /** Of a reply in a thread. */
      threadTs?: string | null;
      isEphemeral: boolean;
      responseUrl: string;
      text?: string;
      blocks?: readonly unknown[];
    }
  | { on: "view"; view: Record<string, unknown> };

export interface SlackBody {
  contentType: string;
  body: string;
  /** Whether Slack sends it again when it gets no answer: it does so for events alone. */
  isEvent: boolean;
}

const form = (values: Record<string, string>): SlackBody => ({
  contentType: "application/x-www-form-urlencoded",
  body: new URLSearchParams(values).toString(),
  isEvent: false,
});

interface TypedLine {
  text: string;
  channel: string;
  triggerId: string;
  responseUrl: string;
}

export const commandFields = (
  { workspaceId, userId }: Person,
  { text, channel, triggerId, responseUrl }: TypedLine,
): Record<string, string> => ({
  token: "deprecated",
  team_id: workspaceId,
  team_domain: "example",
  channel_id: channel,
  channel_name: "portfolio",
  user_id: userId,
  user_name: "someone",
  command: "/cv",
  text,
  api_app_id: "A0CVOPS001",
  is_enterprise_install: "false",
  response_url: responseUrl,
  trigger_id: triggerId,
});

export const slashCommand = (person: Person, line: TypedLine): SlackBody => form(commandFields(person, line));

const interaction = (person: Person, type: string) => ({
  type,
  token: "deprecated",
  team: { id: person.workspaceId, domain: "example" },
  user: { id: person.userId, username: "someone", name: "someone", team_id: person.workspaceId },
  api_app_id: "A0CVOPS001",
  is_enterprise_install: false,
  enterprise: null,
});

export const actionsPayload = (
  person: Person,
  clicked: Clicked,
  action: Record<string, unknown>,
  triggerId: string,
) => {
  const payload = { ...interaction(person, "block_actions"), trigger_id: triggerId, actions: [action] };
  if (clicked.on === "view") {
    const { view } = clicked;
    return { ...payload, container: { type: "view", view_id: view["id"] }, view };
  }
  const { channel, ts, isEphemeral, responseUrl, text = "", blocks } = clicked;
  const thread = clicked.threadTs ? { thread_ts: clicked.threadTs } : {};
  return {
    ...payload,
    container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: isEphemeral, ...thread },
    channel: { id: channel, name: "portfolio" },
    ...(isEphemeral ? {} : { message: { type: "message", ts, text, ...thread, ...(blocks && { blocks }) } }),
    response_url: responseUrl,
    state: { values: {} },
  };
};

export const blockActions = (...given: Parameters<typeof actionsPayload>): SlackBody =>
  form({ payload: JSON.stringify(actionsPayload(...given)) });

export const viewSubmission = (person: Person, view: Record<string, unknown>, triggerId: string): SlackBody => {
  const payload = { ...interaction(person, "view_submission"), view, trigger_id: triggerId, response_urls: [] };
  return form({ payload: JSON.stringify(payload) });
};

/** What somebody has typed so far into an input with typeahead. */
export const blockSuggestion = (
  person: Person,
  view: Record<string, unknown>,
  { actionId, typed }: { actionId: string; typed: string },
): SlackBody => {
  const about = { action_id: actionId, block_id: actionId, value: typed };
  const container = { type: "view", view_id: view["id"] };
  return form({ payload: JSON.stringify({ ...interaction(person, "block_suggestion"), ...about, container, view }) });
};

/** A shortcut in the menu of a message. */
export const messageAction = (
  person: Person,
  callbackId: string,
  { channel, ts, text, triggerId }: Record<"channel" | "ts" | "text" | "triggerId", string>,
): SlackBody => {
  const payload = {
    ...interaction(person, "message_action"),
    action_ts: ts,
    callback_id: callbackId,
    trigger_id: triggerId,
    channel: { id: channel, name: "portfolio" },
    message_ts: ts,
    message: { type: "message", ts, text, user: person.userId },
  };
  return form({ payload: JSON.stringify(payload) });
};

export const homeOpened = ({ workspaceId, userId }: Person, eventId: string, atMs: number): SlackBody => ({
  contentType: "application/json",
  body: JSON.stringify({
    token: "deprecated",
    team_id: workspaceId,
    api_app_id: "A0CVOPS001",
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(atMs / 1000),
    event: { type: "app_home_opened", user: userId, channel: `D${userId.slice(1)}`, tab: "home", event_ts: "1.1" },
  }),
  isEvent: true,
});

export interface SignatureOptions {
  secret: string;
  timestampSeconds: number;
  retryNumber?: number;
}

/** The headers of Slack's signature v0, made with node:crypto so that an error of the product cannot hide itself. */
export const signature = (secret: string, timestampSeconds: number, body: string): Record<string, string> => {
  const mac = createHmac("sha256", secret).update(`v0:${timestampSeconds}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(timestampSeconds), "x-slack-signature": `v0=${mac}` };
};

export const signedRequest = (
  { contentType, body }: Pick<SlackBody, "contentType" | "body">,
  { secret, timestampSeconds, retryNumber = 0 }: SignatureOptions,
): Request =>
  new Request("https://cv-ops.example.com/slack/events", {
    method: "POST",
    headers: {
      "content-type": contentType,
      ...signature(secret, timestampSeconds, body),
      ...(retryNumber > 0 ? { "x-slack-retry-num": String(retryNumber) } : {}),
    },
    body,
  });
