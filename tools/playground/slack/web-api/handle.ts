import { limitedRetryAfterSeconds } from "../../faults.ts";
import { recordExchange } from "../exchanges.ts";
import { takeFault } from "../faults.ts";
import { parseUntrusted, stringOf } from "../json.ts";
import { takeCall } from "../rate-limit.ts";
import type { Slack } from "../slack.ts";
import { chatMethods } from "./chat.ts";
import { type Answer, type Arguments, type Method, readCall, refuse } from "./method.ts";
import { viewMethods } from "./views.ts";
import { workspaceMethods } from "./workspace.ts";

const methods: Record<string, Method> = { ...workspaceMethods, ...chatMethods, ...viewMethods };

interface Answered {
  answer: Answer;
  status: number;
  headers: Record<string, string>;
}

const answered = (answer: Answer, status = 200, headers: Record<string, string> = {}): Answered => ({
  answer,
  status,
  headers,
});

const limited = (retryAfterSeconds: number): Answered =>
  answered(refuse("ratelimited"), 429, { "Retry-After": String(retryAfterSeconds) });

/** `POST /playground/slack/api/<name>`: a call of the Web API. Refusals are HTTP 200 with `ok: false`, like Slack's. */
export const handleWebApi = async (slack: Slack, name: string, request: Request): Promise<Response> => {
  const at = slack.now();
  const call = await readCall(request);
  const { answer, status, headers } = answerCall(slack, name, call, new URL(request.url).origin);
  recordExchange(slack, {
    at,
    direction: "from_bot",
    kind: name,
    payload: "error" in call ? null : readable(call.args),
    status,
    body: JSON.stringify(answer),
    ackMs: 0,
    error: answer.ok ? null : stringOf(answer["error"]),
    retry: 0,
  });
  return Response.json(answer, { status, headers });
};

const answerCall = (
  slack: Slack,
  name: string,
  call: Awaited<ReturnType<typeof readCall>>,
  origin: string,
): Answered => {
  if (takeFault(slack, "slack.down")) return answered(refuse("service_unavailable"), 503);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return answered(refuse("unknown_method", { req_method: name }));
  if ("error" in call) return answered(refuse(call.error));
  if (call.token === "" && name !== "api.test") return answered(refuse("not_authed"));
  if (call.token !== slack.botToken && name !== "api.test") return answered(refuse("invalid_auth"));
  if (takeFault(slack, "slack.limited")) return limited(limitedRetryAfterSeconds);
  const retryAfterSeconds = takeCall(slack, method.tier, `${name}:${method.countedBy?.(call.args) ?? ""}`);
  if (retryAfterSeconds !== null) return limited(retryAfterSeconds);
  const headers = { "X-OAuth-Scopes": "chat:write,commands,users:read,channels:read,im:write" };
  return answered(method.run(slack, call.args, origin), 200, headers);
};

/** The arguments for the record: what a form carries as JSON text is taken apart. */
const readable = (args: Arguments): Arguments =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === "string" && /^[[{]/.test(value) ? (parseUntrusted(value) ?? value) : value,
    ]),
  );
