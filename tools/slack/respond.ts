/** What may be sent to a response URL, or back with a command's acknowledgement, and what becomes of it. */
import { withIds } from "./block-ids.ts";
import { type JsonObject, stringOf } from "./json.ts";
import { describe, validateMessage } from "./validate-blocks.ts";
import type { Message, MessageDraft, Workspace } from "./workspace.ts";

/** Where a response URL leads. */
export interface ResponseTarget {
  channel: string;
  user: string;
  /** The message that was acted on; null after a command. */
  sourceTs: string | null;
}

export type Response =
  | { do: "delete"; message: Message }
  | { do: "edit"; message: Message; text: string; blocks: Message["blocks"] }
  | { do: "post"; draft: MessageDraft }
  | { do: "refuse"; error: string; messages: string[] };

const fields = new Set([
  "text",
  "blocks",
  "response_type",
  "replace_original",
  "delete_original",
  "thread_ts",
  "mrkdwn",
  "unfurl_links",
  "unfurl_media",
]);

const refuse = (error: string, messages: string[] = []): Response => ({ do: "refuse", error, messages });

/** Refuses what chat.postMessage would refuse. */
export const judgeResponse = (workspace: Workspace, target: ResponseTarget, payload: JsonObject): Response => {
  const unknown = Object.keys(payload).find((field) => !fields.has(field));
  if (unknown) return refuse("invalid_arguments", [`unknown field ${unknown}`]);
  const source = target.sourceTs ? workspace.findMessage(target.channel, target.sourceTs) : null;
  if (payload["delete_original"] === true)
    return source && !source.deleted ? { do: "delete", message: source } : refuse("message_not_found");
  if (workspace.findChannel(target.channel)?.is_archived) return refuse("is_archived");
  const problems = validateMessage(payload);
  const [first] = problems;
  if (first) return refuse(first.code, problems.map(describe));
  const responseType = payload["response_type"] ?? "ephemeral";
  if (responseType !== "ephemeral" && responseType !== "in_channel")
    return refuse("invalid_arguments", ["unknown response_type"]);
  const content = { text: stringOf(payload["text"]), blocks: withIds(payload["blocks"], workspace.newName) };
  // After a command there is no original; then the answer is a new message.
  if (payload["replace_original"] === true && source)
    return source.deleted ? refuse("message_not_found") : { do: "edit", message: source, ...content };
  const threadTs = stringOf(payload["thread_ts"]) || null;
  if (threadTs && !workspace.findMessage(target.channel, threadTs)) return refuse("thread_not_found");
  return {
    do: "post",
    draft: {
      channel: target.channel,
      user: workspace.app.botUser,
      ...content,
      thread_ts: threadTs,
      ephemeral_for: responseType === "ephemeral" ? target.user : null,
      reply_broadcast: false,
    },
  };
};
