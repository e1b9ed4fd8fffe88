import type { Message } from "../../client-protocol.ts";
import { withIds } from "../block-ids.ts";
import { isMember } from "../membership.ts";
import { deleteMessage, editMessage, findMessage, postMessage, toApiMessage } from "../messages.ts";
import type { Slack } from "../slack.ts";
import { validateMessage } from "../validate-blocks.ts";
import { app, directMessageOf, findActor, findChannel } from "../workspace.ts";
import {
  type Answer,
  type Arguments,
  argument,
  flagArgument,
  jsonArgument,
  type Method,
  refuse,
  refusePayload,
} from "./method.ts";

type Content = { text: string; blocks: Message["blocks"] } | { refused: Answer };

const contentOf = (args: Arguments): Content => {
  const blocks = jsonArgument(args, "blocks");
  if (args["blocks"] !== undefined && args["blocks"] !== "" && !Array.isArray(blocks)) {
    return { refused: refuse("invalid_blocks_format") };
  }
  if (args["attachments"] !== undefined) return { refused: refuse("invalid_arguments") };
  const text = argument(args, "text");
  const problems = validateMessage({ text, blocks });
  return problems.length > 0 ? { refused: refusePayload(problems) } : { text, blocks: withIds(blocks) };
};

/** A channel, a direct message, or a person, who is reached in the direct message. */
const targetOf = (args: Arguments) => {
  const id = argument(args, "channel");
  return findActor(id) ? directMessageOf(id) : findChannel(id);
};

const post: Method["run"] = (slack, args) => {
  const channel = targetOf(args);
  if (!channel) return refuse("channel_not_found");
  if (channel.is_archived) return refuse("is_archived");
  if (!isMember(slack, channel.id)) return refuse("not_in_channel");
  const content = contentOf(args);
  if ("refused" in content) return content.refused;
  const threadTs = argument(args, "thread_ts") || null;
  const parent = threadTs ? findMessage(slack, channel.id, threadTs) : null;
  if (threadTs && (!parent || parent.ephemeral_for)) return refuse("thread_not_found");
  if (parent?.thread_ts) return refuse("cannot_reply_to_message");
  const broadcast = threadTs !== null && flagArgument(args, "reply_broadcast");
  const message = postMessage(slack, {
    channel: channel.id,
    user: app.botUser,
    ...content,
    thread_ts: threadTs,
    ephemeral_for: null,
    reply_broadcast: broadcast,
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: toApiMessage(message) };
};

/** A message of everybody's that is still there; ephemeral ones cannot be reached by their timestamp. */
const findPosted = (slack: Slack, args: Arguments): Message | Answer => {
  const channel = findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  const message = findMessage(slack, channel.id, argument(args, "ts"));
  return !message || message.deleted || message.ephemeral_for ? refuse("message_not_found") : message;
};

const update: Method["run"] = (slack, args) => {
  const message = findPosted(slack, args);
  if ("ok" in message) return message;
  if (findChannel(message.channel)?.is_archived) return refuse("is_inactive");
  if (message.user !== app.botUser) return refuse("cant_update_message");
  const content = contentOf(args);
  if ("refused" in content) return content.refused;
  const changed = editMessage(slack, message, content.text, content.blocks);
  return { ok: true, channel: changed.channel, ts: changed.ts, text: changed.text, message: toApiMessage(changed) };
};

const remove: Method["run"] = (slack, args) => {
  const message = findPosted(slack, args);
  if ("ok" in message) return message;
  if (message.user !== app.botUser) return refuse("cant_delete_message");
  deleteMessage(slack, message);
  return { ok: true, channel: message.channel, ts: message.ts };
};

const postEphemeral: Method["run"] = (slack, args) => {
  const channel = findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  if (channel.is_archived) return refuse("is_archived");
  if (!isMember(slack, channel.id)) return refuse("not_in_channel");
  const user = findActor(argument(args, "user"));
  if (!user) return refuse("user_not_in_channel");
  const content = contentOf(args);
  if ("refused" in content) return content.refused;
  const message = postMessage(slack, {
    channel: channel.id,
    user: app.botUser,
    ...content,
    thread_ts: argument(args, "thread_ts") || null,
    ephemeral_for: user.id,
    reply_broadcast: false,
  });
  return { ok: true, message_ts: message.ts };
};

const getPermalink: Method["run"] = (slack, args, origin) => {
  const channel = findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  const message = findMessage(slack, channel.id, argument(args, "message_ts"));
  if (!message || message.deleted || message.ephemeral_for) return refuse("message_not_found");
  const query = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : "";
  return {
    ok: true,
    channel: channel.id,
    permalink: `${origin}/archives/${channel.id}/p${message.ts.replace(".", "")}${query}`,
  };
};

const byChannel = (args: Arguments): string => argument(args, "channel");

export const chatMethods: Record<string, Method> = {
  "chat.postMessage": { tier: "post", countedBy: byChannel, run: post },
  "chat.update": { tier: "tier3", run: update },
  "chat.delete": { tier: "tier3", run: remove },
  "chat.postEphemeral": { tier: "tier4", run: postEphemeral },
  "chat.getPermalink": { tier: "special", run: getPermalink },
};
