import type { Message } from "../../client-protocol.ts";

export const isReply = (message: Message): boolean => message.thread_ts !== null && message.thread_ts !== message.ts;

/** What stands in the channel itself, oldest first. */
export const channelMessages = (messages: readonly Message[], channel: string): Message[] =>
  messages.filter(
    (message) =>
      message.channel === channel &&
      (!isReply(message) || message.reply_broadcast === true) &&
      (!message.deleted || message.reply_count > 0),
  );

export const repliesTo = (messages: readonly Message[], channel: string, parentTs: string): Message[] =>
  messages.filter(
    (message) =>
      message.channel === channel && message.thread_ts === parentTs && message.ts !== parentTs && !message.deleted,
  );
