/** Messages that answer a person: the acknowledgement of a command, and posts to a response URL. */
import { withIds } from "./block-ids.ts";
import { recordExchange } from "./exchanges.ts";
import { takeFault } from "./faults.ts";
import { type JsonObject, isObject, parseUntrusted, stringOf } from "./json.ts";
import { deleteMessage, editMessage, findMessage, postMessage } from "./messages.ts";
import type { Slack } from "./slack.ts";
import { type ResponseTarget, takeResponseUrl } from "./tickets.ts";
import { describe, validateMessage } from "./validate-blocks.ts";
import { app, findChannel } from "./workspace.ts";

type Responded = { ok: true } | { ok: false; error: string; messages: string[] };

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

/** Posts, replaces or deletes as `payload` asks; refuses what chat.postMessage would refuse. */
export const respond = (slack: Slack, target: ResponseTarget, payload: JsonObject): Responded => {
  const refused = (error: string, messages: string[] = []): Responded => ({ ok: false, error, messages });
  const unknown = Object.keys(payload).find((field) => !fields.has(field));
  if (unknown) return refused("invalid_arguments", [`unknown field ${unknown}`]);
  const source = target.sourceTs ? findMessage(slack, target.channel, target.sourceTs) : null;
  if (payload["delete_original"] === true) {
    if (!source || source.deleted) return refused("message_not_found");
    deleteMessage(slack, source);
    return { ok: true };
  }
  if (findChannel(target.channel)?.is_archived) return refused("is_archived");
  const problems = validateMessage(payload);
  const [first] = problems;
  if (first) return refused(first.code, problems.map(describe));
  const responseType = payload["response_type"] ?? "ephemeral";
  if (responseType !== "ephemeral" && responseType !== "in_channel")
    return refused("invalid_arguments", ["unknown response_type"]);
  const content = { text: stringOf(payload["text"]), blocks: withIds(payload["blocks"]) };
  // After a command there is no original; then the answer is a new message.
  if (payload["replace_original"] === true && source) {
    if (source.deleted) return refused("message_not_found");
    editMessage(slack, source, content.text, content.blocks);
    return { ok: true };
  }
  const threadTs = stringOf(payload["thread_ts"]) || null;
  if (threadTs && !findMessage(slack, target.channel, threadTs)) return refused("thread_not_found");
  postMessage(slack, {
    channel: target.channel,
    user: app.botUser,
    ...content,
    thread_ts: threadTs,
    ephemeral_for: responseType === "ephemeral" ? target.user : null,
    reply_broadcast: false,
  });
  return { ok: true };
};

/** `POST /playground/slack/response/<token>`: five times within half an hour. */
export const handleResponseUrl = async (slack: Slack, token: string, request: Request): Promise<Response> => {
  const at = slack.now();
  const body = parseUntrusted(await request.text());
  const { answer, status } = answerResponseUrl(slack, token, request.method, body);
  const text = answer === null ? "ok" : JSON.stringify(answer);
  recordExchange(slack, {
    at,
    direction: "from_bot",
    kind: "response_url",
    payload: body,
    status,
    body: text,
    ackMs: 0,
    error: answer && stringOf(answer["error"]),
    retry: 0,
  });
  return new Response(text, {
    status,
    headers: { "Content-Type": answer === null ? "text/plain" : "application/json" },
  });
};

/** `answer` is null when all went well. */
const answerResponseUrl = (
  slack: Slack,
  token: string,
  method: string,
  body: unknown,
): { answer: JsonObject | null; status: number } => {
  if (takeFault(slack, "slack.down")) return { answer: { ok: false, error: "service_unavailable" }, status: 503 };
  const taken = takeResponseUrl(slack, token);
  if (!taken.ok) return { answer: { ok: false, error: taken.error }, status: 404 };
  if (method !== "POST" || !isObject(body)) return { answer: { ok: false, error: "invalid_payload" }, status: 400 };
  const responded = respond(slack, taken.target, body);
  if (responded.ok) return { answer: null, status: 200 };
  const { error, messages } = responded;
  return {
    answer: { ok: false, error, response_metadata: { messages } },
    status: error === "message_not_found" ? 404 : 400,
  };
};
