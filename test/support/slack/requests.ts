/** What Slack sends for a person (the shapes are in `tools/slack/payloads.ts`), with its signature. */
import { createHmac } from "node:crypto";
import type { JsonObject } from "../../../tools/slack/json.ts";
import {
  actionsPayload,
  commandPayload,
  eventPayload,
  messageActionPayload,
  messageSurface,
  type Place,
  type Sender,
  submissionPayload,
  suggestionPayload,
  type Surface,
  toApiMessage,
  viewSurface,
} from "../../../tools/slack/payloads.ts";
import type { Message } from "../../../tools/slack/workspace.ts";
import { app, teamOf } from "./memory-workspace.ts";

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

const inForm = (payload: unknown): SlackBody => form({ payload: JSON.stringify(payload) });

interface TypedLine {
  text: string;
  channel: string;
  triggerId: string;
  responseUrl: string;
}

export const senderOf = ({ workspaceId, userId }: Person): Sender => ({
  team: teamOf(workspaceId),
  app,
  user: { id: userId, name: "someone" },
});

const placeOf = (channel: string): Place => ({
  id: channel,
  name: channel.startsWith("D") ? "directmessage" : "portfolio",
});

export const commandFields = (
  person: Person,
  { text, channel, triggerId, responseUrl }: TypedLine,
): Record<string, string> =>
  commandPayload(senderOf(person), { command: "/cv", text, place: placeOf(channel), triggerId, responseUrl });

export const slashCommand = (person: Person, line: TypedLine): SlackBody => form(commandFields(person, line));

const surfaceOf = (clicked: Clicked): Surface => {
  if (clicked.on === "view") return viewSurface(clicked.view);
  const { channel, ts, isEphemeral, responseUrl, text = "", blocks = [], threadTs = null } = clicked;
  const about = { user: app.botUser, edited_ts: null, reply_count: 0, ephemeral_for: null, deleted: false };
  const message: Message = {
    ...about,
    channel,
    ts,
    thread_ts: threadTs,
    text,
    blocks: [...blocks] as Message["blocks"],
  };
  const shown = isEphemeral ? null : toApiMessage({ team: teamOf(""), app }, message);
  return messageSurface(placeOf(channel), { ts, threadTs }, shown, { responseUrl });
};

export const clickPayload = (person: Person, clicked: Clicked, action: JsonObject, triggerId: string): JsonObject =>
  actionsPayload(senderOf(person), surfaceOf(clicked), action, triggerId);

export const blockActions = (...given: Parameters<typeof clickPayload>): SlackBody => inForm(clickPayload(...given));

export const viewSubmission = (person: Person, view: JsonObject, triggerId: string): SlackBody =>
  inForm(submissionPayload(senderOf(person), view, triggerId));

/** What somebody has typed so far into an input with typeahead. */
export const blockSuggestion = (
  person: Person,
  view: JsonObject,
  { actionId, typed }: { actionId: string; typed: string },
): SlackBody => {
  const about = { actionId, blockId: actionId, value: typed };
  return inForm(suggestionPayload(senderOf(person), viewSurface(view), about));
};

/** A shortcut in the menu of a message. */
export const messageAction = (
  person: Person,
  callbackId: string,
  about: Record<"channel" | "ts" | "text" | "triggerId" | "responseUrl", string>,
): SlackBody => {
  const { channel, ts, text, triggerId, responseUrl } = about;
  const message = { type: "message", ts, text, user: person.userId };
  const on = { place: placeOf(channel), message, responseUrl };
  return inForm(messageActionPayload(senderOf(person), { callbackId, triggerId, actionTs: ts }, on));
};

export const homeOpened = (person: Person, eventId: string, atMs: number): SlackBody => {
  const channel = `D${person.userId.slice(1)}`;
  const event = { type: "app_home_opened", user: person.userId, channel, tab: "home", event_ts: "1.1" };
  const body = JSON.stringify(eventPayload(senderOf(person), event, { eventId, atMs, context: eventId }));
  return { contentType: "application/json", body, isEvent: true };
};

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
