/** The Events API: docs.slack.dev/apis/events-api */
import type { Delivery, HomeInput, MessageInput } from "../client-protocol.ts";
import { messageText } from "./composer.ts";
import { type Ack, deliver, notSent, toDelivery } from "./deliver.ts";
import { newId, nextTimestamp, randomHex } from "./ids.ts";
import { isObject, type JsonObject, parseOwn, parseUntrusted } from "../../slack/json.ts";
import { eventPayload, toApiView, verificationToken } from "../../slack/payloads.ts";
import { channelIn, isInstalled, teamIn } from "./installation.ts";
import { findMessage, postMessage } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";
import { homeOf } from "./views.ts";
import { app, directMessageOf, findActor, mayRead } from "./workspace.ts";

/** When Slack repeats an event without acknowledgement, milliseconds after the failure: at once, after 1 and 5 min. */
const retryDelaysMs = [0, 60_000, 300_000];

const nothingToSend: Delivery = { ok: true, ackMs: 0, status: null, error: null };

const unsent: Ack = { exchangeId: 0, status: null, body: "", contentType: "", ackMs: 0, failure: null };

/** Nothing happens in a workspace without the app. */
export const sendEvent = async (slack: Slack, origin: string, event: JsonObject): Promise<Ack> =>
  isInstalled(slack) ? sendEventAnyway(slack, origin, event) : unsent;

/** Of the end of an installation the app learns all the same. */
export const sendEventAnyway = async (slack: Slack, origin: string, event: JsonObject): Promise<Ack> => {
  const about = { eventId: newId("Ev"), atMs: slack.now(), context: randomHex(24) };
  return attempt(slack, origin, JSON.stringify(eventPayload({ team: teamIn(slack), app }, event, about)), 0, "");
};

const attempt = async (slack: Slack, origin: string, body: string, retry: number, reason: string): Promise<Ack> => {
  const payload = parseOwn<unknown>(body);
  const headers = retry === 0 ? {} : { "X-Slack-Retry-Num": String(retry), "X-Slack-Retry-Reason": reason };
  const ack = await deliver(slack, {
    kind: "event_callback",
    origin,
    contentType: "application/json",
    body,
    payload,
    headers,
    retry,
  });
  const delayMs = retryDelaysMs[retry];
  if (!ack.failure || delayMs === undefined) return ack;
  const nextReason = ack.failure === "operation_timeout" ? "http_timeout" : "http_error";
  if (delayMs === 0) return attempt(slack, origin, body, retry + 1, nextReason);
  slack.sql.exec(
    "INSERT INTO event_retries (due_at, retry, reason, origin, body) VALUES (?, ?, ?, ?, ?)",
    slack.now() + delayMs,
    retry + 1,
    nextReason,
    origin,
    body,
  );
  return ack;
};

/** Sends again the events whose time has come. */
export const retryEvents = async (slack: Slack): Promise<void> => {
  const due = slack.sql
    .exec<{ id: number; retry: number; reason: string; origin: string; body: string }>(
      "DELETE FROM event_retries WHERE due_at <= ? RETURNING id, retry, reason, origin, body",
      slack.now(),
    )
    .toArray();
  await Promise.all(due.map(({ origin, body, retry, reason }) => attempt(slack, origin, body, retry, reason)));
};

/** A person writes a message; the app gets it in a direct message and where it is mentioned. */
export const typeMessage = async (
  slack: Slack,
  origin: string,
  input: MessageInput,
): Promise<Delivery & { ts?: string }> => {
  const channel = channelIn(slack, input.channel);
  if (!findActor(input.as) || !channel || !mayRead(channel.id, input.as)) return notSent("channel_not_found");
  if (channel.is_archived) return notSent(`You cannot write in #${channel.name}: it is archived.`);
  if (input.text.trim() === "") return notSent("no_text");
  const parent = input.thread_ts ? findMessage(slack, channel.id, input.thread_ts) : null;
  if (input.thread_ts && (!parent || parent.deleted || parent.ephemeral_for || parent.thread_ts))
    return notSent("thread_not_found");
  const message = postMessage(slack, {
    channel: channel.id,
    user: input.as,
    text: messageText(slack.own, input.text),
    blocks: [],
    thread_ts: parent?.ts ?? null,
    ephemeral_for: null,
    reply_broadcast: false,
  });
  const mentioned = message.text.includes(`<@${app.botUser}>`);
  if (!channel.is_im && !mentioned) return { ...nothingToSend, ts: message.ts };
  const ack = await sendEvent(slack, origin, {
    type: channel.is_im ? "message" : "app_mention",
    user: input.as,
    text: message.text,
    ts: message.ts,
    event_ts: message.ts,
    channel: channel.id,
    team: slack.own.team.id,
    client_msg_id: crypto.randomUUID(),
    ...(channel.is_im ? { channel_type: "im" } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
  });
  // People never learn that an app missed an event.
  toDelivery(slack, ack, ack.failure);
  return { ...nothingToSend, ackMs: ack.ackMs, status: ack.status, ts: message.ts };
};

/** A person opens the app: its Home tab, or their messages with it. */
export const openHome = async (slack: Slack, origin: string, input: HomeInput): Promise<Delivery> => {
  if (!findActor(input.as)) return notSent("There is no such person.");
  if (!isInstalled(slack)) return notSent(`${app.name} is not installed in this workspace.`);
  const tab = input.tab ?? "home";
  const home = tab === "home" ? homeOf(slack, input.as) : null;
  const ack = await sendEvent(slack, origin, {
    type: "app_home_opened",
    user: input.as,
    channel: directMessageOf(input.as).id,
    tab,
    event_ts: nextTimestamp(slack),
    ...(home ? { view: toApiView(workspaceIn(slack), home) } : {}),
  });
  return toDelivery(slack, ack, ack.failure);
};

/** The handshake by which Slack checks a request URL. */
export const verifyUrl = async (slack: Slack, origin: string): Promise<Delivery> => {
  const challenge = randomHex(24);
  const payload = { token: verificationToken, challenge, type: "url_verification" };
  const ack = await deliver(slack, {
    kind: "url_verification",
    origin,
    contentType: "application/json",
    body: JSON.stringify(payload),
    payload,
  });
  const answer = parseUntrusted(ack.body);
  const echoed = isObject(answer) ? answer["challenge"] === challenge : ack.body === challenge;
  return toDelivery(slack, ack, ack.failure ?? (echoed ? null : "challenge_failed"));
};
