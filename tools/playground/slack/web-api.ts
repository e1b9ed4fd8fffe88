/** The local Slack's Web API: the shared rules, with the faults that the page turns on and a record of every call. */
import { answerCall, answered, type Answered, type Caller } from "../../slack/web-api/answer.ts";
import { type Answer, type Arguments, type Call, readCall, refuse } from "../../slack/web-api/method.ts";
import { parseUntrusted, stringOf } from "../../slack/json.ts";
import { limitedRetryAfterSeconds } from "../faults.ts";
import { recordExchange } from "./exchanges.ts";
import { takeFault } from "./faults.ts";
import { takeCall } from "./rate-limit.ts";
import type { Slack } from "./slack.ts";
import { workspaceIn } from "./stored-workspace.ts";

/**
 * `POST /playground/slack/api/<name>`: a call of the Web API. Refusals are HTTP 200 with `ok: false`, like Slack's.
 * @param withoutToken answers a method that needs no token
 */
export const handleWebApi = async (
  slack: Slack,
  name: string,
  request: Request,
  withoutToken: ((args: Arguments) => Promise<Answer> | Answer) | null = null,
): Promise<Response> => {
  const at = slack.now();
  const call = await readCall(request);
  const isOpen = withoutToken !== null && !("error" in call) && !takeFault(slack, "slack.down");
  const { answer, status, headers } = isOpen
    ? answered(await withoutToken(call.args))
    : answerWithFaults(slack, name, call, new URL(request.url).origin);
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
  return Response.json(answer, { status, headers: { ...headers, Date: new Date(at).toUTCString() } });
};

const answerWithFaults = (slack: Slack, name: string, call: Call, origin: string): Answered => {
  if (takeFault(slack, "slack.down")) return answered(refuse("service_unavailable"), 503);
  const app: Caller = {
    workspace: workspaceIn(slack),
    takeCall: (tier, limit) =>
      takeFault(slack, "slack.limited") ? limitedRetryAfterSeconds : takeCall(slack, tier, limit),
  };
  return answerCall(name, call, (token) => slack.oauth.refusalOf(token) ?? app, origin);
};

/** The arguments for the record: what a form carries as JSON text is taken apart. */
const readable = (args: Arguments): Arguments =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === "string" && /^[[{]/.test(value) ? (parseUntrusted(value) ?? value) : value,
    ]),
  );
