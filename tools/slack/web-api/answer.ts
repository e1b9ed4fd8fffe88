/** A call of the Web API: who makes it, whether it comes too fast, and what it is answered. */
import type { Tier } from "../budget.ts";
import { stringOf } from "../json.ts";
import type { Workspace } from "../workspace.ts";
import { chatMethods } from "./chat.ts";
import { type Answer, type Call, type Method, refuse } from "./method.ts";
import { viewMethods } from "./views.ts";
import { workspaceMethods } from "./workspace.ts";

export const methods: Readonly<Record<string, Method>> = { ...workspaceMethods, ...chatMethods, ...viewMethods };

/** To whom a token belongs. */
export interface Caller {
  workspace: Workspace;
  /**
   * Takes one call from the limit that has this name.
   * @returns null, or the seconds for `Retry-After`
   */
  takeCall: (tier: Tier, limit: string) => number | null;
}

export interface Answered {
  answer: Answer;
  /** Of HTTP: 200 also for a refusal, 429 for a call that comes too fast. */
  status: number;
  headers: Record<string, string>;
}

export const answered = (answer: Answer, status = 200, headers: Record<string, string> = {}): Answered => ({
  answer,
  status,
  headers,
});

const limited = (retryAfterSeconds: number): Answered =>
  answered(refuse("ratelimited"), 429, { "Retry-After": String(retryAfterSeconds) });

/**
 * @param callerOf null for a token that belongs to nobody, Slack's word for one that is good no longer
 * @param origin scheme and host of the workspace, for links
 */
export const answerCall = (
  name: string,
  call: Call,
  callerOf: (token: string) => Caller | string | null,
  origin: string,
): Answered => {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return answered(refuse("unknown_method", { req_method: name }));
  if ("error" in call) return answered(refuse(call.error));
  if (call.token === "") return answered(refuse("not_authed"));
  const caller = callerOf(call.token);
  if (!caller) return answered(refuse("invalid_auth"));
  if (typeof caller === "string") return answered(refuse(caller));
  const retryAfterSeconds = caller.takeCall(method.tier, `${name}:${stringOf(method.countedBy?.(call.args))}`);
  if (retryAfterSeconds !== null) return limited(retryAfterSeconds);
  const headers = { "X-OAuth-Scopes": "chat:write,commands,users:read,users:read.email,app_mentions:read" };
  return answered(method.run(caller.workspace, call.args, origin), 200, headers);
};
