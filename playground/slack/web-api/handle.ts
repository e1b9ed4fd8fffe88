import { takeCall } from "../rate-limit.ts";
import type { Slack } from "../slack.ts";
import { chatMethods } from "./chat.ts";
import { type Answer, type Method, readCall, refuse } from "./method.ts";
import { viewMethods } from "./views.ts";
import { workspaceMethods } from "./workspace.ts";

const methods: Record<string, Method> = { ...workspaceMethods, ...chatMethods, ...viewMethods };

const answerWith = (answer: Answer, init: ResponseInit = {}): Response => Response.json(answer, init);

/** `POST /playground/slack/api/<name>`: a call of the Slack Web API. Refusals are HTTP 200 with `ok: false`, as Slack's are. */
export const handleWebApi = async (slack: Slack, name: string, request: Request): Promise<Response> => {
  const call = await readCall(request);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return answerWith(refuse("unknown_method", { req_method: name }));
  if ("error" in call) return answerWith(refuse(call.error));
  if (call.token === "" && name !== "api.test") return answerWith(refuse("not_authed"));
  if (call.token !== slack.botToken && name !== "api.test") return answerWith(refuse("invalid_auth"));
  const retryAfterSeconds = takeCall(slack, method.tier, `${name}:${method.countedBy?.(call.args) ?? ""}`);
  if (retryAfterSeconds !== null) {
    return answerWith(refuse("ratelimited"), { status: 429, headers: { "Retry-After": String(retryAfterSeconds) } });
  }
  const headers = { "X-OAuth-Scopes": "chat:write,commands,users:read,channels:read,im:write" };
  return answerWith(method.run(slack, call.args, new URL(request.url).origin), { headers });
};
