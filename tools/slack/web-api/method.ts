import { describe, type PayloadProblem } from "../validate-blocks.ts";
import { isObject, type JsonObject, parseUntrusted } from "../json.ts";
import type { Tier } from "../budget.ts";
import type { Workspace } from "../workspace.ts";

export type Arguments = JsonObject;
export type Answer = JsonObject & { ok: boolean };

export interface Method {
  tier: Tier;
  /** What the calls are counted by, besides the method's name. */
  countedBy?: (args: Arguments) => string;
  /** @param origin scheme and host of the workspace, for links */
  run: (workspace: Workspace, args: Arguments, origin: string) => Answer;
}

export const refuse = (error: string, extra: JsonObject = {}): Answer => ({ ok: false, error, ...extra });

export const refuseArgument = (message: string): Answer =>
  refuse("invalid_arguments", { response_metadata: { messages: [`[ERROR] ${message}`] } });

/** Slack's answer to a payload outside its limits: the first problem's code, and every problem's place. */
export const refusePayload = (problems: PayloadProblem[]): Answer => {
  const messages = problems.map(describe);
  return refuse(problems[0]?.code ?? "invalid_arguments", {
    errors: messages.map((message) => message.replace("[ERROR] ", "")),
    response_metadata: { messages },
  });
};

export const argument = (args: Arguments, name: string): string => {
  const value = args[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

export const flagArgument = (args: Arguments, name: string): boolean =>
  args[name] === true || args[name] === "true" || args[name] === "1";

/** An argument that is JSON in itself: as it is in a JSON body, as text in a form; undefined when it is no JSON. */
export const jsonArgument = (args: Arguments, name: string): unknown => {
  const value = args[name];
  return typeof value === "string" ? parseUntrusted(value) : value;
};

export type Call = { token: string; args: Arguments } | { error: string };

/** The arguments and the token of a call: form or JSON, the token in the header or, in a form, beside the arguments. */
export const readCall = async (request: Request): Promise<Call> => {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method === "GET") return { token: bearer || argument(query, "token"), args: query };
  const contentType = request.headers.get("content-type") ?? "";
  // Not text(): workerd warns of it for forms.
  const body = new TextDecoder().decode(await request.arrayBuffer());
  if (contentType.startsWith("application/json")) {
    const args = body === "" ? {} : parseUntrusted(body);
    return isObject(args) ? { token: bearer, args } : { error: "invalid_json" };
  }
  if (contentType !== "" && !contentType.startsWith("application/x-www-form-urlencoded"))
    return { error: "invalid_post_type" };
  const args: Arguments = Object.fromEntries(new URLSearchParams(body));
  return { token: bearer || argument(args, "token"), args };
};
