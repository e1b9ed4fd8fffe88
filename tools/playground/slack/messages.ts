/** Messages as they are stored and as each side sees them. */
import type { Block } from "@slack/types";
import { parseOwn } from "../../slack/json.ts";
import type { Message, MessageDraft } from "../../slack/workspace.ts";
import { nextTimestamp } from "./ids.ts";
import type { Slack } from "./slack.ts";
import { mayRead, ownerOf } from "./workspace.ts";

interface MessageRow extends Record<string, SqlStorageValue> {
  ts: string;
  channel: string;
  thread_ts: string | null;
  user: string;
  text: string;
  blocks: string;
  edited_ts: string | null;
  ephemeral_for: string | null;
  deleted: number;
  broadcast: number;
  reply_count: number;
}

const columns = `ts, channel, thread_ts, user, text, blocks, edited_ts, ephemeral_for, deleted, broadcast,
  (SELECT count(*) FROM messages AS reply
   WHERE reply.channel = messages.channel AND reply.thread_ts = messages.ts AND reply.deleted = 0 AND reply.ephemeral_for IS NULL) AS reply_count`;

const fromRow = (row: MessageRow): Message => ({
  channel: row.channel,
  ts: row.ts,
  thread_ts: row.thread_ts,
  user: row.user,
  text: row.text,
  blocks: parseOwn<Block[]>(row.blocks),
  edited_ts: row.edited_ts,
  reply_count: row.reply_count,
  ephemeral_for: row.ephemeral_for,
  deleted: row.deleted === 1,
  reply_broadcast: row.broadcast === 1,
});

/** The message, also a deleted one; null when there never was one. */
export const findMessage = (slack: Slack, channel: string, ts: string): Message | null => {
  const row = slack.sql
    .exec<MessageRow>(`SELECT ${columns} FROM messages WHERE channel = ? AND ts = ?`, channel, ts)
    .toArray()[0];
  return row ? fromRow(row) : null;
};

export const messagesSeenBy = (slack: Slack, userId: string): Message[] =>
  slack.sql
    .exec<MessageRow>(
      `SELECT ${columns} FROM messages WHERE deleted = 0 AND (ephemeral_for IS NULL OR ephemeral_for = ?) ORDER BY ts`,
      userId,
    )
    .toArray()
    .map(fromRow)
    .filter((message) => mayRead(message.channel, userId));

const audienceOf = (message: Message): string | null => message.ephemeral_for ?? ownerOf(message.channel);

const publishParentOf = (slack: Slack, message: Message): void => {
  const parent =
    message.thread_ts && !message.ephemeral_for ? findMessage(slack, message.channel, message.thread_ts) : null;
  if (parent && !parent.deleted) slack.publish(audienceOf(parent), { type: "message_changed", message: parent });
};

const reload = (slack: Slack, message: { channel: string; ts: string }): Message => {
  const found = findMessage(slack, message.channel, message.ts);
  if (!found) throw new Error(`Message ${message.ts} vanished`);
  return found;
};

export const postMessage = (slack: Slack, draft: MessageDraft): Message => {
  const ts = nextTimestamp(slack);
  slack.sql.exec(
    `INSERT INTO messages (ts, channel, thread_ts, user, text, blocks, ephemeral_for, broadcast) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ts,
    draft.channel,
    draft.thread_ts,
    draft.user,
    draft.text,
    JSON.stringify(draft.blocks),
    draft.ephemeral_for,
    draft.reply_broadcast ? 1 : 0,
  );
  const message = reload(slack, { channel: draft.channel, ts });
  slack.publish(audienceOf(message), { type: "message", message });
  publishParentOf(slack, message);
  return message;
};

/** Replaces text and blocks. As in Slack, an element with the same block_id and action_id keeps its selection. */
export const editMessage = (slack: Slack, message: Message, text: string, blocks: Block[]): Message => {
  const edited = nextTimestamp(slack);
  slack.sql.exec(
    "UPDATE messages SET text = ?, blocks = ?, edited_ts = ? WHERE ts = ?",
    text,
    JSON.stringify(blocks),
    edited,
    message.ts,
  );
  const changed = reload(slack, message);
  slack.publish(audienceOf(changed), { type: "message_changed", message: changed });
  return changed;
};

export const deleteMessage = (slack: Slack, message: Message): void => {
  slack.sql.exec("UPDATE messages SET deleted = 1 WHERE ts = ?", message.ts);
  slack.publish(audienceOf(message), { type: "message_deleted", channel: message.channel, ts: message.ts });
  publishParentOf(slack, message);
};

/** Shows one person a message that nobody else sees. */
export const postEphemeral = (
  slack: Slack,
  channel: string,
  to: string,
  from: string,
  text: string,
  blocks: Block[] = [],
): Message =>
  postMessage(slack, { channel, user: from, text, blocks, thread_ts: null, ephemeral_for: to, reply_broadcast: false });
