/** Messages: docs.slack.dev/reference/methods, `chat.*`. */
import { withIds } from "../block-ids.ts";
import { toApiMessage } from "../payloads.ts";
import { validateMessage } from "../validate-blocks.ts";
import { type Channel, findActor, type Message, type Workspace } from "../workspace.ts";
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

const contentOf = (workspace: Workspace, args: Arguments): Content => {
  const blocks = jsonArgument(args, "blocks");
  if (args["blocks"] !== undefined && args["blocks"] !== "" && !Array.isArray(blocks)) {
    return { refused: refuse("invalid_blocks_format") };
  }
  if (args["attachments"] !== undefined) return { refused: refuse("invalid_arguments") };
  const text = argument(args, "text");
  const problems = validateMessage({ text, blocks });
  return problems.length > 0
    ? { refused: refusePayload(problems) }
    : { text, blocks: withIds(blocks, workspace.newName) };
};

/** A channel, a direct message, or a person, who is reached in the direct message. */
const targetOf = (workspace: Workspace, args: Arguments): Channel | null => {
  const id = argument(args, "channel");
  // A deactivated person's, too: Slack takes it (slackapi/python-slack-sdk#1156).
  return workspace.findPerson(id)?.is_bot === false ? workspace.directMessageOf(id) : workspace.findChannel(id);
};

const post: Method["run"] = (workspace, args) => {
  const channel = targetOf(workspace, args);
  if (!channel) return refuse("channel_not_found");
  if (channel.is_archived) return refuse("is_archived");
  if (!workspace.isMember(channel.id)) return refuse("not_in_channel");
  const content = contentOf(workspace, args);
  if ("refused" in content) return content.refused;
  const threadTs = argument(args, "thread_ts") || null;
  const parent = threadTs ? workspace.findMessage(channel.id, threadTs) : null;
  if (threadTs && (!parent || parent.ephemeral_for)) return refuse("thread_not_found");
  if (parent?.thread_ts) return refuse("cannot_reply_to_message");
  const broadcast = threadTs !== null && flagArgument(args, "reply_broadcast");
  const message = workspace.post({
    channel: channel.id,
    user: workspace.app.botUser,
    ...content,
    thread_ts: threadTs,
    ephemeral_for: null,
    reply_broadcast: broadcast,
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: toApiMessage(workspace, message) };
};

/** A message of everybody's that is still there; ephemeral ones cannot be reached by their timestamp. */
const findPosted = (workspace: Workspace, args: Arguments): Message | Answer => {
  const channel = workspace.findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  const message = workspace.findMessage(channel.id, argument(args, "ts"));
  return !message || message.deleted || message.ephemeral_for ? refuse("message_not_found") : message;
};

const update: Method["run"] = (workspace, args) => {
  const message = findPosted(workspace, args);
  if ("ok" in message) return message;
  if (workspace.findChannel(message.channel)?.is_archived) return refuse("is_inactive");
  if (message.user !== workspace.app.botUser) return refuse("cant_update_message");
  const content = contentOf(workspace, args);
  if ("refused" in content) return content.refused;
  const changed = workspace.edit(message, content.text, content.blocks);
  return {
    ok: true,
    channel: changed.channel,
    ts: changed.ts,
    text: changed.text,
    message: toApiMessage(workspace, changed),
  };
};

const remove: Method["run"] = (workspace, args) => {
  const message = findPosted(workspace, args);
  if ("ok" in message) return message;
  if (message.user !== workspace.app.botUser) return refuse("cant_delete_message");
  workspace.remove(message);
  return { ok: true, channel: message.channel, ts: message.ts };
};

const postEphemeral: Method["run"] = (workspace, args) => {
  const channel = workspace.findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  if (channel.is_archived) return refuse("is_archived");
  if (!workspace.isMember(channel.id)) return refuse("not_in_channel");
  const user = findActor(workspace, argument(args, "user"));
  if (!user) return refuse("user_not_in_channel");
  const content = contentOf(workspace, args);
  if ("refused" in content) return content.refused;
  const message = workspace.post({
    channel: channel.id,
    user: workspace.app.botUser,
    ...content,
    thread_ts: argument(args, "thread_ts") || null,
    ephemeral_for: user.id,
    reply_broadcast: false,
  });
  return { ok: true, message_ts: message.ts };
};

const getPermalink: Method["run"] = (workspace, args, origin) => {
  const channel = workspace.findChannel(argument(args, "channel"));
  if (!channel) return refuse("channel_not_found");
  const message = workspace.findMessage(channel.id, argument(args, "message_ts"));
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
