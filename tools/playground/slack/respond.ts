/** Messages that answer a person: the acknowledgement of a command, and posts to a response URL. */
import { isObject, type JsonObject, parseUntrusted, stringOf } from "../../slack/json.ts";
import { judgeResponse, type ResponseTarget } from "../../slack/respond.ts";
import { recordExchange } from "./exchanges.ts";
import { takeFault } from "./faults.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";
import { takeResponseUrl } from "./tickets.ts";

type Responded = { ok: true } | { ok: false; error: string; messages: string[] };

/** Posts, replaces or deletes as `payload` asks. */
export const respond = (slack: Slack, target: ResponseTarget, payload: JsonObject): Responded => {
  const workspace = workspaceIn(slack);
  const response = judgeResponse(workspace, target, payload);
  switch (response.do) {
    case "refuse":
      return { ok: false, error: response.error, messages: response.messages };
    case "delete":
      workspace.remove(response.message);
      break;
    case "edit":
      workspace.edit(response.message, response.text, response.blocks);
      break;
    case "post":
      workspace.post(response.draft);
      break;
  }
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
